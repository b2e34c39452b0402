"""A template becomes a text in which the places of the names are known."""

import dataclasses
import random
import re
from pathlib import Path

from training.names import lists
from training.names.people import People, people
from training.names.words import syllables, words

_DEPARTMENTS = words("departments")
_FIRM_HEADS = words("firm_heads")
_FIRM_TAILS = words("firm_tails")
_PRODUCTS = words("products")
_BANKS = words("banks")
_PLACES = words("places")
_PLACES_EN = words("places_en")
_TITLES = words("titles")
_ENGLISH_WORDS = words("english_words")
_MAIL_WORDS = words("mail_words")
_SUFFIXES = words("suffixes")
_MEDICAL = words("medical")
_FIRMS_EN = words("firms_en")
_PROPER = words("proper")
_BRANDS, _DRUGS, _LOANS, _KIN = words("brands"), words("drugs"), words("loans"), words("kin")
_SHIPS, _WORLD, _FIRM_WORDS = words("ship_heads"), words("world"), words("firm_words")
_STEMS, _COIN_TAILS, _FOODS_EN = words("stems"), words("coin_tails_en"), words("foods_en")
_DRUGS_EN, _MONTHS_EN = words("drugs_en"), words("months_en")
_BANKS_MORE, _BANKS_EN, _GROUPS = words("banks_more"), words("banks_en"), words("groups")
_REGIONS, _LABELS_EN = words("regions"), words("labels_en")
_COIN = syllables("coin_syllables")
_MASKS = "○○○OO〇**●XxＯ□＊△"

_SLOT = re.compile(r"\{(\w+)\}|\[([^\]\[/]{1,3})/([^\]\[/]{0,3})\]|\((으)\)로|\(이\)(라고)|(⏎)|(\{\{|\}\})")


@dataclasses.dataclass(frozen=True)
class Labelled:
    """A text and where its names are, in code points."""

    text: str
    names: tuple[tuple[int, int], ...] = ()
    others: tuple[tuple[int, int, int], ...] = ()
    """What else is named, and its sort; known for public sentences only."""

    def __add__(self, other: "Labelled") -> "Labelled":
        shift = len(self.text)
        return Labelled(
            self.text + other.text,
            self.names + tuple((a + shift, b + shift) for a, b in other.names),
            self.others + tuple((a + shift, b + shift, sort) for a, b, sort in other.others),
        )


def plain(text: str) -> Labelled:
    """A text without a name."""
    return Labelled(text)


def name(text: str) -> Labelled:
    """A text that is a name and nothing else."""
    return Labelled(text, ((0, len(text)),))


def join(separator: str, pieces: list[Labelled]) -> Labelled:
    """Pieces with a separator between them."""
    whole = pieces[0] if pieces else plain("")
    for piece in pieces[1:]:
        whole = whole + plain(separator) + piece
    return whole


class Slots:
    """Fills templates. The same chance gives the same text."""

    def __init__(self, folder: Path, dictionary: Path) -> None:
        self.people: People = people(folder, dictionary)
        self._things = lists.things_of(dictionary)
        nouns = lists.rows(folder, "nouns.txt")
        self.words = [row[0] for row in nouns if row[1] in {"NNG", "XR"}][:12_000]
        self.lookalikes = [row[0] for row in nouns if row[3] == "1" and row[4] == "0" and row[1] != "NP"]
        self._english = lists.words_shipped("latin_word")
        districts = lists.rows(folder, "districts.tsv")
        self.districts = sorted({row[4].split()[-1] for row in districts if row[4] and len(row[4]) <= 5})
        self.people_slots = {
            "n": self.people.business, "k": self.people.korean, "g": self.people.called,
            "s": self.people.surname, "f": self.people.foreign, "f1": self.people.foreign_word,
            "r": self.people.roman, "h": self.people.hanja, "sp": self.people.spaced,
            "e": self.people.english, "e1": self.people.english_first, "el": self.people.english_last,
            "w": self.people.world, "w1": self.people.world_first, "wl": self.people.world_last, "rg": self.people.roman_given,
            "fs": self.people.slashed,
            "rs": lambda chance: self.people.roman_parts(chance)[0],
            "R": self._capitals,
            "RS": lambda chance: self.people.roman_parts(chance)[0].upper(),
            "RG": lambda chance: " ".join(self.people.roman_parts(chance)[1:]).upper(),
        }  # fmt: skip

    def _capitals(self, chance: random.Random) -> str:
        family, one, two = self.people.roman_parts(chance)
        written = chance.choice(
            [f"{family} {one}{two}", f"{family} {one} {two}", f"{one}{two} {family}", f"{family}/{one}{two}"]
        )
        return written.upper()

    def fill(self, template: str, chance: random.Random) -> Labelled:
        """The template with every slot filled."""
        whole, place = plain(""), 0
        for slot in _SLOT.finditer(template):
            whole = whole + plain(template[place : slot.start()]) + self._slot(slot, whole.text, chance)
            place = slot.end()
        return whole + plain(template[place:])

    def _slot(self, slot: re.Match[str], before: str, chance: random.Random) -> Labelled:
        word, closed, opened, softly, quoted, line, brace = slot.groups()
        if closed or softly or quoted:
            last = ord(before[-1]) - 0xAC00 if before and "가" <= before[-1] <= "힣" else 0
            final = last % 28
            if softly or closed == "으로":
                return plain("으로" if final not in {0, 8} else "로")
            if quoted:
                return plain("이라고" if final else "라고")
            return plain(closed if final else opened)
        if line:
            return plain("\n")
        if brace:
            return plain(brace[0])
        if word == "masked":
            return plain(self._masked(chance))
        if word in self.people_slots:
            return name(self.people_slots[word](chance))
        return plain(self.value(word, chance))

    def _masked(self, chance: random.Random) -> str:
        """A name half hidden: none."""
        mask = chance.choice(_MASKS)
        full = self.people.korean(chance)
        draw = chance.random()
        if draw < 0.45:
            return full[0] + mask * 2
        if draw < 0.75:
            return full[0] + mask + full[-1]
        if draw < 0.85:
            return full[0] + mask * chance.randint(1, 3)
        if draw < 0.92:
            return mask + full[1:]
        if draw < 0.96:
            return f"{full[0]} {mask} {mask}"
        roman = self.people.roman(chance).split()
        return " ".join(part[0] + "*" * max(len(part) - 1, 2) for part in roman)

    def _coined(self, chance: random.Random) -> str:
        return "".join(chance.sample(_COIN, chance.choices((2, 3, 4, 5), (2, 4, 4, 1))[0]))

    def _company(self, chance: random.Random) -> str:
        heads = (
            self.people.called, self._coined, lambda some: self.value("word", some), self._lookalike,
            lambda some: chance.choice(_FIRM_HEADS), lambda some: chance.choice(self.districts)[:2],
        )  # fmt: skip
        return chance.choices(heads, (4, 3, 2, 1, 2, 1))[0](chance) + chance.choice(_FIRM_WORDS)

    def _company_en(self, chance: random.Random) -> str:
        heads = (
            lambda some: self.people.world_last(some), lambda some: self.people.english_last(some),
            lambda some: chance.choice(_PLACES_EN), lambda some: self.value("Ew", some),
            lambda some: self.people.roman_given(some).replace(" ", "").replace("-", "").title(),
        )  # fmt: skip
        return f"{chance.choices(heads, (2, 2, 2, 3, 2))[0](chance)} {chance.choice(_COIN_TAILS)}"

    def _conjugated(self, chance: random.Random) -> str:
        """A verb with an ending, roughly."""
        stem = chance.choice(_STEMS)
        last = ord(stem[-1]) - 0xAC00
        if last % 28 == 0 and chance.random() < 0.75:
            if stem[-1] == "르" and len(stem) > 1 and chance.random() < 0.5:
                before = chr(ord(stem[-2]) + 8) if (ord(stem[-2]) - 0xAC00) % 28 == 0 else stem[-2]
                return stem[:-2] + before + chance.choice(["라", "라요", "라서", "라도"])
            return (
                stem[:-1]
                + chr(ord(stem[-1]) + chance.choice([4, 8, 17]))
                + chance.choice(["", "", "지만", "니다"])
            )
        if last % 28 and chance.random() < 0.4:
            return stem + chance.choice(["은", "을", "음", "아서", "으면", "아도", "습니다", "았다"])
        return stem + chance.choice(
            [
                "고",
                "는",
                "던",
                "면",
                "니",
                "지",
                "자",
                "나",
                "라",
                "네요",
                "세요",
                "기",
                "게",
                "도록",
                "려고",
                "지만",
            ]
        )

    def _lookalike(self, chance: random.Random) -> str:
        """A word shaped like a name: of the dictionary, or put together as Korean puts words together."""
        word = chance.choice(self.lookalikes)
        if chance.random() < 0.7:
            return word
        if chance.random() < 0.5 and len(word) == 2:
            return word + chance.choice(_SUFFIXES)
        return chance.choice(_MEDICAL) if chance.random() < 0.5 else word + chance.choice(self.words[:4000])

    def value(self, what: str, chance: random.Random) -> str:
        """Something that is no name."""
        number = chance.randint
        match what:
            case "word":
                return self.words[int(len(self.words) * chance.random() ** 2)]
            case "x":
                return self._lookalike(chance)
            case "thing":
                return chance.choice(self._things)
            case "tech":
                return chance.choice(_PROPER)
            case "AC":
                letters = "".join(chance.choices("ABCDEFGHIKLMNOPRSTUVX", k=chance.randint(2, 5)))
                return chance.choice(
                    [
                        letters,
                        letters,
                        f"{letters} {chance.randint(1, 99999)}",
                        f"{letters}-{chance.randint(1, 9999)}",
                    ]
                )
            case "bank2":
                return chance.choice(_BANKS_MORE)
            case "bank_en":
                return chance.choice(_BANKS_EN)
            case "group":
                return chance.choice(_GROUPS)
            case "region":
                return chance.choice(_REGIONS)
            case "lab":
                return chance.choice(_LABELS_EN)
            case "urg":
                given = self.people.roman_given(chance).replace(" ", "")
                return given.lower() if chance.random() < 0.5 else given
            case "spw":
                gap = " " * chance.choice([1, 1, 1, 2, 3, 6])
                what = chance.choice(["word", "x", "x", "co", "brand", "loan", "dept"])
                return gap.join(self.value(what, chance).replace(" ", ""))
            case "us":
                return self.people.surname(chance)
            case "hex7":
                return f"{chance.getrandbits(28):07x}"
            case "brand":
                return chance.choice(_BRANDS)
            case "drug":
                return chance.choice(_DRUGS)
            case "loan":
                return chance.choice(_LOANS)
            case "kin":
                return chance.choice(_KIN)
            case "ship":
                return chance.choice([chance.choice(_SHIPS), self.people.called(chance)]) + "호"
            case "world":
                return chance.choice(_WORLD)
            case "coin":
                return self._coined(chance)
            case "co":
                return self._company(chance)
            case "coin_en":
                return self._company_en(chance)
            case "conj":
                return self._conjugated(chance)
            case "food_en":
                return chance.choice(_FOODS_EN)
            case "drug_en":
                return chance.choice(_DRUGS_EN)
            case "month_en":
                return chance.choice(_MONTHS_EN)
            case "t":
                return chance.choice(_TITLES)
            case "dept":
                return chance.choice(_DEPARTMENTS)
            case "firm":
                body = (
                    self._company(chance)
                    if chance.random() < 0.6
                    else chance.choice(_FIRM_HEADS) + chance.choice(_FIRM_TAILS)
                )
                return chance.choice(
                    [body, body, f"(주){body}", f"{body}(주)", f"㈜{body}", f"주식회사 {body}"]
                )
            case "prod":
                return chance.choice(_PRODUCTS)
            case "bank":
                return chance.choice(_BANKS)
            case "place":
                return chance.choice(_PLACES)
            case "emd":
                return chance.choice(self.districts)
            case "date":
                year, month, day = number(1950, 2027), number(1, 12), number(1, 28)
                shape = chance.choice(
                    ["{}-{:02}-{:02}", "{}.{:02}.{:02}", "{}년 {}월 {}일", "{}. {}. {}.", "{}/{}/{}"]
                )
                return chance.choice(
                    [shape.format(year, month, day)] * 3
                    + [f"{month}월 {day}일", f"{day}일", f"{month}/{day}"]
                )
            case "time":
                return chance.choice(
                    [
                        f"{number(0, 23):02}:{number(0, 59):02}",
                        f"오후 {number(1, 11)}시",
                        f"{number(1, 12)}시 {number(1, 59)}분",
                        f"오전 {number(1, 11)}:{number(10, 59)}",
                    ]
                )
            case "tel":
                return chance.choice(
                    [
                        f"010-{number(1000, 9999)}-{number(1000, 9999)}",
                        f"02-{number(200, 999)}-{number(1000, 9999)}",
                        f"010{number(10000000, 99999999)}",
                        f"031.{number(200, 999)}.{number(1000, 9999)}",
                        f"+82 10 {number(1000, 9999)} {number(1000, 9999)}",
                    ]
                )
            case "mail":
                host = chance.choice(["corp", "hanbit", "mail", "example"])
                box = chance.choice(_MAIL_WORDS)
                if chance.random() < 0.5:
                    family, one, two = self.people.roman_parts(chance)
                    shapes = [
                        f"{one}{two}.{family}",
                        f"{one[0]}.{family}",
                        f"{family}{one}",
                        f"{one}{two}{number(1, 99)}",
                    ]
                    box = chance.choice(shapes).lower().replace(" ", "")
                return f"{box}@{host}.{chance.choice(['co.kr', 'com', 'kr'])}"
            case "num":
                return str(number(1, 10 ** number(1, 6)))
            case "age":
                return str(number(1, 90))
            case "amt":
                return chance.choice(
                    [
                        f"{number(1, 900)}만원",
                        f"{number(1, 999)},{number(100, 999)}원",
                        f"₩{number(1, 99)},{number(100, 999)}",
                        f"{number(10, 99)},000",
                        f"${number(10, 900)}",
                    ]
                )
            case "code":
                return f"{chance.choice('ABCKMPRST')}{chance.choice(['', 'X', '-'])}{number(10, 99999)}"
            case "ip":
                return f"10.{number(0, 255)}.{number(0, 255)}.{number(1, 254)}"
            case "hex":
                return f"{chance.getrandbits(160):040x}"
            case "word_en" | "ew":
                return chance.choice(_ENGLISH_WORDS if chance.random() < 0.5 else self._english)
            case "Ew":
                return chance.choice(_ENGLISH_WORDS if chance.random() < 0.4 else self._english).title()
            case "place_en":
                return chance.choice(_PLACES_EN)
            case "firm_en":
                return chance.choice(_FIRMS_EN) if chance.random() < 0.4 else self._company_en(chance)
        raise ValueError(f"no slot is called {what}")
