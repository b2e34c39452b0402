"""Every string of a request, keys too: what is not looked at here may not leave.

Strings are joined by line breaks into one running text and scanned once, so that a key stands before its
value as its context (`{"rrn": "900101…"}`). Where each came from is worked out only when something was found.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

from haechi.domain.chat import remote
from haechi.gateway.classify.views import number_text, opens_json, views

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


class Leaves:
    """The strings of one decoded JSON body, in the order in which they stand, and other readings of them.

    `views` are (number of a text, another reading of it): JSON in a string, escapes undone.
    """

    __slots__ = ("body", "opaque", "texts", "views")

    def __init__(self, body: Any) -> None:
        self.body = body
        self.texts: list[str] = []
        self.opaque = False
        self._collect(body)
        self.views = [
            (number, view)
            for number, text in enumerate(self.texts)
            if "\\" in text or "%" in text or opens_json(text)
            for view in views(text)
        ]

    def _collect(self, node: Any) -> None:
        if type(node) is str:
            self.texts.append(node)
        elif type(node) is dict:
            if _opaque(node):
                self.opaque = True
                return
            for key, value in node.items():
                if key not in FIXED_KEYS:
                    self.texts.append(key)
                self._collect(value)
        elif type(node) is list:
            for value in node:
                self._collect(value)
        elif (type(node) is int or type(node) is float) and (written := number_text(node)):
            self.texts.append(written)

    def running_text(self) -> str:
        """All strings, one a line, and then their other readings."""
        if not self.views:
            return "\n".join(self.texts)
        return "\n".join((*self.texts, *(view for _, view in self.views)))

    def texts_at(self, starts: list[int]) -> Iterator[str]:
        """For places in the running text: the whole string that stands there, or that was read otherwise there."""
        begins, at = [], 0
        for text in (*self.texts, *(view for _, view in self.views)):
            begins.append(at)
            at += len(text) + 1
        for start in starts:
            number = bisect_right(begins, start) - 1
            inner = number - len(self.texts)
            yield self.texts[number if inner < 0 else self.views[inner][0]]

    def places(self, spans: list[tuple[int, int]]) -> Iterator[tuple[str, int, int, bool]]:
        """For spans of the running text: JSON pointer, start and end within that string, and whether it stands
        there as it is: what was found in another reading of a string is somewhere in the whole of it."""
        starts, at = [], 0
        for text in (*self.texts, *(view for _, view in self.views)):
            starts.append(at)
            at += len(text) + 1
        pointers = [pointer for pointer, _ in _walk(self.body, "")]
        for start, end in spans:
            number = bisect_right(starts, start) - 1
            if number >= len(self.texts):
                number, _ = self.views[number - len(self.texts)]
                yield pointers[number], 0, len(self.texts[number]), False
                continue
            base = starts[number]
            yield pointers[number], start - base, min(end - base, len(self.texts[number])), True


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
    """Pointer and text in the order of `Leaves._collect`; a key is found at its value's pointer."""
    if type(node) is str:
        yield base, node
    elif type(node) is dict:
        if _opaque(node):
            return
        for key, value in node.items():
            pointer = f"{base}/{_escape(key)}"
            if key not in FIXED_KEYS:
                yield pointer, key
            yield from _walk(value, pointer)
    elif type(node) is list:
        for index, value in enumerate(node):
            yield from _walk(value, f"{base}/{index}")
    elif (type(node) is int or type(node) is float) and (written := number_text(node)):
        yield base, written


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
