"""Two runs that differ in a secret look alike from outside: the clouds receive the same bytes, or none.

This catches what a search for the secret cannot: its length, its count, its order, a digest of it.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.stores.memory import MemoryLabels, MemoryLedger
from haechi.adapters.telemetry.nothing import NoMeter
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web import errors
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import SystemClock, SystemNames, detectors, no_prices
from haechi.domain.errors import HaechiError
from haechi.gateway.admit.narrowing import NOTHING_ASKED
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.flow import Road
from tests.canaries import resident_number, traces

CLOUDS: Final = ("one", "two")
KOREAN: Final = (
    "{preset: openai-api-standard, dpa_id: D-1, transfer_basis: policy_notice, attested_by: kim, "
    "valid_until: 2099-12-31, facts: {verified_on: 2026-11-01, country_rest: KR, country_inference: KR, country_logs: KR, "
    "zero_retention: true, private_network: true}}"
)
"""A contract that clears raw confidential text: the widest door there is."""
PLACES: Final = f"""
destinations:
  home: {{provider: fake, zone: onprem, models: [home-model]}}
  one:  {{provider: fake, zone: cloud, models: [one-model], contract: {KOREAN}}}
  two:  {{provider: fake, zone: cloud, models: [two-model], contract: anthropic-commercial}}
"""
_POLICY: Final = policy(parse(PLACES, "t", {}), None, date(2026, 11, 22))
_SCAN: Final = detectors().scan


class Seen(NamedTuple):
    """What one run showed to the world outside."""

    bytes: dict[str, list[bytes]]
    error: str


def run(body: Any, home: str, cloud: str) -> Seen:
    """One request over a fresh road; `home` and `cloud` name what is wrong with them."""
    troubles = {"home": home, "one": cloud}
    backends = {
        name: FakeBackend(name, outside=name != "home", faults=_trouble(troubles.get(name, "")))
        for name in ("home", *CLOUDS)
    }
    road = Road(
        policy=lambda: _POLICY,
        eyes=Eyes(_SCAN),
        backends=dict(backends),
        ledger=MemoryLedger(),
        clock=SystemClock(),
        names=SystemNames(),
        meter=NoMeter(),
        price=no_prices,
        status=errors.status,
        labels=MemoryLabels(),
    )

    async def walk() -> str:
        try:
            decoded = decode(orjson.dumps(body))
            journey = road.judge(
                road.classify(decoded.body), decoded.body, decoded.chat, NOTHING_ASKED, "tester"
            )
            if decoded.chat.stream:
                _ = [chunk async for chunk in road.stream(journey)]
            else:
                await road.answer(journey)
        except HaechiError as error:
            return f"{type(error).__name__}: {error.text.en}"
        return ""

    error = asyncio.run(walk())
    return Seen({name: backends[name].received for name in CLOUDS}, error)


def _trouble(fault: str) -> Faults | None:
    return Faults(Fault.of(fault)) if fault else None


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


_RRN: Final = st.integers(0, 99_999_999).map(resident_number)
_TAIL: Final = st.text("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789", min_size=36, max_size=36)

SECRETS: Final[dict[str, st.SearchStrategy[str]]] = {
    "resident number": _RRN,
    "resident number, bare": _RRN.map(lambda rrn: "주민번호 " + rrn.replace("-", "")),
    "foreigner": _RRN.map(lambda rrn: rrn[:7] + "5" + rrn[8:]),
    "passport": digits(8).map(lambda tail: "여권번호 M" + tail),
    "licence": digits(6).map(lambda middle: f"면허 11-12-{middle}-90"),
    "mobile": digits(8).map(lambda tail: f"010-{tail[:4]}-{tail[4:]}"),
    "mail": _TAIL.map(lambda tail: f"k{tail[:6].lower()}@corp.co.kr"),
    "account": digits(6).map(lambda tail: f"국민은행 123456-12-{tail}"),
    "key": _TAIL.filter(lambda tail: len(set(tail)) > 7).map(lambda tail: f"ghp_{tail}"),  # else a sample
}
"""Pairs of one strategy are of one kind and length class."""

_AROUND: Final = st.sampled_from(["", "고객 ", "확인 바랍니다: ", "(", "«", "\n", "\t", "…의 ", "🙂", "#"])
_AFTER: Final = st.sampled_from(["", "입니다", " 의 대출 심사", ")", "\n다음 줄", ", 그리고", "»", "🙂"])


def user(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def calling(arguments: str) -> dict[str, Any]:
    call = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": arguments}}
    return {
        "messages": [
            {"role": "user", "content": "찾아줘"},
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "없음"},
        ]
    }


def tool(spec: dict[str, Any]) -> dict[str, Any]:
    return user("안녕") | {"tools": [{"type": "function", "function": {"name": "f", **spec}}]}


SHAPES: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "user": user,
    "system": lambda s: {"messages": [{"role": "system", "content": s}, {"role": "user", "content": "안녕"}]},
    "part": lambda s: {"messages": [{"role": "user", "content": [{"type": "text", "text": s}]}]},
    "history": lambda s: {
        "messages": [
            {"role": "user", "content": s},
            {"role": "assistant", "content": "네."},
            {"role": "user", "content": "이어서 써줘"},
        ]
    },
    "arguments": calling,
    "arguments as JSON": lambda s: calling(orjson.dumps({"memo": s}).decode()),
    "arguments, escaped": lambda s: (
        calling('{"memo":"' + "".join(f"\\u{ord(c):04x}" for c in s) + '"}')
        if s.isascii()
        else calling(orjson.dumps({"memo": s}).decode())
    ),
    "description": lambda s: tool({"description": s}),
    "schema": lambda s: tool({"parameters": {"type": "object", "properties": {s: {"type": "string"}}}}),
    "stop": lambda s: user("안녕") | {"stop": [s]},
    "user field": lambda s: user("안녕") | {"user": s},
    "unknown field": lambda s: user("안녕") | {"metadata": {"note": s}},
    "format": lambda s: (
        user("안녕")
        | {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"const": s}}}}
    ),
}


@pytest.mark.parametrize("kind", SECRETS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(choice=st.data())
def test_the_clouds_cannot_tell_two_secrets_apart(kind: str, choice: st.DataObject) -> None:
    first, second = (choice.draw(SECRETS[kind]) for _ in range(2))
    before, after = choice.draw(_AROUND), choice.draw(_AFTER)
    shape = SHAPES[choice.draw(st.sampled_from(sorted(SHAPES)))]
    more = {
        "model": choice.draw(st.sampled_from(["auto", "one/one-model", "two/two-model", "home/home-model"])),
        "stream": choice.draw(st.booleans()),
    }
    home = choice.draw(st.sampled_from(["", "status:500", "reset", "garbage"]))
    cloud = choice.draw(st.sampled_from(["", "status:429", "reset"]))
    runs = [run(shape(before + secret + after) | more, home, cloud) for secret in (first, second)]
    assert runs[0].bytes == runs[1].bytes
    assert runs[0].error == runs[1].error
    for secret, seen in zip((first, second), runs, strict=True):
        value = secret.rpartition(" ")[2]
        assert not traces(value, b"\n".join(map(b"".join, seen.bytes.values())))
        assert value not in seen.error


@pytest.mark.parametrize("cloud", ["", "status:429", "reset"])
def test_the_runs_do_reach_the_clouds_where_they_may(cloud: str) -> None:
    seen = run(user("오늘 날씨를 영어로 번역해줘") | {"model": "auto"}, "", cloud)
    assert len(seen.bytes["one"]) == 1
    assert len(seen.bytes["two"]) == (1 if cloud else 0)
