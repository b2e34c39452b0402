"""What the caller said himself: the hosts in his words, and the tools he declared."""

from collections.abc import Sequence
from typing import Any

from haechi.domain.links import Place, dotted_words, may_address
from haechi.domain.token import may_look_alike
from haechi.gateway.deidentify.leaves import KEY
from haechi.gateway.deidentify.texts import Text
from haechi.gateway.deidentify.wording import Piece


def hosts(texts: Sequence[Text], strangers: Sequence[str]) -> frozenset[str]:
    """Hosts in the caller's own words, as they are sent: read as they will be read on the way home. `strangers`: pointers
    of parts that others wrote."""
    own = [text for text in texts if text.leaf.own and not text.leaf.pointer.endswith(KEY)]
    if strangers:
        own = [text for text in own if not any(_below(text.leaf.pointer, stranger) for stranger in strangers)]
    together = "\n".join(text.wire for text in own)
    found = set(dotted_words(together)) if "." in together else set()
    if may_address(together) or any(map(may_look_alike, found)):
        for text in own:
            found |= _hosts_of(text)
    return frozenset(found)


def _below(pointer: str, part: str) -> bool:
    return pointer == part or pointer.startswith(f"{part}/")


def _hosts_of(text: Text) -> set[str]:
    """Read piece by piece, as an answer is."""
    if not text.places and not may_address(text.wire):
        return set()
    address = Place()
    found: set[str] = set()
    for number, piece in enumerate(text.pieces or [Piece(text.wire)]):
        if piece.token:
            ahead = "".join(each.wire for each in text.pieces[number : number + 24])
            host = address.host(ahead, more=False)
            found |= set() if host is None else {host}
        address.read(piece.wire)
    return found | address.finish()


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def tools(body: Any) -> frozenset[str]:
    """Names of the tools that the caller declared, as any dialect says it."""
    if type(body) is not dict:
        return frozenset()
    names: set[str] = set()
    for tool in _list(body.get("tools")):
        if type(tool) is not dict:
            continue
        for holder in (tool, tool.get("function"), *_list(tool.get("functionDeclarations"))):
            if type(holder) is dict and type(holder.get("name")) is str:
                names.add(holder["name"])
    return frozenset(names)
