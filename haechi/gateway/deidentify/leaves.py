"""Every string of a request in the order in which values are counted.

Instructions, tools and everything around them, the conversation from its oldest message on. New turns come last, so the
numbers of older ones stay. Within a part it is the order of the text, so the order of keys in the client's JSON counts
only where it is the client's own.
"""

import re
from collections.abc import Container
from typing import Any, Final

from msgspec import Struct

KEY: Final = "~k"
"""Ends the pointer of a key: no RFC 6901 pointer can end so, as `~` is always followed by 0 or 1."""

_INSTRUCTIONS: Final = ("system", "instructions", "systemInstruction", "system_instruction")
_TALK: Final = ("messages", "input", "contents", "prompt")
_FORM_VALUES: Final = frozenset({"role", "type", "model", "object"})
_PLAIN: Final = re.compile("[a-z_]{1,40}\\Z")
_LEADING: Final = frozenset({"system", "developer"})
_NOT_THE_CALLER: Final = frozenset({"assistant", "tool", "model", "function"})
_NOT_HIS_PARTS: Final = frozenset(
    {
        "tool_result",
        "function_call_output",
        "function_call",
        "tool_use",
        "reasoning",
        "custom_tool_call_output",
        "mcp_call",
        "web_search_result",
        "search_result",
        "document",
    }
)
_NOT_HIS_KEYS: Final = frozenset({"functionResponse", "function_response", "functionCall", "tool_calls"})


class Leaf(Struct, frozen=True):
    """One string, or a number that is long enough to be one. `arguments`: it is a tool call's JSON; `own`: the caller
    said it, not a model, a tool or a page."""

    pointer: str
    text: str
    number: bool = False
    arguments: bool = False
    own: bool = True


def leaves(body: Any, wanted: Container[str]) -> list[Leaf]:
    """All leaves of `body` in counting order. Words of the form and numbers only where their pointer is `wanted`."""
    walk = _Walk(wanted)
    if type(body) is not dict:
        walk.into(body, "", own=True)
        return walk.found
    talk: str = next((key for key in _TALK if type(body.get(key)) is list), "")
    leading = _leading(body[talk]) if talk else 0
    for key in _INSTRUCTIONS:
        if key in body:
            walk.entry(key, body[key], "", own=True)
    walk.turns(body, talk, range(leading))
    for key in ("tools", *sorted(set(body) - {"tools", talk, *_INSTRUCTIONS})):
        if key in body:
            walk.entry(key, body[key], "", own=True)
    if talk:
        walk.turns(body, talk, range(leading, len(body[talk])))
    return walk.found


def _leading(talk: list[Any]) -> int:
    """How many messages at its head are instructions."""
    for number, message in enumerate(talk):
        if type(message) is not dict or _said(message, "role") not in _LEADING:
            return number
    return len(talk)


class _Walk:
    """Gathers leaves."""

    def __init__(self, wanted: Container[str]) -> None:
        self._wanted = wanted
        self.found: list[Leaf] = []

    def turns(self, body: dict[str, Any], talk: str, numbers: range) -> None:
        """Some messages of a conversation."""
        for number in numbers:
            self.into(body[talk][number], f"/{talk}/{number}", own=True)

    def entry(self, key: str, value: Any, pointer: str, *, own: bool) -> None:
        """A key and what stands under it."""
        below = f"{pointer}/{escaped(key)}"
        if not _PLAIN.match(key) or below + KEY in self._wanted:
            self.found.append(Leaf(below + KEY, key, own=own))
        if type(value) is not str:
            self.into(value, below, own=own and key not in _NOT_HIS_KEYS)
        elif key not in _FORM_VALUES or below in self._wanted:
            self.found.append(Leaf(below, value, arguments=key == "arguments", own=own))

    def into(self, node: Any, pointer: str, *, own: bool) -> None:
        """Everything below."""
        if type(node) is str:
            self.found.append(Leaf(pointer, node, own=own))
        elif type(node) is dict:
            own = own and _said(node, "role") not in _NOT_THE_CALLER
            own = own and _said(node, "type") not in _NOT_HIS_PARTS
            for key, value in node.items():
                self.entry(key, value, pointer, own=own)
        elif type(node) is list:
            for number, value in enumerate(node):
                self.into(value, f"{pointer}/{number}", own=own)
        elif (type(node) is int or type(node) is float) and pointer in self._wanted:
            self.found.append(Leaf(pointer, number_text(node), number=True, own=own))


def _said(node: dict[str, Any], key: str) -> str:
    """A word of the form; empty where a caller's own schema has a property of that name."""
    word = node.get(key)
    return word if type(word) is str else ""


def number_text(number: int | float) -> str:
    """A number as detectors read it."""
    return format(number, ".0f") if type(number) is float and number.is_integer() else repr(number)


def escaped(key: str) -> str:
    """A key as a step of a pointer."""
    if "~" not in key and "/" not in key:
        return key
    return key.replace("~", "~0").replace("/", "~1")


def rewritten(body: Any, texts: dict[str, str]) -> Any:
    """`body` with the leaves of `texts` exchanged; what holds none of them is shared with it. Raises `KeyError` where two
    keys would become one."""
    above: set[str] = set()
    for pointer in texts:
        parent = pointer
        while parent and (parent := parent[: parent.rfind("/")]) not in above:
            above.add(parent)
    return _rewritten(body, texts, above, "")


def _rewritten(node: Any, texts: dict[str, str], above: set[str], pointer: str) -> Any:
    if pointer in texts:
        return texts[pointer]
    if pointer not in above:
        return node
    if type(node) is list:
        return [_rewritten(value, texts, above, f"{pointer}/{number}") for number, value in enumerate(node)]
    made: dict[str, Any] = {}
    for key, value in node.items():
        below = f"{pointer}/{escaped(key)}"
        new = str(texts.get(below + KEY, key))
        if new in made:
            raise KeyError
        made[new] = _rewritten(value, texts, above, below)
    return made
