"""Known holes, one at a time, as exact replacements in a copy of the package: a proof that misses one proves little.

Nothing here is ever planted in the package that runs. Where the code has moved on, a hole that no longer fits fails
loudly; then it is to be written anew for the new code.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text


class Patch(Struct, frozen=True):
    """In `file` of the package `old`, which stands there once, becomes `new`."""

    file: str
    old: str
    new: str


class Hole(Struct, frozen=True):
    """A way to leak, and the parts of a proof that are enough to find it."""

    name: str
    parts: tuple[str, ...]
    patches: tuple[Patch, ...]


_DOOR: Final = Patch(
    "adapters/backends/door.py",
    "    if type(release) is not Releasable:\n        raise NotCleared(destination, UNREADABLE)\n",
    "    return\n",
)
_RELEASE: Final = Patch(
    "domain/releasable.py",
    "    if destination.outside:\n        limit",
    "    if False:\n        limit",
)
_DIALECT: Final = "app/web/dialects/openai.py"
_WIRE: Final = "adapters/backends/openai.py"
_REMEMBERS: Final = Patch(
    _DIALECT,
    '_PART_FIELDS: Final = frozenset({"type", ',
    'KEPT: dict[str, Any] = {}\n_PART_FIELDS: Final = frozenset({"type", ',
)
_KEEPS: Final = Patch(
    _DIALECT,
    "    body = _object(raw)\n    if not",
    '    body = _object(raw)\n    KEPT.clear()\n    KEPT.update(raw=raw, base=body.get("api_base"), '
    "strays={key: body[key] for key in body if key not in _CHAT_FIELDS})\n    if not",
)
_IMPORT: Final = "        from haechi.app.web.dialects.openai import KEPT\n"

HOLES: Final = (
    Hole("the door looks at nothing", ("guards",), (_DOOR,)),
    Hole("release lets anything pass", ("guards",), (_RELEASE,)),
    Hole(
        "unique identifiers may leave",
        ("guards",),
        (
            Patch(
                "domain/destination.py",
                'NEVER_OUTSIDE: Final = frozenset({"kr.rrn", "kr.frn", "kr.passport", "kr.driver_license"})',
                "NEVER_OUTSIDE: Final[frozenset[str]] = frozenset()",
            ),
        ),
    ),
    Hole(
        "a failure at home is a trip to the cloud",
        ("faults",),
        (
            Patch(
                "gateway/decide/decide.py",
                "    calls = (*out, *map(_call, asked_home or (() if out else policy.home)))\n",
                "    calls = (*out, *map(_call, asked_home or (() if out else policy.home)), *map(_call, asked_out))\n",
            ),
            _RELEASE,
            _DOOR,
        ),
    ),
    Hole(
        "a detector that fails has found nothing",
        ("broken",),
        (
            Patch(
                "gateway/classify/classify.py",
                "nobody has looked at this text: promise 2\n        return UNSEEN",
                "nobody has looked at this text: promise 2\n        return _NOTHING",
            ),
        ),
    ),
    Hole(
        "a detector may take its time",
        ("broken",),
        (
            Patch(
                "gateway/flow.py",
                "        return found if self._clock.monotonic() - began <= DETECTOR_BUDGET else UNSEEN\n",
                "        return found\n",
            ),
        ),
    ),
    Hole(
        "arguments of tools are not looked at",
        ("encodings",),
        (
            Patch(
                "gateway/classify/leaves.py",
                "                    self.texts.append(key)\n                self._collect(value)\n",
                '                    self.texts.append(key)\n                if key != "arguments":\n'
                "                    self._collect(value)\n",
            ),
        ),
    ),
    Hole(
        "keys of objects are not looked at",
        ("surfaces",),
        (
            Patch(
                "gateway/classify/leaves.py",
                "                    self.texts.append(key)\n                self._collect(value)\n",
                "                    pass\n                self._collect(value)\n",
            ),
        ),
    ),
    Hole(
        "other readings are not looked at",
        ("encodings",),
        (
            Patch(
                "gateway/classify/leaves.py",
                "            for view in views(text)\n",
                "            for view in ()\n",
            ),
        ),
    ),
    Hole(
        "the raw body is forwarded",
        ("surfaces",),
        (
            _REMEMBERS,
            _KEEPS,
            Patch(
                _WIRE,
                "        encoded = msgspec.json.encode(body)\n",
                f'{_IMPORT}        encoded = KEPT["raw"]\n',
            ),
        ),
    ),
    Hole(
        "unknown fields are forwarded",
        ("surfaces",),
        (
            _REMEMBERS,
            _KEEPS,
            Patch(
                _WIRE,
                "        encoded = msgspec.json.encode(body)\n",
                f'{_IMPORT}        encoded = msgspec.json.encode(KEPT["strays"] | msgspec.to_builtins(body))\n',
            ),
        ),
    ),
    Hole(
        "a caller's api_base is obeyed",
        ("widening",),
        (
            Patch(_DIALECT, '        "api_base",\n', ""),
            _REMEMBERS,
            _KEEPS,
            Patch(
                "adapters/backends/door.py",
                "        way = self._ways[destination]\n",
                f'{_IMPORT}        way = self._ways[destination]\n        if KEPT.get("base"):\n'
                '            there = Upstream(destination, "onprem", "openai", KEPT["base"])\n'
                "            way = _Way(there, DEFAULT_LIMITS, system_resolve)\n",
            ),
        ),
    ),
    Hole(
        "a caller's wish for home is ignored",
        ("widening",),
        (Patch("gateway/decide/decide.py", "    if narrowing.home_only:\n", "    if False:\n"),),
    ),
    Hole(
        "the label store is not asked",
        ("turns",),
        (
            Patch(
                "gateway/flow.py",
                "        remembered = self._labels.known(spoken(chat))\n",
                "        remembered = Label(Level.PUBLIC)\n",
            ),
        ),
    ),
    Hole(
        "no contract is as good as one",
        ("everyday",),
        (
            Patch(
                "gateway/decide/clearance.py",
                "        return Clearance(Level.PUBLIC, Level.PUBLIC, missing, missing)\n    if contract.valid_until",
                "        return Clearance(Level.INTERNAL, Level.PUBLIC, missing, missing)\n    if contract.valid_until",
            ),
        ),
    ),
    Hole(
        "nothing goes out at all",
        ("everyday",),
        (
            Patch(
                "gateway/decide/decide.py",
                "    out = () if verdict.inside else tuple(",
                "    out = () if True else tuple(",
            ),
        ),
    ),
    Hole(
        "without a ledger it is sent all the same",
        ("broken",),
        (
            Patch(
                "gateway/flow.py",
                "            return await self._ledger.open(intent)\n",
                "            with suppress(LedgerUnavailable):\n                await self._ledger.open(intent)\n"
                "            return Receipt(intent.record)\n",
            ),
        ),
    ),
    Hole(
        "what was asked stands in the log",
        ("written",),
        (
            Patch(
                "app/web/app.py",
                "        decoded = openai.decode(raw)\n",
                "        decoded = openai.decode(raw)\n        print(raw.decode(), file=sys.stderr, flush=True)\n",
            ),
        ),
    ),
    Hole(
        "what was asked stands in a metric",
        ("written",),
        (
            Patch(
                "adapters/telemetry/prometheus.py",
                "            label if label in allowed else OTHER for",
                "            label for",
            ),
            Patch(
                "gateway/flow.py",
                "        self._meter.attempted(destination=leg.destination.name, outcome=outcome)\n",
                "        self._meter.attempted(destination=journey.chat.messages[-1].text, outcome=outcome)\n",
            ),
        ),
    ),
    Hole(
        "an error quotes its caller",
        ("surfaces",),
        (
            Patch(
                "gateway/decide/targets.py",
                'en="There is no such model. Choose',
                'en=f"There is no model {name}. Choose',
            ),
        ),
    ),
    Hole(
        "the environment's proxy is obeyed",
        ("everyday",),
        (
            Patch(
                "app/processes/order.py", '"SSL_CERT_DIR", "USER"}', '"SSL_CERT_DIR", "USER", "HTTP_PROXY"}'
            ),
            Patch(
                "adapters/backends/door.py",
                "        _, protocol = await asyncio.get_running_loop().create_connection(\n            connection,\n"
                "            str(address),\n            origin.port,\n",
                "        import os\n        from urllib.parse import urlsplit\n"
                '        proxy = urlsplit(os.environ.get("HTTP_PROXY", ""))\n'
                "        _, protocol = await asyncio.get_running_loop().create_connection(\n            connection,\n"
                "            proxy.hostname or str(address),\n            proxy.port or origin.port,\n",
            ),
        ),
    ),
)
"""Every hole. The self-test fails unless each of them is found."""


def plant(hole: Hole, package: Path) -> None:
    """Make the hole in a copy of the package. Raises `ConfigurationError` where it no longer fits."""
    for patch in hole.patches:
        file = package / patch.file
        text = file.read_text(encoding="utf-8")
        if text.count(patch.old) != 1:
            raise ConfigurationError(
                Text(
                    ko=f"구멍 «{hole.name}» 이(가) {patch.file} 에 더는 맞지 않습니다. holes.py 를 고치세요.",
                    en=f"The hole «{hole.name}» no longer fits {patch.file}. The code has moved: mend holes.py.",
                ),
                patch.file,
            )
        file.write_text(text.replace(patch.old, patch.new), encoding="utf-8")
