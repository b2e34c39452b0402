"""Every string of a request in the order in which values are counted.

Instructions, tools and everything around them, the conversation from its oldest message on. New turns come last, so the
numbers of older ones stay. Within a part it is the order of the text, so the order of keys in the client's JSON counts
only where it is the client's own.
"""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

KEY: Final = "~k"
"""Ends the pointer of a key: no RFC 6901 pointer can end so, as `~` is always followed by 0 or 1."""

_INSTRUCTIONS: Final = ("system", "instructions", "systemInstruction", "system_instruction")
_TALK: Final = ("messages", "input", "contents", "prompt")
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


def leaves(body: Any) -> list[Leaf]:
    """All leaves of `body` in counting order."""
    if type(body) is not dict:
        return list(_walk(body, "", own=True))
    found: list[Leaf] = []
    talk: str = next((key for key in _TALK if type(body.get(key)) is list), "")
    leading = _leading(body[talk]) if talk else 0
    for key in _INSTRUCTIONS:
        if key in body:
            found += _entry(body, key)
    found += _turns(body, talk, range(leading))
    for key in ("tools", *sorted(set(body) - {"tools", talk, *_INSTRUCTIONS})):
        if key in body:
            found += _entry(body, key)
    if talk:
        found += _turns(body, talk, range(leading, len(body[talk])))
    return found


def _turns(body: dict[str, Any], talk: str, numbers: range) -> Iterator[Leaf]:
    for number in numbers:
        yield from _walk(body[talk][number], f"/{talk}/{number}", own=True)


def _leading(talk: list[Any]) -> int:
    """How many messages at its head are instructions."""
    for number, message in enumerate(talk):
        if type(message) is not dict or message.get("role") not in _LEADING:
            return number
    return len(talk)


def _entry(body: dict[str, Any], key: str) -> Iterator[Leaf]:
    pointer = f"/{escaped(key)}"
    yield Leaf(pointer + KEY, key)
    yield from _walk(body[key], pointer, own=True)


def _walk(node: Any, pointer: str, *, own: bool) -> Iterator[Leaf]:
    if type(node) is str:
        yield Leaf(pointer, node, arguments=pointer.endswith("/arguments"), own=own)
    elif type(node) is dict:
        own = own and node.get("role") not in _NOT_THE_CALLER and node.get("type") not in _NOT_HIS_PARTS
        for key, value in node.items():
            below = f"{pointer}/{escaped(key)}"
            yield Leaf(below + KEY, key, own=own)
            yield from _walk(value, below, own=own and key not in _NOT_HIS_KEYS)
    elif type(node) is list:
        for number, value in enumerate(node):
            yield from _walk(value, f"{pointer}/{number}", own=own)
    elif type(node) is int or type(node) is float:
        yield Leaf(pointer, number_text(node), number=True, own=own)


def number_text(number: int | float) -> str:
    """A number as detectors read it."""
    return format(number, ".0f") if type(number) is float and number.is_integer() else repr(number)


def escaped(key: str) -> str:
    """A key as a step of a pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def rewritten(node: Any, texts: dict[str, str], pointer: str = "") -> Any:
    """`node` with the leaves of `texts` exchanged. Raises `KeyError` where two keys would become one."""
    if type(node) is dict:
        made: dict[str, Any] = {}
        for key, value in node.items():
            below = f"{pointer}/{escaped(key)}"
            new = str(texts.get(below + KEY, key))
            if new in made:
                raise KeyError(below)
            made[new] = rewritten(value, texts, below)
        return made
    if type(node) is list:
        return [rewritten(value, texts, f"{pointer}/{number}") for number, value in enumerate(node)]
    return texts.get(pointer, node)
