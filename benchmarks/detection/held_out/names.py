"""Invented people: names composed of syllables, so that none is anybody's but by chance."""

import tomllib
from random import Random
from typing import Any

from benchmarks.detection.held_out.shape import HERE, Maker, Value

_LISTS: dict[str, Any] = tomllib.loads((HERE / "lists" / "names.toml").read_text(encoding="utf-8"))
_SURNAMES: dict[str, list[Any]] = _LISTS["surnames"]
_COMPOUND: dict[str, list[str]] = _LISTS["compound"]
_SYLLABLES: dict[str, list[str]] = _LISTS["syllables"]
_FIRST: str = _LISTS["first"]
_LAST: str = _LISTS["last"]
_ALONE: str = _LISTS["alone"]
_NATIVE: list[str] = _LISTS["native"]
_WORDS: frozenset[str] = frozenset(_LISTS["words"])
_FOREIGN: list[dict[str, list[str]]] = _LISTS["foreign"]
_ENGLISH: dict[str, list[str]] = _LISTS["english"]


def surname(chance: Random) -> str:
    """A surname of one syllable, as frequent as the census says it is, roughly."""
    return chance.choices(list(_SURNAMES), [entry[0] for entry in _SURNAMES.values()])[0]


def given(chance: Random) -> str:
    """A given name of two syllables."""
    while True:
        name = chance.choice(_FIRST) + chance.choice(_LAST)
        if name[0] != name[1] and name not in _WORDS:
            return name


def korean(chance: Random) -> str:
    """A full name as it stands in most documents."""
    roll = chance.random()
    if roll < 0.05:
        return chance.choice(list(_COMPOUND)) + (chance.choice(_ALONE) if roll < 0.01 else given(chance))
    if roll < 0.12:
        return short(chance)
    if roll < 0.15:
        return surname(chance) + chance.choice(_NATIVE)
    return _not_a_word(chance, lambda again: surname(again) + given(again))


def short(chance: Random) -> str:
    """A full name of two syllables."""
    return _not_a_word(chance, lambda again: surname(again) + again.choice(_ALONE))


def spaced(chance: Random) -> str:
    """A name spread out, as in forms and on invitations."""
    name = korean(chance)
    head = 2 if name[:2] in _COMPOUND else 1
    gap = chance.choice((" ", " ", " ", "  ", "\u3000"))
    if chance.random() < 0.25:
        return name[:head] + " " + name[head:]
    return gap.join(name)


def foreign(chance: Random) -> str:
    """A foreigner's name written in Hangul."""
    people = chance.choice(_FOREIGN)
    return _joined(chance, people)


def hanja(chance: Random) -> str:
    """A name in Chinese characters."""
    while True:
        family, first, last = surname(chance), chance.choice(_FIRST), chance.choice(_LAST)
        if family in _SURNAMES and _SYLLABLES[first][1] and _SYLLABLES[last][1] and first != last:
            return str(_SURNAMES[family][2]) + _SYLLABLES[first][1] + _SYLLABLES[last][1]


def roman(chance: Random) -> str:
    """A Korean name in Latin letters, in the orders and hyphenations people use."""
    family, first, second = romanised_parts(chance)
    joined = f"{first}{second}".capitalize()
    hyphened = f"{first.capitalize()}-{second}"
    return chance.choice(
        (
            f"{family} {joined}",
            f"{joined} {family}",
            f"{hyphened} {family}",
            f"{family} {hyphened}",
            f"{first.capitalize()} {second.capitalize()} {family}",
            f"{family.upper()}, {joined}",
            f"{family.upper()} {first.upper()}{second.upper()}",
        )
    )


def romanised_parts(chance: Random) -> tuple[str, str, str]:
    """Family name and two syllables, romanised."""
    name = given(chance)
    return str(_SURNAMES[surname(chance)][1]), _SYLLABLES[name[0]][0], _SYLLABLES[name[1]][0]


def english(chance: Random) -> str:
    """An English name, now and then with a middle initial."""
    first, last = chance.choice(_ENGLISH["first"]), chance.choice(_ENGLISH["last"])
    if chance.random() < 0.12:
        return f"{first} {chance.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
    return f"{first} {last}"


def account(chance: Random) -> str:
    """The local part of a mail address."""
    family, first, second = (part.lower() for part in romanised_parts(chance))
    number = chance.randrange(1, 99)
    return chance.choice(
        (
            f"{first}{second}.{family}",
            f"{first[0]}{second[0]}{family}",
            f"{family}_{first}{second}",
            f"{first}.{second}",
            f"{family}{first[0]}{second[0]}{number:02d}",
            f"{second}{first}-{family}",
            f"{first}{second}+{chance.choice(('order', 'news', 'hr'))}",
            f"x{number}.{family}",
        )
    )


def person(chance: Random) -> Value:
    """A name as it comes: mostly Korean, now and then a foreigner's."""
    return Value(foreign(chance) if chance.random() < 0.06 else korean(chance), "person")


def _joined(chance: Random, people: dict[str, list[str]]) -> str:
    family = people.get("family")
    if family is None:
        return chance.choice(people["whole"])
    parts = [chance.choice(family)]
    if middle := people.get("middle"):
        parts.append(chance.choice(middle))
    parts.append(chance.choice(people["given"]))
    if people.get("order") == ["given"]:
        parts.reverse()
    return people.get("gap", [" "])[0].join(parts)


def _not_a_word(chance: Random, make: Maker) -> str:
    name = make(chance)
    while name in _WORDS:
        name = make(chance)
    return name
