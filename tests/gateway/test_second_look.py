"""A gate that was taken over gets nothing past the door that the door can see for itself."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
import orjson
import pytest
from msgspec.structs import replace

from haechi.adapters.backends.forms import asks_for
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.backends.wires import WIRES
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import detectors
from haechi.domain.decision import Call
from haechi.domain.destination import Wire
from haechi.domain.errors import BadRequest
from haechi.domain.label import Label, Level
from haechi.domain.releasable import Receipt, Releasable, release, sealed
from haechi.gateway import second_look
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.flow import DETECTOR_BUDGET, in_time
from haechi.gateway.second_look import Objection, SecondLook
from tests.canaries import resident_number
from tests.utility.everyday import requests

KEY: Final = b"k" * 32
SCAN: Final = detectors().scan
POLICY: Final = policy(
    parse(
        """
destinations:
  home:   {provider: openai, zone: onprem, base_url: "http://10.0.0.5/v1", models: [m]}
  gpt:    {provider: openai, key: k, contract: openai-api-standard, models: [m]}
  bare:   {provider: openai, key: k, models: [m]}
rules:
  - {when: {kind: [kr.brn]}, then: refuse, because: "company policy"}
""",
        "t",
        {},
    ),
    None,
    date(2026, 11, 22),
)
ORDINARY: Final = Label(Level.INTERNAL)
SECRET: Final = resident_number(7)
OUT: Final = Call("gpt", "m")
HOME: Final = Call("home", "m")


class Clock:
    """A clock that stands at 1,000 s until somebody moves it."""

    time = 1000.0

    def now(self) -> float:
        return 0.0

    def monotonic(self) -> float:
        return self.time


def look(**changed: Any) -> SecondLook:
    what: dict[str, Any] = {
        "policy": lambda: POLICY,
        "eyes": Eyes(SCAN),
        "key": KEY,
        "clock": Clock(),
        "holds_for": 900.0,
        "asks_for": asks_for,
    }
    return SecondLook(**what | changed)


def says(text: str) -> bytes:
    return msgspec.json.encode({"model": "m", "messages": [{"role": "user", "content": text}]})


def form(**fields: Any) -> bytes:
    return msgspec.json.encode({"model": "m"} | fields)


def receipt(label: Label, *calls: Call, at: float = 990.0, key: bytes = KEY, record: str = "r1") -> Receipt:
    seal = sealed(key, record, label.level.word, label.kinds, calls, at)
    return Receipt(record, calls, at, seal)


def released(
    call: Call = OUT, label: Label = ORDINARY, body: bytes = b"", on_record: Receipt | None = None
) -> Releasable:
    """What a forged gate hands over: whatever it likes, with a fitting digest."""
    body = body or says("오늘 날씨를 영어로")
    return Releasable(body, call, label, on_record or receipt(label, call), "p", _digest(body, call))


def _digest(body: bytes, call: Call) -> bytes:
    place = POLICY.destinations.get(call.destination, POLICY.destinations["home"])
    clearance = POLICY.clearances["home"]
    home = replace(place, name=call.destination, zone="onprem")
    return release(body, call, home, clearance, ORDINARY, Receipt("r"), "p").digest


@pytest.mark.parametrize(
    "honest",
    [
        released(),
        released(HOME),
        released(on_record=receipt(ORDINARY, HOME, OUT)),  # the second of two calls
        released(HOME, Label(Level.RESTRICTED, frozenset({"kr.rrn"})), says(SECRET)),
        released(Call("gpt", "some-new-model"), body=form(model="some-new-model")),
    ],
)
def test_what_is_right_passes(honest: Releasable) -> None:
    assert look().objection(honest) is None


@pytest.mark.parametrize(
    "on_record",
    [
        Receipt("r1", (OUT,), 990.0),
        Receipt("r1", (OUT,), 990.0, bytes(16)),
        receipt(ORDINARY, OUT, key=b"x" * 32),
        replace(receipt(ORDINARY, OUT), record="r2"),
        replace(receipt(ORDINARY, OUT), at=995.0),
        receipt(ORDINARY, HOME),
        replace(receipt(ORDINARY, HOME), calls=(OUT,)),
        receipt(Label(Level.PUBLIC), OUT),
        receipt(Label(Level.INTERNAL, frozenset({"phone"})), OUT),
        receipt(ORDINARY, OUT, at=99.0),
        receipt(ORDINARY, OUT, at=1001.0),
        receipt(ORDINARY, OUT, at=float("nan")),
        receipt(ORDINARY, OUT, at=float("-inf")),
    ],
    ids=[
        "no seal",
        "a made-up seal",
        "sealed by somebody else",
        "for another record",
        "made younger",
        "for another call",
        "with another call put in",
        "under a lower level",
        "under other kinds",
        "too old",
        "from the future",
        "of no time",
        "of all times",
    ],
)
def test_what_is_not_on_record_as_it_is_does_not_pass(on_record: Receipt) -> None:
    assert look().objection(released(on_record=on_record)) == Objection("receipt")


@pytest.mark.parametrize(
    ("call", "label"),
    [
        (Call("bare", "m"), ORDINARY),
        (Call("nowhere", "m"), ORDINARY),
        (Call("gpt/m", "m"), ORDINARY),
        (Call("", ""), ORDINARY),
        (Call("gpt", "m\r\nx: y"), ORDINARY),
        (Call("gpt", "m m"), ORDINARY),
        (Call("home", "no-such-model"), ORDINARY),
        (Call("gpt", "m", "deidentified"), ORDINARY),
        (OUT, Label(Level.CONFIDENTIAL)),
        (OUT, Label(Level.RESTRICTED)),
        (OUT, Label(Level.INTERNAL, frozenset({"kr.rrn"}))),
        (OUT, Label(Level.INTERNAL, frozenset({"kr.brn"}))),
        (HOME, Label(Level.INTERNAL, frozenset({"kr.brn"}))),
    ],
)
def test_what_its_own_policy_would_not_send_there_does_not_pass(call: Call, label: Label) -> None:
    objection = look().objection(released(call, label))
    assert objection is not None
    assert objection.what == "policy"


def test_a_receipt_is_good_for_the_same_bytes_again_and_for_no_others() -> None:
    one, record = look(), receipt(ORDINARY, OUT, HOME)
    for _ in range(2):  # a retry
        assert one.objection(released(on_record=record)) is None
    assert one.objection(released(body=says("다른 말"), on_record=record)) == Objection("receipt")
    assert (
        one.objection(released(HOME, body=says("다른 말"), on_record=record)) is None
    )  # another call of the record


def test_memory_of_receipts_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "MOST_RECEIPTS", 2)
    one = look()
    for name in ("r1", "r2", "r3"):
        assert one.objection(released(on_record=receipt(ORDINARY, OUT, record=name))) is None
    assert len(one._spent._bytes) == 2
    again = released(body=says("다른 말"), on_record=receipt(ORDINARY, OUT, record="r3"))
    assert one.objection(again) == Objection("receipt")


def test_a_policy_of_another_day_is_asked_anew() -> None:
    today = POLICY
    one = look(policy=lambda: today)
    assert one.objection(released()) is None
    today = replace(POLICY, clearances=POLICY.clearances | {"gpt": POLICY.clearances["bare"]})
    assert one.objection(released()) == Objection("policy")


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (says(f"고객 {SECRET}"), ("kr.rrn",)),
        (says("연락처 010-2345-6789"), ("phone",)),
        (form(user=SECRET), ("kr.rrn",)),
        (form(response_format={SECRET: 1}), ("kr.rrn",)),
        (
            form(tools=[{"type": "function", "function": {"description": f'{{"c": "{SECRET}"}}'}}]),
            ("kr.rrn",),
        ),
        (form(messages=[{"role": "user", "content": [{"type": "input_audio", "x": "y"}]}]), ("unreadable",)),
    ],
)
def test_what_the_label_does_not_say_is_found_in_the_bytes(body: bytes, kinds: tuple[str, ...]) -> None:
    assert look().objection(released(body=body)) == Objection("bytes", kinds)
    if body.startswith(b'{"m'):
        assert look().objection(released(HOME, body=body)) is None  # at home it may be said


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"\xff",
        b'{"a":1} ',
        b'{"a":1,"a":2}',
        b'{"a":"\\u0031"}',
        b"[" * 100_000,
        SECRET.encode(),
    ],
)
def test_bytes_that_another_might_read_otherwise_do_not_pass(body: bytes) -> None:
    assert look().objection(released(body=body)) == Objection("not our JSON")


@pytest.mark.parametrize("model", ["m-search-preview", "M", None, ["m"]])
@pytest.mark.parametrize("call", [OUT, HOME])
def test_bytes_ask_for_the_model_that_is_on_record(call: Call, model: Any) -> None:
    assert look().objection(released(call, body=form(model=model))) == Objection("model")


@pytest.mark.parametrize(
    "fields",
    [
        {"web_search_options": {}},
        {"store": True},
        {"previous_response_id": "r"},
        {"mcp_servers": []},
        {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        {"tools": [{"type": "mcp", "server_url": "https://evil.example"}]},
        {"tools": [{"functionDeclarations": [], "googleSearch": {}}]},
        {"tools": [{"urlContext": {}}]},
        {"tools": ["web_search"]},
        {
            "messages": [
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://e.kr/?q"}}]}
            ]
        },
        {
            "messages": [
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http:/e.kr/?q"}}]}
            ]
        },
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_data": "http:/e.kr"}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}]},
        {
            "messages": [
                {"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "x"}}]}
            ]
        },
        {"contents": []},
    ],
)
@pytest.mark.parametrize("call", [OUT, HOME])
def test_what_a_service_would_do_on_its_own_is_asked_of_the_policy(
    call: Call, fields: dict[str, Any]
) -> None:
    assert look().objection(released(call, body=form(**fields))) == Objection("service")


def test_a_service_that_a_policy_line_allows_is_used() -> None:
    gpt = replace(POLICY.destinations["gpt"], services={"web_search": Level.INTERNAL})
    open_to_it = replace(POLICY, destinations=POLICY.destinations | {"gpt": gpt})
    searching = released(body=form(web_search_options={}))
    assert look(policy=lambda: open_to_it).objection(searching) is None


class Reviewed:
    """An exception for one telephone number."""

    def covering(self, kind: str, value: str, document: str) -> str | None:
        return "x1" if value == "010-2345-6789" else None


def test_what_was_reviewed_as_a_false_alarm_passes_here_too() -> None:
    one = look(exceptions=Reviewed())
    assert one.objection(released(body=says("연락처 010-2345-6789"))) is None
    assert one.objection(
        released(body=says("연락처 010-2345-6780"), on_record=receipt(ORDINARY, OUT, record="r2"))
    ) == Objection("bytes", ("phone",))


SIGNED: Final = policy(
    parse(
        """
destinations:
  home:   {provider: openai, zone: onprem, base_url: "http://10.0.0.5/v1", models: [m]}
  gpt:
    {provider: openai, key: k, models: [m], contract: {preset: openai-api-standard, dpa_id: D, transfer_basis: policy_notice,
    attested_by: ciso@corp.example, valid_until: 2027-06-30}}
rules:
  - {when: {level: confidential}, then: {deidentify: [phone, email], else: stay-home}, because: "company policy"}
  - {when: {kind: [kr.brn]}, then: stay-home, because: "company policy"}
""",
        "t",
        {},
    ),
    None,
    date(2026, 11, 22),
)
WITHOUT: Final = Call("gpt", "m", "deidentified")
PHONES: Final = Label(Level.CONFIDENTIAL, frozenset({"phone"}))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("연락처 PHONE_1", None),
        ("비밀번호는 PHONE_1 입니다", None),
        ("password: PHONE_1", None),
        ("연락처 010-2345-6789", ("phone",)),
        ("연락처 PHONE_1, 010-2345-6789", ("phone",)),
        ("password: Hong-8181!x", ("secret",)),
        ("사업자등록번호 120-81-47521", ("kr.brn",)),
    ],
)
def test_what_leaves_without_values_holds_none(text: str, kinds: tuple[str, ...] | None) -> None:
    """The label says which kinds there were; in the bytes there is none of them any more."""
    one = look(policy=lambda: SIGNED)
    told = one.objection(released(WITHOUT, PHONES, says(text)))
    assert told == (None if kinds is None else Objection("bytes", kinds))


def test_a_detector_that_fails_lets_nothing_out() -> None:
    def raises(text: str) -> Any:
        raise ConnectionError

    assert look(eyes=Eyes(raises)).objection(released()) == Objection("bytes", ("unreadable",))
    assert look(eyes=Eyes(raises)).objection(released(HOME)) is None


def test_a_detector_beyond_its_time_is_not_believed() -> None:
    clock = Clock()

    def slow(text: str) -> list[Any]:
        clock.time += 3
        return []

    one = look(eyes=Eyes(slow), clock=clock)
    assert one.objection(released()) == Objection("detector")
    assert one.objection(released(HOME)) is None


def test_a_long_text_may_take_its_time() -> None:
    assert in_time(DETECTOR_BUDGET, "글")
    assert not in_time(DETECTOR_BUDGET + 0.1, "글")
    assert in_time(12.0, {"messages": [{"content": "글" * 100_000}] * 2})
    assert not in_time(13.0, {"messages": [{"content": "글" * 100_000}] * 2})


def everyday() -> Iterator[tuple[Wire, Label, bytes]]:
    for asked in requests():
        decoded = decode(orjson.dumps(asked))
        label = classify(decoded.body, Eyes(SCAN)).label
        for name, wire in WIRES.items():
            try:
                yield (
                    name,
                    label,
                    wire(Upstream("gpt", "cloud", name, "https://api.openai.com")).render(decoded.chat, "m"),
                )
            except BadRequest:
                continue


def test_no_wire_says_ordinary_work_in_words_that_alarm() -> None:
    bodies, alarms = 0, []
    places = {name: replace(POLICY.destinations["gpt"], wire=name) for name in WIRES}
    looks = {
        name: look(
            policy=lambda place=place: replace(POLICY, destinations=POLICY.destinations | {"gpt": place})
        )
        for name, place in places.items()
    }
    for name, label, body in everyday():
        if label.covers(Label(Level.CONFIDENTIAL)):
            continue
        bodies += 1
        record = receipt(label, OUT, record=f"r{bodies}")
        if (objection := looks[name].objection(released(OUT, label, body, record))) is not None:
            alarms.append((name, objection, body))
    assert bodies > 900
    assert alarms == []
