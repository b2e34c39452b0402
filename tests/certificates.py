"""A certificate authority made for one test run: no key of any kind lies in the repository."""

from pathlib import Path

import trustme


class Authority:
    """Certificates for `names` on one key, as the PEM files that servers and clients read."""

    def __init__(self, folder: Path, *names: str) -> None:
        authority = trustme.CA()
        issued = authority.issue_cert(*names)
        self.authority, self.cert, self.key = (
            folder / "authority.pem",
            folder / "cert.pem",
            folder / "key.pem",
        )
        authority.cert_pem.write_to_path(self.authority)
        issued.private_key_pem.write_to_path(self.key)
        for number, pem in enumerate(issued.cert_chain_pems):
            pem.write_to_path(self.cert, append=number > 0)
