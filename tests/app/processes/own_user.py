"""Guards of a user of its own: `python -m tests.app.processes.own_user USER`.

In a network of its own, with an address and a way out, routing prohibits that user's packets to anything but
loopback. Prints, as JSON, whether a firewall is found for that user with that rule and without it, and whether a
namespace that the user made without an administrator holds.
"""

import json
import subprocess
import sys
from pathlib import Path

from haechi.app.processes import guards, kernel, namespace
from haechi.app.processes.guards import Guards
from haechi.app.processes.people import _user
from tests.journey.apart import open_the_way

HOST = "10.77.0.1"


def ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True)


def firewall(name: str) -> bool:
    """Whether a firewall is found to keep `name` inside."""
    (held,) = guards._stop_all([Guards(firewall=True, user=_user(name, "gate_user"))])
    return held


def by_user(name: str) -> bool:
    """Whether a namespace is a guard that `name` made as a user like any other."""
    user = _user(name, "gate_user")
    space = namespace._created(("users", *user.words))
    return space is not None and guards._stop_all([Guards(namespace=space, user=user)]) == [True]


def main(name: str) -> None:
    kernel.unshare(kernel.NEW_NETWORK)
    open_the_way(Path(sys.base_prefix))
    ip("link set lo up")
    ip(f"address add {HOST}/32 dev lo")
    ip(f"route add default dev lo src {HOST}")
    without = firewall(name)
    uid = _user(name, "gate_user").uid
    ip("rule add pref 1 table local")
    ip("rule del pref 0 table local")
    ip(f"rule add pref 0 uidrange {uid}-{uid} to {HOST} prohibit")
    print(json.dumps({"without": without, "with": firewall(name), "namespace": by_user(name)}))


if __name__ == "__main__":
    main(sys.argv[1])
