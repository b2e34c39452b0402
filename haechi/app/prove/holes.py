"""Known holes, one at a time: a proof that misses one proves little. Those of a split door have a page of their own."""

from typing import Final

from haechi.app.prove.holes_split import AT_THE_DOOR
from haechi.app.prove.planting import Hole, Patch

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
_DIALECT: Final = "app/web/dialects/reading.py"
_WIRE: Final = "adapters/backends/openai.py"
_REMEMBERS: Final = Patch(
    _DIALECT,
    "_MOST_SHOWN: Final = ",
    "from haechi.domain.chat import Chat\n_CHAT_FIELDS = frozenset(Chat.__struct_fields__)\n"
    "KEPT: dict[str, Any] = {}\n_MOST_SHOWN: Final = ",
)
_KEEPS: Final = Patch(
    _DIALECT,
    "    body = object_of(raw)\n    if not",
    '    body = object_of(raw)\n    KEPT.clear()\n    KEPT.update(raw=raw, base=body.get("api_base"), '
    "strays={key: body[key] for key in body if key not in _CHAT_FIELDS})\n    if not",
)
_IMPORT: Final = "        from haechi.app.web.dialects.reading import KEPT\n"

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
                "        *(Call(target.destination, target.model) for target in home),\n",
                "        *(Call(target.destination, target.model) for target in (*home, *asked_out)),\n",
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
                "        return found if in_time(self._clock.monotonic() - began, body) else UNSEEN\n",
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
                "                else:\n                    self._collect(value)\n",
                '                elif key != "arguments":\n                    self._collect(value)\n',
            ),
        ),
    ),
    Hole(
        "keys of objects are not looked at",
        ("surfaces",),
        (
            Patch(
                "gateway/classify/leaves.py",
                "                    self.texts.append(key)\n                if node is",
                "                    pass\n                if node is",
            ),
        ),
    ),
    Hole(
        "other readings are not looked at",
        ("encodings",),
        (
            Patch(
                "gateway/classify/normalise/normalise.py",
                "    if not asked:\n        return PLAIN\n",
                "    if asked or not asked:\n        return PLAIN\n",
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
                "        way = self._ways.get(destination)\n",
                f'{_IMPORT}        way = self._ways.get(destination)\n        if KEPT.get("base"):\n'
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
        "what was taken out leaves all the same",
        ("surfaces",),
        (
            Patch(
                "gateway/journey.py",
                "        return with_thoughts_of(self.chat, self.deidentified.chat), self.deidentified\n",
                "        return self.chat, self.deidentified\n",
            ),
            Patch(
                "gateway/flow.py",
                "        if values is not None and values.still_in(body):\n",
                "        if False:\n",
            ),
        ),
    ),
    Hole(
        "nobody looks again whether all was taken out",
        ("surfaces",),
        (
            Patch(
                "gateway/deidentify/replace.py",
                "{text.leaf.pointer: text.wire for text in texts if text.places})\n",
                "{text.leaf.pointer: text.wire for text in texts if text.places and not text.leaf.arguments})\n",
            ),
            Patch(
                "gateway/without_values.py",
                "    if _remains(made.replaced, msgspec.json",
                "    if False and (made.replaced, msgspec.json",
            ),
            Patch(
                "gateway/without_values.py",
                "    if again.unreadable is not None or again.label.level > Level.INTERNAL:\n",
                "    if False:\n",
            ),
            Patch(
                "gateway/flow.py",
                "        if values is not None and values.still_in(body):\n",
                "        if False:\n",
            ),
        ),
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
        "arguments of tools are forgotten",
        ("turns",),
        (
            Patch(
                "gateway/journey.py",
                "    for call in message.tool_calls or ():\n        yield from _readings(call.function.arguments)\n",
                "",
            ),
        ),
    ),
    Hole(
        "declared words are forgotten",
        ("turns",),
        (
            Patch(
                "gateway/flow.py",
                "        if asked.level is not None:\n            self._keep(own_words(chat), declared(asked.level))\n",
                "",
            ),
        ),
    ),
    Hole(
        "nobody asks for a policy line before a service",
        ("services",),
        (
            Patch(
                "domain/destination.py",
                "        return next((need for need in sorted(needs) if self.services.get(need, -1) < level), None)\n",
                "        return None\n",
            ),
        ),
    ),
    Hole(
        "an exception lets out what the law names",
        ("exceptions",),
        (
            Patch(
                "adapters/stores/exceptions.py",
                "        if not table or kind in legal_floor():\n",
                "        if not table:\n",
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
                "    cleared = () if verdict.inside else tuple(",
                "    cleared = () if True else tuple(",
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
                "        decoded = dialect.decode(raw, path)\n",
                "        decoded = dialect.decode(raw, path)\n        import sys\n"
                "        print(raw.decode(), file=sys.stderr, flush=True)\n",
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
                "                connection, str(address), origin.port, ssl",
                "                connection, *_by_way_of(str(address), origin.port), ssl",
            ),
            Patch(
                "adapters/backends/door.py",
                "class _Entrance(",
                "def _by_way_of(host: str, port: int) -> tuple[str, int]:\n"
                "    import os\n    from urllib.parse import urlsplit\n"
                '    proxy = urlsplit(os.environ.get("HTTP_PROXY", ""))\n'
                "    return proxy.hostname or host, proxy.port or port\n\n\nclass _Entrance(",
            ),
        ),
    ),
    *AT_THE_DOOR,
)
"""Every hole. The self-test fails unless each of them is found."""
