"""A deterministic model: it answers every request the same way every time, and does what the request demands.

It is product code: `haechi demo` shows the gate with it, `haechi prove` sends canaries to it, the tests run on it.

What it does, in full:

- It answers in the language of the last message (Korean where that holds 한글), says it back word for word, and
  ends with an emoji. A second alternative says which one it is.
- It calls the tools whose names the last user message mentions; where `tool_choice` demands a call and none is
  mentioned, the first. Arguments obey simple JSON schemas and carry the user's text.
- It obeys `response_format`, `max_tokens`, `stop` and `n`. With `reasoning_effort` it thinks one sentence.
- A token is a run of up to four ASCII letters or digits, or one other character, with the blanks before it.
  A prompt is the tokens of its texts and four more per message; all messages before the last count as cached.
"""

import re
from typing import Final

import msgspec
from msgspec import Struct

from haechi.domain.chat import (
    Answer,
    Chat,
    Choice,
    ChoiceDelta,
    Chunk,
    Delta,
    FinishReason,
    FunctionCall,
    FunctionDelta,
    FunctionTool,
    JsonFormat,
    JsonObject,
    Message,
    NamedToolChoice,
    SchemaFormat,
    ToolCall,
    ToolCallDelta,
    Usage,
)

_TOKEN: Final = re.compile(r"\s*(?:[A-Za-z0-9]{1,4}|\S)|\s+")
_HANGUL: Final = re.compile(r"[가-힣]")
_BY_FORMAT: Final = {
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "date-time": "2026-01-02T03:04:05Z",
    "email": "hana@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_PER_MESSAGE: Final = 4
_THOUGHT: Final = "생각 중입니다. Thinking."


class ContextExceeded(Exception):
    """The prompt is longer than the model's context."""


def tokens(text: str) -> list[str]:
    """`text` cut into tokens; joined they are `text` again.

    >>> tokens("안녕 haechi!")
    ['안', '녕', ' haec', 'hi', '!']
    """
    return _TOKEN.findall(text)


class FakeModel(Struct, frozen=True):
    """The model. `context` is what prompt and answer may hold, in tokens."""

    context: int = 131_072

    def answer(self, chat: Chat) -> Answer:
        """The whole answer to `chat`. Raises `ContextExceeded`."""
        taken = _prompt_tokens(chat.messages)
        if taken + (chat.token_limit or 0) > self.context:
            raise ContextExceeded
        thought = _THOUGHT if chat.reasoning_effort not in (None, "none") else None
        choices = tuple(_choice(chat, number, thought) for number in range(chat.n or 1))
        thinking = len(tokens(thought or "")) * len(choices)
        return Answer(
            model=chat.model,
            choices=choices,
            usage=Usage(
                input=taken,
                output=thinking + sum(_written(choice.message) for choice in choices),
                cached=_prompt_tokens(chat.messages[:-1]),
                reasoning=thinking,
            ),
        )


def chunks(answer: Answer) -> list[Chunk]:
    """`answer` as a stream: a token at a time, the alternatives one after another, usage last."""
    steps: list[Chunk] = []
    for choice in answer.choices:
        message = choice.message

        def say(delta: Delta, finish: FinishReason | None = None, index: int = choice.index) -> None:
            steps.append(
                Chunk(
                    choices=(ChoiceDelta(index=index, delta=delta, finish_reason=finish),), model=answer.model
                )
            )

        say(Delta(role="assistant", content=""))
        for token in tokens(message.reasoning_content or ""):
            say(Delta(reasoning_content=token))
        for token in tokens(message.text):
            say(Delta(content=token))
        for number, call in enumerate(message.tool_calls or ()):
            name, said = call.function.name, call.function.arguments
            say(Delta(tool_calls=(ToolCallDelta(number, call.id, "function", FunctionDelta(name, "")),)))
            for start in range(0, len(said), 8):
                piece = FunctionDelta(arguments=said[start : start + 8])
                say(Delta(tool_calls=(ToolCallDelta(number, function=piece),)))
        say(Delta(), choice.finish_reason)
    steps.append(Chunk(model=answer.model, usage=answer.usage))
    return steps


def example(schema: JsonObject, text: str, root: JsonObject | None = None) -> object:
    """A value that obeys a simple JSON schema; strings carry `text`, as far as the schema lets them.

    >>> example({"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}, "서울")
    {'city': '서울', 'days': 1}
    """
    root = schema if root is None else root
    if (reference := schema.get("$ref")) is not None:
        target: object = root
        for step in str(reference).removeprefix("#/").split("/"):
            target = target.get(step, {}) if isinstance(target, dict) else {}
        return example(target, text, root) if isinstance(target, dict) else {}
    for word in ("const", "default"):
        if word in schema:
            return schema[word]
    if schema.get("enum"):
        return schema["enum"][0]
    for word in ("anyOf", "oneOf", "allOf"):
        if schema.get(word):
            return example(schema[word][0], text, root)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    match kind or ("object" if "properties" in schema else None):
        case "object":
            return {name: example(inner, text, root) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [example(schema.get("items", {}), text, root)] * max(1, schema.get("minItems", 1))
        case "string":
            said = _BY_FORMAT.get(schema.get("format", ""), text)[: schema.get("maxLength", 4096)]
            return said.ljust(schema.get("minLength", 0), ".")
        case "integer" | "number":
            low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
            return min(low, schema.get("maximum", low))
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return text


def _prompt_tokens(messages: tuple[Message, ...]) -> int:
    return sum(len(tokens(message.text)) + _PER_MESSAGE for message in messages)


def _written(message: Message) -> int:
    calls = sum(len(tokens(call.function.arguments)) + 1 for call in message.tool_calls or ())
    return len(tokens(message.text)) + calls


def _choice(chat: Chat, number: int, thought: str | None) -> Choice:
    calls = _calls(chat, number)
    if calls:
        message = Message(role="assistant", tool_calls=calls, reasoning_content=thought)
        return Choice(index=number, message=message, finish_reason="tool_calls")
    text, finish = _cut(_text(chat, number), chat)
    message = Message(role="assistant", content=text, reasoning_content=thought)
    likely = {"content": [_likely(token) for token in tokens(text)]} if chat.logprobs else None
    return Choice(index=number, message=message, finish_reason=finish, logprobs=likely)


def _likely(token: str) -> JsonObject:
    return {"token": token, "logprob": -0.25, "bytes": list(token.encode()), "top_logprobs": []}


def _text(chat: Chat, number: int) -> str:
    last = chat.messages[-1] if chat.messages else Message(role="user", content="")
    match chat.response_format:
        case SchemaFormat(json_schema=schema):
            return msgspec.json.encode(example(schema.schema or {}, last.text)).decode()
        case JsonFormat():
            return msgspec.json.encode({"answer": last.text}).decode()
    korean = _HANGUL.search(last.text) is not None
    if last.role == "tool":
        said = f"도구의 결과입니다: {last.text}" if korean else f"The tool says: {last.text}"
    else:
        said = f"다음과 같이 말씀하셨습니다: {last.text}" if korean else f"You said: {last.text}"
    again = (f" ({number + 1}번째 답)" if korean else f" (answer {number + 1})") if number else ""
    return f"{said}{again} 🦁"


def _cut(text: str, chat: Chat) -> tuple[str, FinishReason]:
    """Stop words end an answer before them; the limit ends it after its last token."""
    places = [place for stop in chat.stops if stop and (place := text.find(stop)) >= 0]
    if places:
        text = text[: min(places)]
    limit, found = chat.token_limit, tokens(text)
    if limit is not None and len(found) > limit:
        return "".join(found[:limit]), "length"
    return text, "stop"


def _calls(chat: Chat, number: int) -> tuple[ToolCall, ...]:
    tools = chat.tools or ()
    last = chat.messages[-1] if chat.messages else None
    if not tools or last is None or last.role != "user" or chat.tool_choice == "none":
        return ()
    if isinstance(chat.tool_choice, NamedToolChoice):
        wanted = [tool for tool in tools if tool.function.name == chat.tool_choice.function.name]
    else:
        wanted = [tool for tool in tools if tool.function.name in last.text]
        if chat.tool_choice == "required":
            wanted = wanted or [tools[0]]
    if chat.parallel_tool_calls is False:
        wanted = wanted[:1]
    turn = len(chat.messages)
    return tuple(_call(tool, last.text, f"call_{turn}_{number}_{place}") for place, tool in enumerate(wanted))


def _call(tool: FunctionTool, text: str, name: str) -> ToolCall:
    schema = tool.function.parameters or {"type": "object"}
    given = msgspec.json.encode(example(schema, text)).decode()
    return ToolCall(id=name, function=FunctionCall(tool.function.name, given))
