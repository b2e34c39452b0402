"""The one internal form of a conversation: what every dialect is translated into and every backend out of.

The shape follows OpenAI's Chat Completions, the richest one that all three wires can be mapped to. The
structs decode a request (unknown types are refused, unknown fields are left out) and encode what leaves, so
that nothing but known fields can travel.
"""

import re
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from haechi.domain.destination import NO_SERVICES, Service

JsonObject = dict[str, Any]
Positive = Annotated[int, Meta(ge=1)]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]


class Known(Struct, frozen=True, omit_defaults=True, gc=False):
    """A piece of the form: fields left at their default are not written.

    `gc=False`: a frozen piece of decoded JSON cannot be part of a cycle, and the collector need not look at it.
    """


class TextPart(Known, frozen=True, tag="text"):
    text: str


class RefusalPart(Known, frozen=True, tag="refusal"):
    refusal: str


_REMOTE: Final = re.compile(r"\s*(?!data:)[a-z][a-z0-9+.\-]{0,31}://", re.IGNORECASE)
LONGEST_URL: Final = 2048
"""Characters; what is longer carries content of its own."""

LONGEST_SCHEME: Final = 256
"""Characters in which an address has said what it is, blanks before it included."""


def remote(url: str) -> bool:
    """Whether `url` only says where something lies, so that its reader would have to fetch it.

    >>> remote("https://example.com/cat.png"), remote("data:image/png;base64,iVBO"), remote("iVBO")
    (True, False, False)
    """
    return len(url) <= LONGEST_URL and _REMOTE.match(url) is not None


def held(url: str) -> bool:
    """Whether what `url` stands for is written in it, so that nobody has to fetch anything. Readers take addresses in
    many spellings (`http:/host`, `//host`, `file:`), so all else counts as one.

    >>> held("data:image/png;base64,iVBO"), held("http:/10.0.0.1/cat.png"), held("//host/cat.png")
    (True, False, False)
    """
    return url[:5].lower() == "data:"


def addressed(content: str) -> bool:
    """Whether what should be a file's content is an address instead: no base64 holds a colon.

    >>> addressed("JVBERi0x"), addressed("data:application/pdf;base64,JVBE"), addressed("https://host/a.pdf")
    (False, False, True)
    """
    return ":" in content[:LONGEST_SCHEME] and not held(content)


class ImageUrl(Known, frozen=True):
    url: str
    detail: Literal["auto", "low", "high"] | None = None


class ImagePart(Known, frozen=True, tag="image_url"):
    image_url: ImageUrl


class AudioClip(Known, frozen=True):
    data: str
    format: str


class AudioPart(Known, frozen=True, tag="input_audio"):
    input_audio: AudioClip


class FileContent(Known, frozen=True):
    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class FilePart(Known, frozen=True, tag="file"):
    file: FileContent


ContentPart = TextPart | RefusalPart | ImagePart | AudioPart | FilePart


def _service(part: ContentPart) -> Service | None:
    """What the part makes its reader do: fetch a URL, or look into its own storage."""
    if type(part) is ImagePart:
        return None if held(part.image_url.url) else "fetch"
    if type(part) is not FilePart:
        return None
    if part.file.file_id is not None:
        return "storage"
    return "fetch" if addressed(part.file.file_data or "") else None


class FunctionCall(Known, frozen=True):
    name: str
    arguments: str


class ToolCall(Struct, frozen=True, gc=False):
    """Every field is written, `type` too: providers insist on it."""

    id: str
    function: FunctionCall
    type: Literal["function"] = "function"


class Message(Known, frozen=True):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | tuple[ContentPart, ...] | None = None
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] | None = None
    tool_call_id: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    thoughts: tuple[str, ...] | None = None
    """What was thought, in a form that only its provider takes back: between us and it a block of its wire as JSON,
    between us and callers sealed (`gateway/thoughts.py`)."""

    @property
    def text(self) -> str:
        """All text of the message, parts joined by line breaks."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if isinstance(part, TextPart))


class FunctionSpec(Known, frozen=True):
    name: str
    description: str | None = None
    parameters: JsonObject | None = None
    strict: bool | None = None


class FunctionTool(Known, frozen=True, tag="function"):
    function: FunctionSpec


class FunctionName(Struct, frozen=True, gc=False):
    name: str


class NamedToolChoice(Known, frozen=True, tag="function"):
    function: FunctionName


class TextFormat(Known, frozen=True, tag="text"):
    pass


class JsonFormat(Known, frozen=True, tag="json_object"):
    pass


class JsonSchema(Known, frozen=True):
    name: str
    schema: JsonObject | None = None
    description: str | None = None
    strict: bool | None = None


class SchemaFormat(Known, frozen=True, tag="json_schema"):
    json_schema: JsonSchema


class StreamOptions(Known, frozen=True):
    include_usage: bool = False


class Place(Known, frozen=True):
    city: str | None = None
    country: str | None = None
    region: str | None = None
    timezone: str | None = None


class UserLocation(Struct, frozen=True, gc=False):
    approximate: Place
    type: Literal["approximate"] = "approximate"


class WebSearch(Known, frozen=True):
    search_context_size: Literal["low", "medium", "high"] | None = None
    user_location: UserLocation | None = None


class Chat(Known, frozen=True):
    """One chat request. Field names and meanings: OpenAI API reference, Chat Completions."""

    model: str
    messages: tuple[Message, ...]
    tools: tuple[FunctionTool, ...] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedToolChoice | None = None
    parallel_tool_calls: bool | None = None
    response_format: TextFormat | JsonFormat | SchemaFormat | None = None
    max_completion_tokens: Positive | None = None
    max_tokens: Positive | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    stop: str | tuple[str, ...] | None = None
    seed: int | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    logit_bias: dict[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    reasoning_effort: Effort | None = None
    user: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    web_search_options: WebSearch | None = None

    @property
    def services(self) -> frozenset[Service]:
        """What a model service would do on its own for this request, besides answering it."""
        needs: set[Service] = set()
        if self.web_search_options is not None:
            needs.add("web_search")
        for message in self.messages:
            if type(message.content) is tuple:
                needs.update(need for part in message.content if (need := _service(part)))
        return frozenset(needs) if needs else NO_SERVICES

    @property
    def wants_usage(self) -> bool:
        """Whether a streaming caller asked for the usage chunk."""
        return self.stream_options is not None and self.stream_options.include_usage

    @property
    def token_limit(self) -> int | None:
        """The most tokens the caller lets the model write, by either of the two names."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @property
    def stops(self) -> tuple[str, ...]:
        """The stop sequences as a tuple."""
        return (self.stop,) if isinstance(self.stop, str) else self.stop or ()


FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]


class Usage(Struct, frozen=True, gc=False):
    """Tokens of one call. `cached` and `reasoning` are shares of `input` and `output`; `counted_here` marks
    figures that haechi had to count itself because the backend reported none."""

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    counted_here: bool = False


class Choice(Known, frozen=True):
    """One finished alternative. `logprobs` is passed through as the backend gave it."""

    index: int
    message: Message
    finish_reason: FinishReason
    logprobs: JsonObject | None = None


class Answer(Known, frozen=True):
    """A whole answer of one backend. `model` is the name the backend gave for what answered."""

    model: str
    choices: tuple[Choice, ...]
    usage: Usage | None = None


class FunctionDelta(Known, frozen=True):
    name: str | None = None
    arguments: str | None = None


class ToolCallDelta(Known, frozen=True):
    index: int
    id: str | None = None
    type: Literal["function"] | None = None
    function: FunctionDelta | None = None


class Delta(Known, frozen=True):
    role: Literal["assistant"] | None = None
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    tool_calls: tuple[ToolCallDelta, ...] | None = None
    thoughts: tuple[str, ...] | None = None


class ChoiceDelta(Known, frozen=True):
    index: int
    delta: Delta
    finish_reason: FinishReason | None = None
    logprobs: JsonObject | None = None


class Chunk(Known, frozen=True):
    """One step of a streamed answer; the last one of a backend may carry usage and no choice."""

    choices: tuple[ChoiceDelta, ...] = ()
    model: str | None = None
    usage: Usage | None = None
