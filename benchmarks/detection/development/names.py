"""Names of invented people: Korean, spaced, Hanja, romanised, foreign in Hangul, English.

A surname is drawn by how many bear it; a given name comes from the list or is put together of two syllables, so
that a detector cannot learn the list by heart.
"""

import functools
import itertools
import random
from collections.abc import Callable

from benchmarks.detection.development.draw import rows, words

_FIRST = (
    "가건경광규근기나다대도동라민병보상서석선성세소송수승시아연영예용우운원유윤은의이인재정종주준지진찬채"
    "철태하한해현형혜호효희"
)
_SECOND = (
    "겸경곤관구규균근기나남담란람록림미민배범별빈상서석선섭성솔수숙순슬식아안애연열엽영오옥완용우욱운웅원"
    "유윤율은이인자재정제주준지진찬찬철태택표필하학한헌혁현형혜호홍환훈휘희"
)
_HANJA = (
    "賢俊民秀智恩英美相東哲宇成珍京淑熙善錫基永泰仁正浩承源昌星燦榮貞允柱政道勳植玉蓮河震圭炯采彬瑞延準眞"
)
_ROMAN_FIRST = [
    "Ji",
    "Min",
    "Seo",
    "Hyun",
    "Soo",
    "Young",
    "Eun",
    "Jae",
    "Sung",
    "Kyung",
    "Dong",
    "Sang",
    "Woo",
    "Tae",
    "Jin",
    "Hye",
    "Yoon",
    "Ha",
    "Do",
    "Seung",
    "In",
    "Chan",
]
_ROMAN_SECOND = [
    "ho",
    "min",
    "hyun",
    "woo",
    "young",
    "jin",
    "su",
    "won",
    "hee",
    "yeon",
    "ah",
    "seok",
    "jun",
    "bin",
    "hwan",
    "ok",
    "mi",
    "sook",
    "ran",
    "kyu",
    "tae",
    "chul",
]
_ENGLISH_FIRST = [
    "Alice",
    "Andrew",
    "Anita",
    "Benjamin",
    "Brian",
    "Carla",
    "Catherine",
    "Daniel",
    "Diana",
    "Edward",
    "Elena",
    "Emily",
    "Farah",
    "Fiona",
    "George",
    "Grace",
    "Hannah",
    "Harold",
    "Ian",
    "Irene",
    "James",
    "Julia",
    "Karen",
    "Kevin",
    "Laura",
    "Liam",
    "Margaret",
    "Martin",
    "Nadia",
    "Nathan",
    "Olivia",
    "Oscar",
    "Patricia",
    "Peter",
    "Priya",
    "Rachel",
    "Robert",
    "Rosa",
    "Samuel",
    "Sandra",
    "Simon",
    "Sofia",
    "Stephen",
    "Teresa",
    "Thomas",
    "Victor",
    "Wendy",
    "William",
    "Yusuf",
    "Zoe",
]
_ENGLISH_LAST = [
    "Abbott",
    "Ahmed",
    "Allen",
    "Anderson",
    "Bailey",
    "Becker",
    "Bennett",
    "Brooks",
    "Carter",
    "Chapman",
    "Collins",
    "Cooper",
    "Cruz",
    "Dawson",
    "Diaz",
    "Edwards",
    "Evans",
    "Fischer",
    "Fletcher",
    "Foster",
    "Gonzalez",
    "Graham",
    "Gupta",
    "Harris",
    "Hughes",
    "Iyer",
    "Jenkins",
    "Johnson",
    "Khan",
    "Lambert",
    "Lewis",
    "Marsh",
    "Mitchell",
    "Morgan",
    "Nguyen",
    "O'Brien",
    "Olsen",
    "Patel",
    "Perry",
    "Quinn",
    "Reyes",
    "Russell",
    "Schmidt",
    "Shaw",
    "Sullivan",
    "Thompson",
    "Tucker",
    "Walsh",
    "Watson",
    "Wheeler",
]
_RARE_LENGTH = 0.04
"""The share of given names of one syllable; three are half as frequent."""


@functools.cache
def _surnames() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Surnames with their running weights; compounds are raised so that a small corpus holds some."""
    table = rows("surnames.tsv")
    weights = (max(int(row[1]), 150_000 if len(row[0]) == 2 else 5_000) for row in table)
    return tuple(row[0] for row in table), tuple(itertools.accumulate(weights))


def surname(chance: random.Random) -> str:
    """A surname, common ones more often."""
    names, weights = _surnames()
    return chance.choices(names, cum_weights=weights)[0]


def given(chance: random.Random) -> str:
    """A given name of two syllables, seldom of one or three."""
    draw = chance.random()
    if draw < _RARE_LENGTH:
        return chance.choice("건겸결민빈산설솔신안완욱율은준진찬철혁현환훈휘")
    if draw < _RARE_LENGTH * 1.5:
        return chance.choice(("가온누", "나라빛", "다솜이", "빛가람", "슬기론", "아름별", "한누리", "해오름"))
    if draw < 0.5:
        return chance.choice([name for name in words("given_names.txt") if len(name) == 2])
    return chance.choice(_FIRST) + chance.choice(_SECOND)


def called(chance: random.Random) -> str:
    """A given name by which somebody is addressed: two syllables."""
    return chance.choice(_FIRST) + chance.choice(_SECOND)


def korean(chance: random.Random) -> str:
    """Surname and given name, written together."""
    return surname(chance) + given(chance)


def spaced(chance: random.Random) -> str:
    """A name set with spaces, every syllable apart or only the surname."""
    name = korean(chance)
    if chance.random() < 0.75:
        return " ".join(name)
    family = surname(chance)
    return f"{family} {given(chance)}"


def hanja(chance: random.Random) -> str:
    """A name in Chinese characters."""
    family = chance.choice([row[2] for row in rows("surnames.tsv")[:60]])
    return family + "".join(chance.sample(_HANJA, 2))


def roman(chance: random.Random) -> str:
    """A Korean name in Latin letters, in one of the orders and spellings people use."""
    table = rows("surnames.tsv")
    family = chance.choice(table[chance.choices(range(40), range(40, 0, -1))[0]][3].split(";"))
    first, second = chance.choice(_ROMAN_FIRST), chance.choice(_ROMAN_SECOND)
    shapes: tuple[Callable[[], str], ...] = (
        lambda: f"{family} {first}{second}",
        lambda: f"{first}{second} {family}",
        lambda: f"{first}-{second} {family}",
        lambda: f"{family} {first}-{second}",
        lambda: f"{family.upper()} {first.upper()}{second.upper()}",
        lambda: f"{family}, {first} {second.title()}",
        lambda: f"{family.upper()}, {first}{second}",
    )
    return chance.choice(shapes)()


def foreign(chance: random.Random) -> str:
    """A name from abroad as Koreans write it."""
    table = rows("foreign_names.tsv")
    origin = chance.choice(sorted({row[1] for row in table}))
    here = [row for row in table if row[1] == origin]
    givens = [row[0] for row in here if row[2] in {"first", "given", "both"}] or [row[0] for row in here]
    families = [row[0] for row in here if row[2] in {"last", "family", "both"}] or givens
    if origin == "ja":  # the list calls the written first word "first", which is the family name
        givens, families = families, givens
    one, family = chance.choice(givens), chance.choice(families)
    if origin == "vi":
        return family + "".join(chance.choices(givens, k=2)) if chance.random() < 0.5 else f"{family} {one}"
    if origin == "zh":
        return family + one
    return f"{family} {one}" if origin == "ja" else f"{one} {family}"


def english(chance: random.Random) -> str:
    """An English name: both words, with an initial, or turned round."""
    first, last = chance.choice(_ENGLISH_FIRST), chance.choice(_ENGLISH_LAST)
    initial = chance.choice("ABCDEFGHJKLMPRST")
    return chance.choices(
        (f"{first} {last}", f"{first} {initial}. {last}", f"{last}, {first}", f"{initial}. {last}"),
        (8, 1, 1, 1),
    )[0]


def person(chance: random.Random) -> str:
    """A name as business texts hold it: mostly Korean, written together."""
    return chance.choices((korean, spaced, foreign, hanja), (88, 5, 5, 2))[0](chance)


PEOPLE: dict[str, Callable[[random.Random], str]] = {
    "person": person,
    "person/ko": korean,
    "person/spaced": spaced,
    "person/given": called,
    "person/surname": surname,
    "person/hanja": hanja,
    "person/roman": roman,
    "person/foreign": foreign,
    "person/en": english,
}
"""What a template may ask for. `given` and `surname` stand only beside a title or a vocative."""
