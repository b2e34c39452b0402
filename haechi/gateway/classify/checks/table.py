"""Every check by the name under which the catalogue calls it."""

from typing import Final

from haechi.gateway.classify.checks import markings, numbers, secrets
from haechi.gateway.classify.checks.verdict import Check

CHECKS: Final[dict[str, Check]] = {
    check.__name__: check
    for check in (
        numbers.rrn,
        numbers.rrn_bare,
        numbers.brn,
        numbers.brn_sole_trader,
        numbers.card,
        numbers.personal_mailbox,
        numbers.account,
        secrets.issued,
        secrets.web_token,
        secrets.login,
        secrets.assigned,
        secrets.told,
        secrets.key_told,
        secrets.pin,
        secrets.paired,
        secrets.commanded,
        secrets.basic_auth,
        markings.marks,
        markings.grade,
        markings.stated,
        markings.stated_en,
        markings.licence_header,
    )
}
