"""What was taken out is put back, byte for byte, however the answer is cut: the properties that hold both rooms together."""

import codecs
import json
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from haechi.domain.mapping import Mapping
from haechi.gateway.deidentify.places import is_json
from haechi.gateway.deidentify.replace import Plan
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import ARGUMENTS, JSON_TEXT, TEXT, Channel, Restorer
from tests.gateway.kit_deidentify import Values, content, home, out, said

VALUES: Values = {
    "김민수": "person", "민수": "person", "김민수진": "person", "박서준": "person", "이슬": "person", "Kim Min-su": "person",
    "O\"Neil\\": "person", "محمد علي": "person", "Zoe\u0301": "person", "010-1234-5678": "phone", "01012345678": "phone",
    "+82 10 1234 5678": "phone", "hong@naver.com": "email", "서울 중구 세종대로 110\n3층": "address", "PERSON_1": "term",
}  # fmt: skip

SCRAPS = (
    "은 는 이 가 을 를 과 와 으로 로 으로부터 로서 은(는) 이(가) 이사 가게 ** ` _ __ \" ' ⟦ ⟧ [ ] ( ) < > { } "
    "\\ \\u27e6 \\_ PERSON_ PERSON_1 PERSON_2 PHONE_1 PHONE_1b ⟦PERSON_1⟧ TEXT_1 Person 사람_1 1 2 b x A X_ ． ＿ １ . , : / // "
    'https:// ftp:// www.a.com/ a.com ?q= ](/ ]( ]: <a <img src= href=" &amp; @ % %20 # \n \t \u200f \u202e \u0301 é 한 글 '
    "ㄱ 입니다 "
    "SELECT 'x' f(\""
)
PIECES = st.one_of(
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(SCRAPS.split(" ")),
    st.text(max_size=3),
    st.just(" "),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
CHUNKS = st.lists(st.integers(0, 200), max_size=12)


def fed(text: str, mapping: Mapping, channel: Channel, cuts: list[int]) -> str:
    return home(text, mapping, channel, [cut % (len(text) + 1) for cut in cuts])


def channel_of(text: str) -> Channel:
    """A text that is JSON is restored as such: in prose, a value would lose its escapes."""
    return JSON_TEXT if is_json(text) else TEXT


@given(TEXTS, CHUNKS)
@settings(max_examples=600)
@example('["\\u01012345678"]', [])
@example("김민수은 김민수는", [])
@example("김민수이영희", [9])
@example("_김민수_은", [3])
@example("+82 10 1234 5678\\a.com", [])
def test_restoring_undoes_replacing(text: str, cuts: list[int]) -> None:
    sent = out(said(text), VALUES)
    assert fed(content(sent.body), sent.mapping, channel_of(text), cuts) == text


@given(TEXTS)
@settings(max_examples=300)
def test_nothing_that_was_found_is_sent(text: str) -> None:
    sent = content(out(said(text), VALUES).body)
    assert not any(value in sent for value in VALUES if len(value) >= 6 and value != "PERSON_1")


@given(TEXTS, TEXTS)
@settings(max_examples=100)
def test_at_every_split(before: str, after: str) -> None:
    text = f"{before}김민수는 {after}"
    sent = out(said(text), VALUES)
    wire = content(sent.body)
    assert {fed(wire, sent.mapping, TEXT, [cut]) for cut in range(len(wire) + 1)} == {text}


def test_at_every_two_splits() -> None:
    text = "**김민수**는 010-1234-5678, [김민수진](https://a.com/김민수)과 ⟦이슬⟧으로 김민수3"
    sent = out(said(text), VALUES)
    wire = content(sent.body)
    cuts = combinations(range(len(wire) + 1), 2)
    assert {fed(wire, sent.mapping, TEXT, list(pair)) for pair in cuts} == {text}


@given(TEXTS, st.integers(1, 7))
@settings(max_examples=200)
def test_cut_in_the_middle_of_a_character(text: str, size: int) -> None:
    sent = out(said(text), VALUES)
    wire = content(sent.body).encode("utf-8", "surrogatepass")
    joined = codecs.getincrementaldecoder("utf-8")("surrogatepass")
    restorer = Restorer(Live(sent.mapping))
    told = [
        each
        for at in range(0, len(wire), size)
        for each in restorer.feed(joined.decode(wire[at : at + size]))
    ]
    assert "".join([*told, *restorer.finish()]) == text


JSON = st.recursive(
    st.one_of(TEXTS, st.integers(-9, 9), st.just(1012345678), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NUMBERED: Values = VALUES | {"1012345678": "phone"}


@given(st.dictionaries(TEXTS, JSON, max_size=3), CHUNKS, st.booleans())
@settings(max_examples=400)
@example({"": 1012345678, "⟦PHONE_1": 1012345678}, [], True)
def test_arguments_stay_json_and_come_back(given: object, cuts: list[int], escaped: bool) -> None:
    arguments = json.dumps(given, ensure_ascii=escaped)
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    body = {"messages": [{"role": "assistant", "tool_calls": [call]}, {"role": "user", "content": arguments}]}
    sent = out(body, NUMBERED)
    wire = sent.body["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(wire) is not None or not given
    everywhere = Mapping(
        sent.mapping.taken, _Every(), sent.mapping.tools, sent.mapping.words, sent.mapping.framed
    )
    assert fed(wire, everywhere, ARGUMENTS, cuts) == arguments
    assert fed(sent.body["messages"][1]["content"], everywhere, JSON_TEXT, cuts) == arguments


class _Every(frozenset[str]):
    """All hosts: addresses have their own tests, and arguments in a history are no words of the caller's."""

    def __contains__(self, host: object) -> bool:
        return True


WRITTEN = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "PERSON_1", "PERSON_1은 ", "PERSON_1이 ", "PERSON_1을 ", "PERSON_1과 ", "PERSON_1로 ", "PERSON_2는 ",
                "PERSON_2가 ", "PERSON_2를 ", "**PERSON_1**은 ", "`PERSON_2`로 ", "PHONE_1로 ", "PHONE_1", "[PERSON_2]",
                "<PERSON_1> ", "'PERSON_2'와 ",
                "⟦PERSON_1⟧3 ",
            ]
        ),
        st.sampled_from(["고객 ", "에게 ", "전화 ", ", ", ".\n", "\n- ", "안녕하세요 "]),
    ),
    max_size=10,
).map(" ".join)  # fmt: skip


@given(WRITTEN, CHUNKS)
@settings(max_examples=300)
def test_replacing_undoes_restoring(answer: str, cuts: list[int]) -> None:
    """The caller sends the answer again with his next turn: it has to become what the model wrote."""
    values: Values = {"김민수": "person", "박서준": "person", "010-1234-5678": "phone"}
    asked = said("고객 김민수, 박서준, 010-1234-5678 에게")
    first = out(asked, values)
    told = fed(answer, first.mapping, TEXT, cuts)
    again = {"model": "auto", "messages": [*asked["messages"], {"role": "assistant", "content": told}]}
    second = out(again, values)
    assert second.body["messages"][0] == first.body["messages"][0]
    assert second.body["messages"][1]["content"] == answer


NAMES = st.sampled_from(["김민수", "박서준", "이슬", "최한결", "홍길동", "남궁민"])
PHONES = st.integers(0, 99_999_999).map(lambda number: f"010-{number // 10_000:04d}-{number % 10_000:04d}")
FRAMES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "{0}",
                "{0}은 ",
                "{0}는 ",
                "{0}이 ",
                "{0}으로 ",
                "{1}",
                "{1}로 ",
                "**{0}**과 ",
                "{0}이라고 ",
                "{0}{1}",
                "x{0}",
                "{1}3",
            ]
        ),
        st.sampled_from([" 고객 ", "에게 ", "https://a.com/?q=", "PERSON_1 ", ", "]),
    ),
    max_size=10,
).map("".join)


@given(FRAMES, NAMES, NAMES, PHONES, PHONES)
@settings(max_examples=400)
def test_requests_that_differ_in_the_secret_alone_are_the_same_bytes(
    frame: str, name: str, other: str, phone: str, another: str
) -> None:
    one = out(said(frame.format(name, phone)), {name: "person", phone: "phone"})
    two = out(said(frame.format(other, another)), {other: "person", another: "phone"})
    assert json.dumps(one.body) == json.dumps(two.body)


@given(TEXTS, CHUNKS, CHUNKS)
@settings(max_examples=300)
def test_any_cutting_gives_the_same(answer: str, one: list[int], two: list[int]) -> None:
    """Whatever a model writes, not only what we sent."""
    mapping = out(
        said("김민수는 박서준을 010-1234-5678, 01012345678로 https://a.com/ PERSON_1"), VALUES
    ).mapping
    for channel in (TEXT, ARGUMENTS, JSON_TEXT):
        assert fed(answer, mapping, channel, one) == fed(answer, mapping, channel, two)


@given(TEXTS, st.integers(1, 4))
@settings(max_examples=200)
def test_little_is_held_outside_addresses(answer: str, size: int) -> None:
    mapping = out(said("김민수는 박서준을 010-1234-5678"), VALUES).mapping
    restorer = Restorer(Live(mapping))
    for at in range(0, len(answer), size):
        restorer.feed(answer[at : at + size])
        plain = "." not in restorer.held and "/" not in restorer.held
        assert len(restorer.held) <= (40 if plain else 400)


@given(st.lists(st.sampled_from(sorted(VALUES)), max_size=6).map(" 그리고 ".join))
def test_surrogates_come_back(text: str) -> None:
    plan = Plan(
        {"person": "surrogate", "phone": "surrogate", "email": "surrogate", "address": "surrogate"}, b"seed"
    )
    sent = out(said(text), VALUES, plan)
    assert home(content(sent.body), sent.mapping) == text


@pytest.mark.parametrize("conversation", [("김민수 010-1234-5678", "박서준은"), ("이슬", "김민수는 이슬을")])
def test_tokens_of_a_growing_conversation_stay(conversation: tuple[str, str]) -> None:
    messages = [{"role": "user", "content": text} for text in conversation]
    one = out({"messages": messages[:1]}, VALUES)
    two = out({"messages": messages}, VALUES)
    assert two.body["messages"][0] == one.body["messages"][0]
    known = [(each.token, each.value) for each in two.mapping.taken]
    assert known[: len(one.mapping.taken)] == [(each.token, each.value) for each in one.mapping.taken]
