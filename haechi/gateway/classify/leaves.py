"""Every string of a request, keys too: what is not looked at here may not leave.

Strings are joined by line breaks into one running text and scanned once, so that a key stands before its
value as its context (`{"rrn": "900101…"}`). Where each came from is worked out only when something was found.
A value may run over several strings: then each has its piece of it.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

from haechi.domain.chat import remote

OPAQUE_TYPES: Final = frozenset(
    {"image_url", "input_audio", "file", "image", "audio", "document", "input_image", "input_file"}
)
"""Content parts that nobody here can read (images, sound, files)."""

FIXED_KEYS: Final = frozenset(
    {
        "model",
        "messages",
        "role",
        "content",
        "type",
        "text",
        "name",
        "tools",
        "tool_calls",
        "tool_call_id",
        "tool_choice",
        "function",
        "arguments",
        "description",
        "parameters",
        "properties",
        "required",
        "strict",
        "stream",
        "stream_options",
        "include_usage",
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "stop",
        "seed",
        "user",
        "metadata",
        "response_format",
        "json_schema",
        "schema",
        "n",
        "id",
        "index",
    }
)
"""Keys of the form itself, which carry nothing of the caller's."""


_FORM_VALUES: Final = frozenset(
    {"role", "type", "model", "id", "tool_call_id", "name", "tool_choice", "user"}
)
"""Keys whose values stand between two pieces of a split value without belonging to either."""

SHORTEST_NUMBER: Final = 9
"""Digits of the shortest identifier that a bare number could be, a telephone number without its zero."""

LONG: Final = 200
"""Characters of a string that is looked at by itself."""
TOGETHER: Final = 1000
"""Characters of short strings that are looked at together."""
NEARBY: Final = 120
"""Characters before a unit that are looked at with it: a key, a heading, a question."""

KEY: Final = "~k"
"""Ends the pointer of a key: no RFC 6901 pointer can end so, as `~` is always followed by 0 or 1."""

Piece = tuple[str, int, int]
"""JSON pointer, start and end within the string there."""


class Leaves:
    """The strings of one decoded JSON body, in the order in which they stand. `contents` are the numbers of those
    that are neither keys nor words of the form: what a value can be split over."""

    __slots__ = ("body", "contents", "model", "opaque", "texts")

    def __init__(self, body: Any) -> None:
        self.body = body
        self.texts: list[str] = []
        self.contents: list[int] = []
        self.model = range(0)
        """Where in the running text the name of the model stands."""
        self.opaque = False
        self._collect(body)

    def _collect(self, node: Any) -> None:
        if type(node) is str:
            self.contents.append(len(self.texts))
            self.texts.append(node)
        elif type(node) is dict:
            if _opaque(node):
                self.opaque = True
                return
            for key, value in node.items():
                if key not in FIXED_KEYS:
                    self.texts.append(key)
                if node is self.body and key == "model" and type(value) is str:
                    start = sum(map(len, self.texts)) + len(self.texts)
                    self.model = range(start, start + len(value))
                if type(value) is str and key in _FORM_VALUES:
                    self.texts.append(value)
                else:
                    self._collect(value)
        elif type(node) is list:
            for value in node:
                self._collect(value)
        elif (type(node) is int or type(node) is float) and (written := number_text(node)):
            self.contents.append(len(self.texts))
            self.texts.append(written)

    def running_text(self) -> str:
        """All strings, one a line."""
        return "\n".join(self.texts)

    def units(self) -> Iterator[tuple[int, int, str]]:
        """The running text in pieces: where each begins, where what is new in it begins, and the piece. A long string
        stands alone, short ones together; each has before it a little of what stands there. As a conversation grows at
        its end, the pieces before stay the same."""
        gathered: list[str] = []
        start = at = size = 0
        running = self.running_text()
        for text in self.texts:
            length = len(text)
            if gathered and (length >= LONG or size >= TOGETHER):
                yield _unit(running, start, at - 1)
                gathered, start, size = [], at, 0
            gathered.append(text)
            size += length
            at += length + 1
            if length >= LONG:
                yield _unit(running, start, at - 1)
                gathered, start, size = [], at, 0
        if gathered:
            yield _unit(running, start, at - 1)

    def starts(self) -> list[int]:
        """Where each string begins in the running text."""
        starts, at = [], 0
        for text in self.texts:
            starts.append(at)
            at += len(text) + 1
        return starts

    def documents(self, spans: list[tuple[int, int]]) -> Iterator[str]:
        """For spans of the running text: the string in which each stands whole, empty where it runs over several."""
        starts = self.starts()
        for start, end in spans:
            text = self.texts[number := bisect_right(starts, start) - 1]
            yield text if end <= starts[number] + len(text) else ""

    def places(self, spans: list[tuple[int, int]]) -> Iterator[list[Piece]]:
        """For spans of the running text: their pieces, one a string that they run over."""
        starts = self.starts()
        pointers = [pointer for pointer, _ in _walk(self.body, "")]
        for start, end in spans:
            pieces: list[Piece] = []
            for number in range(bisect_right(starts, start) - 1, len(starts)):
                base = starts[number]
                if base >= end and pieces:
                    break
                first, last = max(start - base, 0), min(end - base, len(self.texts[number]))
                if first < last or not pieces:
                    pieces.append((pointers[number], min(first, last), last))
            yield pieces


def _unit(running: str, start: int, end: int) -> tuple[int, int, str]:
    first = max(0, start - NEARBY)
    return first, start - first, running[first:end]


def number_text(number: int | float) -> str | None:
    """A number as a model would read it, where it is long enough to be an identifier."""
    whole = type(number) is float and number.is_integer()
    written = format(number, ".0f") if whole else repr(number)
    return written if len(written) >= SHORTEST_NUMBER else None


def opaque_pointers(body: Any, base: str = "") -> Iterator[str]:
    """Where the parts stand that nobody here can read."""
    if isinstance(body, dict):
        if _opaque(body):
            yield base
            return
        for key, value in body.items():
            yield from opaque_pointers(value, f"{base}/{_escape(key)}")
    elif isinstance(body, list):
        for index, value in enumerate(body):
            yield from opaque_pointers(value, f"{base}/{index}")


def _opaque(node: dict[str, Any]) -> bool:
    kind = node.get("type")
    return type(kind) is str and kind in OPAQUE_TYPES and not _points_elsewhere(node)


def _points_elsewhere(node: dict[str, Any]) -> bool:
    """Whether the part holds no content, only where content lies: that is text, and scanned as such. Who may
    fetch it is asked of the policy."""
    match node:
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            return remote(url)
        case {"type": "image", "source": {"type": "url", "url": str(url)}}:  # Anthropic's way to say it
            return remote(url)
        case {"type": "file", "file": {"file_id": str()} as file}:
            return file.get("file_data") is None
    return False


def _walk(node: Any, base: str) -> Iterator[tuple[str, str]]:
    """Pointer and text in the order of `Leaves._collect`. A key has its value's pointer and `KEY`."""
    if type(node) is str:
        yield base, node
    elif type(node) is dict:
        if _opaque(node):
            return
        for key, value in node.items():
            pointer = f"{base}/{_escape(key)}"
            if key not in FIXED_KEYS:
                yield pointer + KEY, key
            yield from _walk(value, pointer)
    elif type(node) is list:
        for index, value in enumerate(node):
            yield from _walk(value, f"{base}/{index}")
    elif (type(node) is int or type(node) is float) and (written := number_text(node)):
        yield base, written


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
