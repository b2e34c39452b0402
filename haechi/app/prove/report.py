"""The report: what was tried, what was seen, what it was tried on, and a signature over all of it.

It is canonical JSON (RFC 8785): keys in order, no white space, UTF-8. It holds no number but integers, so that
nobody's arithmetic can change it; times are milliseconds. What is signed is the report without its `signature`.
"""

import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import structs

from haechi.adapters.stores.signing import InstallationKey, fingerprint, is_signed
from haechi.app.prove.course import Useful, untried
from haechi.app.prove.ground import Area, Ground
from haechi.app.prove.instance import PACKAGE_HOME
from haechi.app.prove.places import SURFACES, places_of
from haechi.app.settings.secrets import without_secrets
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text
from haechi.gateway.decide.policy import Policy

Report = dict[str, Any]
FORMAT: Final = "haechi-proof-1"
PACKAGES: Final = ("uvicorn", "uvloop", "httptools", "msgspec", "orjson", "google-re2", "cryptography")


def report(ground: Ground, useful: Useful, parts: list[str], milliseconds: int) -> Report:
    """Everything that is known at the end, not yet signed."""
    tally, policy = ground.tally, ground.twin.live_policy
    leaked = [leak.kind for leak in tally.leaks]
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "milliseconds": milliseconds,
        "conclusive": useful.conclusive and not untried() and not tally.doubts,
        "doubts": tally.doubts,
        "whole": not parts and not tally.skipped,
        "parts": parts,
        "leaks": len(tally.leaks),
        "found": [structs.asdict(leak) for leak in tally.leaks],
        "tried": sum(tally.tried.values()),
        "by_kind": {
            kind: {"tried": tally.tried[kind], "leaks": leaked.count(kind)}
            for kind in sorted({*tally.tried, *leaked})
        },
        "areas": _table(tally.areas),
        "faults": _table(tally.faults),
        "skipped": tally.skipped,
        "surfaces": {path: len(places_of(surface)) for path, surface in SURFACES.items()},
        "untried": sorted(untried()),
        "useful": {
            name: {"cleared": useful.cleared[name], "arrived": arrived}
            for name, arrived in useful.arrived.items()
        },
        "destinations": {
            name: {
                "zone": place.zone,
                "wire": place.wire,
                "heard_bytes": sum(map(len, ground.stand_ins[name].heard)),
                "raw_up_to": policy.clearances[name].raw.word,
            }
            for name, place in policy.destinations.items()
        },
        "profile": ground.twin.live.profile,
        "deploy": ground.twin.settings.deployment.mode,
        "left_behind": list(ground.twin.left),
        "policy_version": policy.version,
        "hashes": _hashes(ground, policy),
        "versions": {
            "haechi": _version("haechi"),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            **{name: _version(name) for name in PACKAGES},
        },
    }


def signed(made: Report, key: InstallationKey) -> Report:
    """The report with the installation's signature."""
    bare = {name: value for name, value in made.items() if name != "signature"}
    return bare | {
        "signature": {
            "algorithm": "Ed25519",
            "public_key": key.public_bytes.hex(),
            "fingerprint": fingerprint(key.public_bytes),
            "value": key.sign(canonical(bare)).hex(),
        }
    }


def read(file: Path) -> Report:
    """A report from a file. Raises `ConfigurationError`."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        found = {}
    if found.get("format") != FORMAT or not isinstance(found.get("signature"), dict):
        raise ConfigurationError(
            Text(
                ko=f"{with_particle(file, '은/는')} `haechi prove` 의 보고서(JSON)가 아닙니다.",
                en=f"{file} is no report (JSON) of `haechi prove`.",
            ),
            str(file),
        )
    return found


def holds(made: Report, public: bytes) -> bool:
    """Whether the owner of `public` signed exactly this report."""
    bare = {name: value for name, value in made.items() if name != "signature"}
    try:
        value = bytes.fromhex(str(made["signature"].get("value")))
        return is_signed(public, value, canonical(bare))
    except (ValueError, TypeError):
        return False


def canonical(made: Report) -> bytes:
    """The bytes that are signed. Raises `TypeError` for a number that is no integer."""
    _only_integers(made)
    return msgspec.json.encode(made, order="deterministic")


def _only_integers(node: Any) -> None:
    if isinstance(node, float):
        raise TypeError("a report holds integers only")
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _only_integers(inner)


def _table(areas: dict[str, Area]) -> dict[str, dict[str, int]]:
    return {name: structs.asdict(area) for name, area in areas.items()}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "not installed"


def _hashes(ground: Ground, policy: Policy) -> dict[str, str]:
    """SHA-256 of what the result hangs on: code, lock files where there are some, configuration, policy."""
    settings = msgspec.json.encode(without_secrets(ground.twin.live), order="deterministic")
    return {
        "code": _tree(_code()),
        "configuration": sha256(settings).hexdigest(),
        "policy": _compiled(policy),
        "policy of the second instance": _compiled(ground.twin.policy),
        **{
            f"lock {file.name}": sha256(file.read_bytes()).hexdigest()
            for file in sorted((PACKAGE_HOME / "requirements").glob("*.lock"))
        },
    }


def _compiled(policy: Policy) -> str:
    """What decides, after the configuration, the catalogue and the law have been put together."""
    decisive = [policy.clearances, policy.rules, policy.names, policy.obligations, policy.site, policy.today]
    return sha256(msgspec.json.encode(decisive, order="deterministic")).hexdigest()


def _code() -> Iterator[tuple[str, bytes]]:
    """Every file of the installed package, with its path in it."""
    package = PACKAGE_HOME / "haechi"
    for file in sorted(package.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(package).as_posix(), file.read_bytes()


def _tree(files: Iterator[tuple[str, bytes]]) -> str:
    """One digest of many files: that of the lines `digest  path`, as `sha256sum` prints them."""
    lines = (f"{sha256(content).hexdigest()}  {path}\n" for path, content in files)
    return sha256("".join(lines).encode()).hexdigest()
