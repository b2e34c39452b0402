"""Every leaf of a request with the places that go: what was found, where it stands again, what looks like a token."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from haechi.catalogue.tokens import LOOKALIKE, token_names
from haechi.domain.label import Finding, Level
from haechi.domain.token import lookalikes, may_look_alike
from haechi.gateway.deidentify.leaves import Leaf
from haechi.gateway.deidentify.mentions import Mentions
from haechi.gateway.deidentify.places import Place, Span, is_json, joined, json_places, plain_places
from haechi.gateway.deidentify.wording import Piece

_NAMES: Final = frozenset(each.name for each in token_names())


class Text(Struct):
    """One leaf, what goes of it, and what it becomes."""

    leaf: Leaf
    json: bool
    places: list[Place]
    pieces: list[Piece] = []
    wire: str = ""


def placed(all_leaves: Sequence[Leaf], removable: Sequence[Finding]) -> list[Text]:
    """Every leaf with the places that go."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for one in removable:
        found[one.pointer].append(Span(one.start, one.end, one.kind, one.level))
    texts = [
        Text(leaf, not leaf.number and (leaf.arguments or leaf.pointer in found) and is_json(leaf.text), [])
        for leaf in all_leaves
    ]
    values: dict[str, str] = {}
    for text in texts:
        if spans := found.get(text.leaf.pointer):
            text.places = _places(text, spans)
            for place in text.places:
                values.setdefault(place.value, place.kind)
    mentions = Mentions(values)
    for text in texts:
        if text.leaf.number:
            continue
        spans = found.get(text.leaf.pointer, [])
        more = _mentioned(text.leaf.text, spans, mentions)
        more += _lookalikes(text.leaf.text, [*spans, *more])
        if more:
            text.json = text.json or is_json(text.leaf.text)
            text.places = _places(text, [*spans, *more])
    return texts


def _mentioned(text: str, spans: list[Span], mentions: Mentions) -> list[Span]:
    """Mentions that no span shows already."""
    known: dict[int, int] = {}
    for span in spans:
        known[span.start] = max(span.end, known.get(span.start, 0))
    return [Span(*each, Level.PUBLIC) for each in mentions.within(text, known)]


def _lookalikes(text: str, spans: list[Span]) -> list[Span]:
    """What looks like a token between the spans: where a value goes, a word that it touched ends there."""
    if not may_look_alike(text):
        return []
    edges = [0, *(edge for span in joined(spans) for edge in (span.start, span.end)), len(text)]
    return [
        Span(first + start, first + end, LOOKALIKE, Level.PUBLIC)
        for first, last in zip(edges[::2], edges[1::2], strict=True)
        for start, end in lookalikes(text[first:last], _NAMES)
    ]


def _places(text: Text, spans: list[Span]) -> list[Place]:
    leaf = text.leaf
    if leaf.number:  # half a number is none
        longest = max(spans, key=lambda span: (span.end - span.start, span.level))
        return [Place(0, len(leaf.text), longest.kind, longest.level, leaf.text, bare=True)]
    return json_places(leaf.text, spans) if text.json else plain_places(leaf.text, spans)
