"""Names of invented people, drawn more widely than any corpus would: the network shall learn shapes, not lists."""

import functools
import itertools
import random
import re
from pathlib import Path

from training.names import lists
from training.names.romanise import syllable
from training.names.words import syllables, words

_FIRST, _SECOND = syllables("first_syllables"), syllables("second_syllables")
_SINGLE, _HANJA = syllables("single_syllables"), syllables("hanja")
_PURE, _PURE_LONG = words("pure"), words("pure_long")
_KOREAN_ABROAD = (
    "김",
    "김",
    "리",
    "이",
    "박",
    "최",
    "정",
    "한",
    "조",
    "강",
    "킴",
    "초이",
    "팍",
    "손",
    "장",
    "송",
    "윤",
)
_SMALL = ("de", "van", "van den", "von", "della", "di", "da", "al", "bin", "el", "dos", "le", "del")


class People:
    """Draws names; `folder` holds the reference lists."""

    def __init__(self, folder: Path, dictionary: Path) -> None:
        table = lists.rows(folder, "surnames.tsv")
        self.surnames = [row[0] for row in table]
        weights = [max(int(row[2] or 0), 150_000 if len(row[0]) == 2 else 12_000) for row in table]
        self._weights = list(itertools.accumulate(weights))
        self._flat = list(itertools.accumulate(weight**0.5 for weight in weights))
        self._hanja = [letter for row in table for letter in re.findall("[一-龥]{1,2}", row[1])]
        self._roman = {row[0]: [s for s in [*row[4].split(";"), row[3]] if s] for row in table}
        self._nouns = [
            row[0] for row in lists.rows(folder, "nouns.txt") if row[1] == "NNG" and len(row[0]) == 2
        ][:6000]
        self.listed = [row[0] for row in lists.rows(folder, "given_names.tsv")]
        foreign = lists.rows(folder, "foreign_names.tsv")
        self._foreign: dict[str, tuple[list[str], list[str]]] = {}
        for origin in (
            "en",
            "ja",
            "vi",
            "zh",
            "th",
            "uz_kz",
            "mn",
            "ne_bd_lk_in_pk",
            "kh_mm_id_la",
            "ph",
            "",
        ):
            here = [row for row in foreign if (origin in row[1].split(";") if origin else not row[1])]
            first = [row[0] for row in here if row[2] in {"first", "given", "both"}]
            last = [row[0] for row in here if row[2] in {"last", "family", "both"}]
            self._foreign[origin] = (first or last, last or first)
        self._everyone = [row[0] for row in foreign]
        self._abroad = lists.people_of(dictionary)
        self._abroad_words = sorted({word for full in self._abroad for word in full.split() if len(word) > 1})
        self._english_first, self._english_last = lists.english()
        self._world_first, self._world_last = lists.world()

    def surname(self, chance: random.Random) -> str:
        """A surname: as they are borne, more evenly, or any at all."""
        draw = chance.random()
        if draw < 0.12:
            return chance.choice(self.surnames)
        return chance.choices(self.surnames, cum_weights=self._weights if draw < 0.5 else self._flat)[0]

    def given(self, chance: random.Random) -> str:
        """A given name, mostly of two syllables."""
        draw = chance.random()
        if draw < 0.07:
            return chance.choice(_SINGLE)
        if draw < 0.08:
            return chance.choice(_PURE_LONG)
        if draw < 0.09:
            return chance.choice(_PURE) + chance.choice(_SECOND)
        return self.called(chance)

    def called(self, chance: random.Random) -> str:
        """A given name of two syllables."""
        draw = chance.random()
        if draw < 0.09:
            return chance.choice(_PURE)
        if draw < 0.11:
            return chance.choice(self._nouns)
        if draw < 0.45:
            return chance.choice(
                [name for name in chance.choices(self.listed, k=5) if len(name) == 2] or ["지우"]
            )
        return chance.choice(_FIRST) + chance.choice(_SECOND)

    def korean(self, chance: random.Random) -> str:
        """Surname and given name; now and then the one that every form is filled in with."""
        draw = chance.random()
        if draw < 0.004:
            return "홍길동"
        if draw < 0.03:
            return self.surname(chance) + chance.choice(self._nouns)  # a word may be a name, too
        return self.surname(chance) + self.given(chance)

    def spaced(self, chance: random.Random) -> str:
        """A name with white space in it."""
        family, given = self.surname(chance), self.given(chance)
        if chance.random() < 0.2:
            given = chance.choice(_SINGLE)
        if chance.random() < 0.02:
            family, given = "홍", "길동"
        gap = chance.choice([" ", " ", " ", "  ", "   "]) if chance.random() < 0.97 else "\n"
        return chance.choice([gap.join(family + given)] * 3 + [f"{family} {given}"])

    def hanja(self, chance: random.Random) -> str:
        """A name in Chinese characters."""
        return chance.choice(self._hanja[:120]) + "".join(
            chance.sample(_HANJA, 2 if chance.random() < 0.9 else 1)
        )

    def foreign(self, chance: random.Random) -> str:
        """A name from abroad in Hangul, in one of the ways of writing it."""
        draw = chance.random()
        if draw < 0.06:
            return f"{self.foreign_word(chance)} {chance.choice(_KOREAN_ABROAD)}"
        if draw < 0.42:
            joint = chance.choice([" ", " ", " ", "", "·"])
            return joint.join(chance.choice(self._abroad).split())
        origin = chance.choice(["en", "en", "en", "", "", "", *self._foreign])
        first, last = self._foreign[origin]
        one, family = chance.choice(first), chance.choice(last)
        if origin == "vi":
            middle = chance.choice(first)
            return chance.choice(
                [family + middle + one, f"{family} {one}", f"{family} {middle} {one}", family + one]
            )
        if origin == "zh":
            return family + one
        if origin == "ja":
            return chance.choice([f"{one} {family}", f"{one} {family}", one + family])
        joint = chance.choice([" ", " ", " ", "", "·"])
        middle = joint + chance.choice(first) if chance.random() < 0.08 else ""
        return f"{one}{middle}{joint}{family}"

    def foreign_word(self, chance: random.Random) -> str:
        """One word of a name from abroad."""
        if chance.random() < 0.5:
            return chance.choice(self._abroad_words)
        return chance.choice(
            [name for name in chance.choices(self._everyone, k=4) if len(name) > 1] or ["메리"]
        )

    def roman_parts(self, chance: random.Random) -> tuple[str, str, str]:
        """Surname and the two syllables of a given name in Latin letters."""
        family = chance.choice(
            self._roman[chance.choices(self.surnames, cum_weights=self._flat)[0]] or ["Kim"]
        )
        name = self.called(chance)
        one, two = (chance.choice(syllable(letter, chance.random() < 0.8)) for letter in name)
        return family.title(), one.title(), two

    def roman(self, chance: random.Random) -> str:
        """A Korean name in Latin letters, in either order."""
        family, one, two = self.roman_parts(chance)
        given = chance.choice(
            [one + two, f"{one}-{two}", f"{one} {two.title()}", f"{one}-{two.title()}", one + two]
        )
        written = chance.choice(
            [f"{family} {given}", f"{given} {family}", f"{given} {family}", f"{family}, {given}"]
        )
        draw = chance.random()
        if draw < 0.15:
            return written.upper()
        if draw < 0.25:
            return written.replace(family, family.upper())
        return written

    def english_first(self, chance: random.Random) -> str:
        """A first name."""
        return _capital(_skewed(self._english_first, chance))

    def english_last(self, chance: random.Random) -> str:
        """A family name."""
        name = _skewed(self._english_last, chance)
        draw = chance.random()
        if draw < 0.03:
            return "O'" + _capital(name)
        if draw < 0.05 and len(name) > 3:
            return "Mc" + _capital(name)
        if draw < 0.07:
            return f"{_capital(name)}-{_capital(_skewed(self._english_last, chance))}"
        return _capital(name)

    def world_first(self, chance: random.Random) -> str:
        """A first name of any country, in Latin letters."""
        return _capital(chance.choice(self._world_first))

    def world_last(self, chance: random.Random) -> str:
        """A family name of any country, in Latin letters."""
        return _capital(chance.choice(self._world_last))

    def world(self, chance: random.Random) -> str:
        """A name of any country, in Latin letters."""
        first, last = self.world_first(chance), self.world_last(chance)
        draw = chance.random()
        if draw < 0.15:
            last = self.roman_parts(chance)[0]
        elif draw < 0.22:
            last = f"{chance.choice(_SMALL)} {last}"
        elif draw < 0.3:
            first = f"{first} {self.world_first(chance)}"
        elif draw < 0.34:
            last = f"{last[0]}."
        elif draw < 0.38:
            first, last = last, first
        written = f"{first} {last}"
        return written.upper() if chance.random() < 0.05 else written

    def roman_given(self, chance: random.Random) -> str:
        """A Korean given name alone, in Latin letters."""
        _, one, two = self.roman_parts(chance)
        return chance.choice(
            [one + two] * 6 + [f"{one}-{two}", f"{one} {two.title()}", f"{one}-{two.title()}"]
        )

    def slashed(self, chance: random.Random) -> str:
        """A name as airlines write it."""
        if chance.random() < 0.3:
            return f"{self.world_last(chance)}/{self.world_first(chance)}".upper()
        family, one, two = self.roman_parts(chance)
        return f"{family}/{one}{two}".upper()

    def english(self, chance: random.Random) -> str:
        """An English name in one of its orders."""
        first, last = self.english_first(chance), self.english_last(chance)
        initial = chance.choice("ABCDEFGHJKLMNPRSTW")
        shapes = [f"{first} {last}", f"{first} {initial}. {last}", f"{last}, {first}", f"{initial}. {last}"]
        shapes += [f"{first} {self.english_first(chance)} {last}", f"{last}, {first} {initial}."]
        written = chance.choices(shapes, (14, 2, 3.5, 2.5, 1, 0.7))[0]
        return written.upper() if chance.random() < 0.03 else written

    def business(self, chance: random.Random) -> str:
        """A name as business texts hold it."""
        draw = (
            self.korean, self.foreign, self.spaced, self.hanja, self.roman, self.english, self.world,
            self.called, self.roman_given,
        )  # fmt: skip
        return chance.choices(draw, (81, 7, 3, 0.7, 2.5, 1.5, 2, 1.5, 0.8))[0](chance)


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _skewed(names: list[str], chance: random.Random) -> str:
    """The lists begin with what is common; half of the draws come from there."""
    return names[int(len(names) * chance.random() ** 2)]


@functools.cache
def people(folder: Path, dictionary: Path) -> People:
    """One drawer for a folder of lists."""
    return People(folder, dictionary)
