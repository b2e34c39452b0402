"""A request and what was found in it become a request without values, and the mapping that puts them back.

    leaves ─> places (findings, look-alikes, further mentions) ─> tokens in counting order ─> texts ─> body, mapping

What cannot be taken out (a topic, a passage, the name of the model, a number never allowed outside) is returned as `left`:
whoever asked has to keep the request at home.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Literal

from msgspec import Struct

from haechi.catalogue.tokens import LOOKALIKE, about_the_text, token_names
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.label import Finding, Level
from haechi.domain.links import Place as Address
from haechi.domain.links import dotted_words, may_address
from haechi.domain.mapping import NOTHING_TAKEN, Mapping
from haechi.domain.token import lookalikes, may_look_alike
from haechi.gateway.deidentify.generalise import generalised
from haechi.gateway.deidentify.leaves import KEY, Leaf, leaves, rewritten
from haechi.gateway.deidentify.loose import loose_words
from haechi.gateway.deidentify.mentions import Mentions
from haechi.gateway.deidentify.numbering import Numbering, Token
from haechi.gateway.deidentify.places import Place, Span, is_json, joined, json_places, plain_places
from haechi.gateway.deidentify.surrogates import Surrogates
from haechi.gateway.deidentify.wording import Piece, worded

Strategy = Literal["token", "surrogate", "generalise", "remove"]

_NAMES: Final = frozenset(each.name for each in token_names())


class Plan(Struct, frozen=True):
    """How values of each kind are taken out; a kind without a line becomes a token. `seed` is secret, the same in every
    turn, and what surrogates are drawn with; `today` is what ages are counted to."""

    strategies: dict[str, Strategy] = {}
    seed: bytes = b""
    today: date | None = None


TOKENS: Final = Plan()


class Deidentified(Struct, frozen=True):
    """A request without values. `left` has to keep it at home; `counts`: how many places of each kind were changed."""

    body: Any
    mapping: Mapping
    left: tuple[Finding, ...] = ()
    counts: dict[str, int] = {}


class _Text(Struct):
    """One leaf, what goes of it, and what it becomes."""

    leaf: Leaf
    json: bool
    places: list[Place]
    pieces: list[Piece] = []
    wire: str = ""


def deidentify(body: Any, findings: Iterable[Finding], plan: Plan = TOKENS) -> Deidentified:
    """Take what was found out of `body`, a decoded request in any dialect. Linear in its length."""
    found = tuple(findings)
    removable = [one for one in found if not about_the_text(one.kind) and one.pointer != "/model"]
    left = [
        one
        for one in found
        if about_the_text(one.kind) or one.pointer == "/model" or one.kind in NEVER_OUTSIDE
    ]
    if not removable:
        return Deidentified(body, NOTHING_TAKEN, tuple(left))
    texts = _placed(leaves(body, {one.pointer for one in removable}), removable)
    known = {one.pointer for one in removable} - {text.leaf.pointer for text in texts}
    left += [one for one in removable if one.pointer in known]
    numbering = Numbering()
    _number(texts, numbering, plan)
    broken = {text.leaf.pointer for text in texts if text.json and not is_json(text.wire)}
    left += [one for one in removable if one.pointer in broken]
    changed = {text.leaf.pointer: text.wire for text in texts if text.places}
    try:
        new = rewritten(body, changed)
    except KeyError:  # two keys would become one
        return Deidentified(body, NOTHING_TAKEN, found)
    return Deidentified(new, _mapping(texts, numbering, body), tuple(left), _counts(texts))


def _counts(texts: Iterable[_Text]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for place in text.places:
            counts[place.kind] = counts.get(place.kind, 0) + 1
    return counts


def _placed(all_leaves: Sequence[Leaf], removable: Sequence[Finding]) -> list[_Text]:
    """Every leaf with the places that go."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for one in removable:
        found[one.pointer].append(Span(one.start, one.end, one.kind, one.level))
    texts = [
        _Text(leaf, not leaf.number and (leaf.arguments or leaf.pointer in found) and is_json(leaf.text), [])
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


def _places(text: _Text, spans: list[Span]) -> list[Place]:
    leaf = text.leaf
    if leaf.number:  # half a number is none
        longest = max(spans, key=lambda span: (span.end - span.start, span.level))
        return [Place(0, len(leaf.text), longest.kind, longest.level, leaf.text, bare=True)]
    return json_places(leaf.text, spans) if text.json else plain_places(leaf.text, spans)


def _number(texts: Sequence[_Text], numbering: Numbering, plan: Plan) -> None:
    """Give every place what stands for it, and write the texts."""
    surrogates = Surrogates(plan.seed, (text.leaf.text for text in texts)) if plan.strategies else None
    for text in texts:
        if not text.places:
            text.wire = text.leaf.text
            continue
        stand_ins = [_stand_in(place, numbering, surrogates, plan) for place in text.places]
        text.pieces = worded(
            text.leaf.text,
            text.places,
            stand_ins,
            particles=not text.leaf.arguments and not text.leaf.number,
            quoted=not text.leaf.number,
        )
        text.wire = "".join(piece.wire for piece in text.pieces)


def _stand_in(place: Place, numbering: Numbering, surrogates: Surrogates | None, plan: Plan) -> Token | str:
    """What stands for a place: a token that comes back, or a word that does not."""
    strategy = plan.strategies.get(place.kind, "token")
    if strategy == "remove":
        return f"[{place.kind.rpartition('.')[2].upper()}]"
    if strategy == "generalise" and (coarse := generalised(place.kind, place.value, plan.today)):
        return coarse
    fixed = ""
    if strategy == "surrogate" and surrogates is not None and not place.bare:
        fixed = surrogates.of(place.kind, place.value)
    return numbering.token(place.kind, place.value, place.escaped, bare=place.bare, fixed=fixed)


def _mapping(texts: Sequence[_Text], numbering: Numbering, body: Any) -> Mapping:
    taken = tuple(numbering.taken())
    names = frozenset(each.token.partition("_")[0] for each in taken if not each.fixed)
    tokens = frozenset(each.token for each in taken)
    words = loose_words((text.wire for text in texts), names, tokens)
    return Mapping(taken, _hosts(texts), _tools(body), words)


def _hosts(texts: Sequence[_Text]) -> frozenset[str]:
    """Hosts in the caller's own words, as they are sent: read as they will be read on the way home."""
    own = [text for text in texts if text.leaf.own and not text.leaf.pointer.endswith(KEY)]
    together = "\n".join(text.wire for text in own)
    hosts = set(dotted_words(together)) if "." in together else set()
    if may_address(together) or any(map(may_look_alike, hosts)):
        for text in own:
            hosts |= _hosts_of(text)
    return frozenset(hosts)


def _hosts_of(text: _Text) -> set[str]:
    """Read piece by piece, as an answer is."""
    if not text.places and not may_address(text.wire):
        return set()
    address = Address()
    hosts: set[str] = set()
    for number, piece in enumerate(text.pieces or [Piece(text.wire)]):
        if piece.token:
            ahead = "".join(each.wire for each in text.pieces[number : number + 24])
            host = address.host(ahead, more=False)
            hosts |= set() if host is None else {host}
        address.read(piece.wire)
    return hosts | address.finish()


def _tools(body: Any) -> frozenset[str]:
    """Names of the tools that the caller declared, as any dialect says it."""
    if type(body) is not dict:
        return frozenset()
    names: set[str] = set()
    for tool in body.get("tools") or ():
        if type(tool) is not dict:
            continue
        for holder in (tool, tool.get("function"), *(tool.get("functionDeclarations") or ())):
            if type(holder) is dict and type(holder.get("name")) is str:
                names.add(holder["name"])
    return frozenset(names)


__all__ = ["TOKENS", "Deidentified", "Plan", "Strategy", "deidentify"]
