"""A whole answer and the same answer streamed are restored alike, in every channel."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.chat import (
    Answer,
    Choice,
    ChoiceDelta,
    Chunk,
    Delta,
    FunctionCall,
    FunctionDelta,
    Message,
    RefusalPart,
    TextPart,
    ToolCall,
    ToolCallDelta,
    Usage,
)
from haechi.domain.mapping import NOTHING_TAKEN
from haechi.gateway.reidentify.answer import reidentify
from haechi.gateway.reidentify.chunks import ChunkRestorer
from haechi.gateway.reidentify.conversation import Wish
from tests.gateway.kit_deidentify import Values, out

VALUES: Values = {"김민수": "person", "박서준": "person", 'a"b': "term"}
TOOLS = [{"type": "function", "function": {"name": name}} for name in ("send", "fetch")]
MAPPING = out(
    {"tools": TOOLS, "messages": [{"role": "user", "content": '김민수, 박서준, a"b'}]}, VALUES
).mapping


def calling(tool: str, arguments: str) -> ToolCall:
    return ToolCall("c", FunctionCall(tool, arguments))


def one(message: Message, **more: object) -> Answer:
    return Answer("m", (Choice(0, message, "stop", **more),))  # type: ignore[arg-type]


def test_every_text_of_an_answer() -> None:
    message = Message(
        "assistant",
        (TextPart("PERSON_1은"), RefusalPart("PERSON_2는")),
        refusal="PERSON_1로",
        reasoning_content="PERSON_2가",
        tool_calls=(calling("send", '{"to": "TERM_1"}'),),
    )
    told = reidentify(one(message), MAPPING).answer.choices[0].message
    assert told.content == (TextPart("김민수는"), RefusalPart("박서준은"))
    assert (told.refusal, told.reasoning_content) == ("김민수로", "박서준이")
    assert told.tool_calls == (calling("send", '{"to": "a\\"b"}'),)


@pytest.mark.parametrize(("tool", "restored"), [("send", True), ("fetch", False), ("unknown", False)])
def test_arguments_only_for_tools_that_may_have_them(tool: str, restored: bool) -> None:
    message = Message("assistant", tool_calls=(calling(tool, '{"to": "PERSON_1"}'),))
    told = reidentify(one(message), MAPPING, Wish(never_into=frozenset({"fetch"})))
    assert told.answer.choices[0].message.tool_calls == (
        calling(tool, '{"to": "김민수"}' if restored else '{"to": "PERSON_1"}'),
    )
    assert told.counts.withheld == (not restored)


def test_logprobs_go_with_the_tokens() -> None:
    dropped = reidentify(one(Message("assistant", "PERSON_1"), logprobs={"content": []}), MAPPING)
    kept = reidentify(one(Message("assistant", "안녕"), logprobs={"content": []}), MAPPING)
    assert (dropped.logprobs_dropped, dropped.answer.choices[0].logprobs) == (True, None)
    assert (kept.logprobs_dropped, kept.answer.choices[0].logprobs) == (False, {"content": []})


def test_an_answer_in_json_stays_json() -> None:
    answer = one(Message("assistant", '{"a": "TERM_1은"}'))
    told = reidentify(answer, MAPPING, Wish(json=True)).answer.choices[0].message.content
    assert msgspec.json.decode(str(told)) == {"a": 'a"b는'}


def test_nothing_taken_nothing_changed() -> None:
    answer = one(Message("assistant", "PERSON_1"), logprobs={"content": []})
    assert reidentify(answer, NOTHING_TAKEN).answer is answer
    chunk = Chunk((ChoiceDelta(0, Delta(content="PERSON_1"), logprobs={"content": []}),))
    assert ChunkRestorer(NOTHING_TAKEN).feed(chunk) == [chunk]


SAID = st.lists(
    st.sampled_from(["PERSON_1은 ", "PERSON_2", " ", "안녕 ", "PER", "TERM_1", ".", "Person 1"]), max_size=8
).map("".join)


@given(SAID, SAID, SAID, st.integers(1, 6))
def test_streamed_as_whole(content: str, thought: str, argument: str, size: int) -> None:
    message = Message(
        "assistant",
        content,
        reasoning_content=thought,
        tool_calls=(calling("send", msgspec.json.encode({"a": argument}).decode()),),
    )
    told = reidentify(Answer("m", (Choice(0, message, "stop"),)), MAPPING)
    streamed = ChunkRestorer(MAPPING)
    chunks = [each for chunk in _streamed(message, size) for each in streamed.feed(chunk)] + streamed.finish()
    expected = told.answer.choices[0].message
    deltas = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(each.delta.content or "" for each in deltas) == expected.content
    assert "".join(each.delta.reasoning_content or "" for each in deltas) == expected.reasoning_content
    calls = [call for each in deltas for call in each.delta.tool_calls or ()]
    assert expected.tool_calls is not None
    assert (
        "".join(call.function.arguments or "" for call in calls if call.function)
        == expected.tool_calls[0].function.arguments
    )
    assert streamed.counts == told.counts
    assert [bool(each.finish_reason) for each in deltas].index(True) == len(deltas) - 1
    assert chunks[-1] == Chunk(usage=Usage(1, 2))


def _streamed(message: Message, size: int) -> list[Chunk]:
    """A message as a backend streams it: in pieces, then why it ended, then usage."""
    assert message.tool_calls is not None
    call = message.tool_calls[0]
    deltas = [Delta(role="assistant")]
    deltas += [Delta(reasoning_content=piece) for piece in _cut(str(message.reasoning_content), size)]
    deltas += [Delta(content=piece) for piece in _cut(str(message.content), size)]
    deltas += [
        Delta(tool_calls=(ToolCallDelta(0, call.id, "function", FunctionDelta(call.function.name, "")),))
    ]
    deltas += [
        Delta(tool_calls=(ToolCallDelta(0, function=FunctionDelta(arguments=piece)),))
        for piece in _cut(call.function.arguments, size)
    ]
    chunks = [Chunk((ChoiceDelta(0, delta),)) for delta in deltas]
    return [*chunks, Chunk((ChoiceDelta(0, Delta(), "stop"),)), Chunk(usage=Usage(1, 2))]


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def test_what_is_held_goes_out_before_another_channel_opens() -> None:
    streamed = ChunkRestorer(MAPPING)
    name = ToolCallDelta(0, "c", "function", FunctionDelta("send", ""))
    steps = (Delta(reasoning_content="PERSON_1"), Delta(content="PERSON_2"), Delta(tool_calls=(name,)))
    told = [
        choice.delta
        for step in steps
        for chunk in streamed.feed(Chunk((ChoiceDelta(0, step),)))
        for choice in chunk.choices
    ]
    said = [each for each in told if each != Delta()]
    assert [(each.reasoning_content, each.content, bool(each.tool_calls)) for each in said] == [
        ("김민수", None, False),
        (None, "박서준", False),
        (None, None, True),
    ]


def test_choices_do_not_mix() -> None:
    streamed = ChunkRestorer(MAPPING)
    for number, piece in ((0, "PERSON"), (1, "PERSON"), (0, "_1"), (1, "_2")):
        streamed.feed(Chunk((ChoiceDelta(number, Delta(content=piece)),)))
    left = streamed.finish()
    assert [(each.index, each.delta.content) for each in left[0].choices] == [(0, "김민수"), (1, "박서준")]


def test_streamed_logprobs_are_dropped_and_said_so() -> None:
    streamed = ChunkRestorer(MAPPING)
    (chunk,) = streamed.feed(Chunk((ChoiceDelta(0, Delta(content="안녕"), logprobs={"content": []}),)))
    assert chunk.choices[0].logprobs is None
    assert streamed.logprobs_dropped
