"""A text with tokens in it: brackets where something touches them, particles that fit them."""

from collections.abc import Sequence

from msgspec import Struct

from haechi.domain.particles import LONGEST, Found, particle_at
from haechi.domain.token import CLOSE, OPEN, touches
from haechi.gateway.deidentify.numbering import Token
from haechi.gateway.deidentify.places import Place


class Piece(Struct):
    """Some of a text as it is sent; `token`: it stands for a value."""

    wire: str
    token: bool = False


def worded(
    text: str, places: Sequence[Place], stand_ins: Sequence[Token | str], *, particles: bool, quoted: bool
) -> list[Piece]:
    """`text` with what stands for its places, in pieces. `quoted`: a number's token needs quotes of its own."""
    pieces: list[Piece] = []
    at = 0
    for number, (place, stand_in) in enumerate(zip(places, stand_ins, strict=True)):
        if place.start > at:
            pieces.append(Piece(text[at : place.start]))
        at = place.end
        if isinstance(stand_in, str):
            pieces.append(Piece(f'"{stand_in}"' if place.bare and quoted else stand_in))
            continue
        if stand_in.writing.fixed or place.bare:
            wire = stand_in.token
            pieces.append(Piece(f'"{wire}"' if place.bare and quoted else wire, token=True))
            continue
        behind = _behind(text, places, stand_ins, number)
        if _touched(text, places, number, behind):
            pieces.append(Piece(f"{OPEN}{stand_in.token}{CLOSE}", token=True))
            continue
        found = particle_at(behind, 0) if particles else None
        if found is None:
            pieces.append(Piece(stand_in.token, token=True))
        elif _odd(stand_in, found):
            pieces.append(Piece(f"{OPEN}{stand_in.token}{CLOSE}", token=True))
        else:
            pieces += (
                Piece(stand_in.token, token=True),
                Piece(behind[: found.start] + stand_in.says(found.pair)),
            )
            at += found.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def _behind(text: str, places: Sequence[Place], stand_ins: Sequence[Token | str], number: int) -> str:
    """What is sent behind a place, as far as particles and brackets ask."""
    end = places[number].end
    if number + 1 == len(places) or places[number + 1].start >= end + LONGEST:
        return text[end : end + LONGEST]
    following = stand_ins[number + 1]
    first = (following.writing.fixed or OPEN) if isinstance(following, Token) else following
    return text[end : places[number + 1].start] + first[:1]


def _touched(text: str, places: Sequence[Place], number: int, behind: str) -> bool:
    """Whether a bare token would not be known again here."""
    start = places[number].start
    if number and places[number - 1].end == start:
        return True
    adjoined = number + 1 < len(places) and places[number + 1].start == places[number].end
    return touches(text[start - 1 : start]) or (touches(behind[:1]) and not (adjoined and behind[0] == OPEN))


def _odd(token: Token, found: Found) -> bool:
    """Whether the particle would not come back as it is: then nothing is changed about it."""
    return found.form is None or not token.hears(found.pair, found.form)
