"""A request and what was found in it become a request without values, and the mapping that puts them back.

    leaves ─> places (findings, look-alikes, further mentions) ─> tokens in counting order ─> texts ─> body, mapping

What cannot be taken out (a topic, a passage, the name of the model, a number never allowed outside) is returned as `left`:
whoever asked has to keep the request at home.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct

from haechi.catalogue.tokens import about_the_text
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.label import Finding
from haechi.domain.mapping import NOTHING_TAKEN, Mapping, Taken
from haechi.domain.taking import Strategy
from haechi.domain.token import OPEN
from haechi.gateway.deidentify.caller import hosts, tools
from haechi.gateway.deidentify.generalise import generalised
from haechi.gateway.deidentify.leaves import leaves, rewritten
from haechi.gateway.deidentify.loose import loose_words
from haechi.gateway.deidentify.numbering import Numbering, Token
from haechi.gateway.deidentify.places import Place, is_json
from haechi.gateway.deidentify.surrogates import Surrogates
from haechi.gateway.deidentify.texts import Text, placed
from haechi.gateway.deidentify.wording import worded


class Plan(Struct, frozen=True):
    """How values of each kind are taken out; a kind without a line becomes a token. `seed` is secret, the same in every
    turn, and what surrogates are drawn with; `today` is what ages are counted to."""

    strategies: dict[str, Strategy] = {}
    seed: bytes = b""
    today: date | None = None


TOKENS: Final = Plan()


class Deidentified(Struct, frozen=True):
    """A request without values. `left` has to keep it at home; `counts`: how many places of each kind were changed;
    `gone`: what does not come back, and the word that stands for it."""

    body: Any
    mapping: Mapping
    left: tuple[Finding, ...] = ()
    counts: dict[str, int] = {}
    gone: tuple[Taken, ...] = ()

    @property
    def replaced(self) -> tuple[Taken, ...]:
        """Everything that was taken out, whether it comes back or not."""
        return (*self.mapping.taken, *self.gone)


def deidentify(
    body: Any, findings: Iterable[Finding], plan: Plan = TOKENS, strangers: Sequence[str] = ()
) -> Deidentified:
    """Take what was found out of `body`, a decoded request in any dialect. Linear in its length.

    `strangers` are pointers of parts that stand in the caller's place and are not his words: pages that were retrieved,
    files that were read. Their hosts receive no values.
    """
    found = tuple(findings)
    removable = [one for one in found if not _never(one)]
    left = [one for one in found if _never(one) or one.kind in NEVER_OUTSIDE]
    if not removable:
        return Deidentified(body, NOTHING_TAKEN, tuple(left))
    texts = placed(leaves(body, {one.pointer for one in removable}), removable)
    numbering = Numbering()
    gone = _number(texts, numbering, plan)
    whole = {text.leaf.pointer for text in texts if not text.json or is_json(text.wire)}
    left += [one for one in removable if one.pointer not in whole]
    try:
        new = rewritten(body, {text.leaf.pointer: text.wire for text in texts if text.places})
    except KeyError:  # two keys would become one
        return Deidentified(body, NOTHING_TAKEN, found)
    return Deidentified(new, _mapping(texts, numbering, body, strangers), tuple(left), _counts(texts), gone)


def _never(one: Finding) -> bool:
    """Whether no token can stand for it: what is said of a passage, and the name of the model."""
    return about_the_text(one.kind) or one.pointer == "/model"


def _counts(texts: Iterable[Text]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for place in text.places:
            counts[place.kind] = counts.get(place.kind, 0) + 1
    return counts


def _number(texts: Sequence[Text], numbering: Numbering, plan: Plan) -> tuple[Taken, ...]:
    """Give every place what stands for it, write the texts, and say what does not come back."""
    gone: dict[Taken, None] = {}
    surrogates = Surrogates(plan.seed, (text.leaf.text for text in texts)) if plan.strategies else None
    for text in texts:
        if not text.places:
            text.wire = text.leaf.text
            continue
        stand_ins = [_stand_in(place, numbering, surrogates, plan) for place in text.places]
        pairs = zip(text.places, stand_ins, strict=True)
        gone |= {
            Taken(word, at.value, at.kind, at.escaped, at.bare): None
            for at, word in pairs
            if isinstance(word, str)
        }
        text.pieces = worded(
            text.leaf.text,
            text.places,
            stand_ins,
            particles=not text.leaf.arguments and not text.leaf.number,
            quoted=not text.leaf.number,
        )
        text.wire = "".join(piece.wire for piece in text.pieces)
    return tuple(gone)


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


def _mapping(texts: Sequence[Text], numbering: Numbering, body: Any, strangers: Sequence[str]) -> Mapping:
    taken = tuple(numbering.taken())
    names = frozenset(each.token.partition("_")[0] for each in taken if not each.fixed)
    tokens = frozenset(each.token for each in taken)
    words = loose_words((text.wire for text in texts), names, tokens)
    return Mapping(taken, hosts(texts, strangers), tools(body), words, _framed(texts))


def _framed(texts: Iterable[Text]) -> frozenset[str]:
    pieces = (piece for text in texts for piece in text.pieces)
    return frozenset(piece.wire[1:-1] for piece in pieces if piece.token and piece.wire[0] == OPEN)
