"""Values that must never be seen outside, and a look for them in all the forms in which they could travel.

All canaries of one kind and one run share a stem. A search looks for the few stems first, and only where one of
them occurs for every canary that has it: thousands of canaries cost no more than a dozen.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final
from urllib.parse import quote

import re2
from msgspec import Struct

from haechi.app.prove.shapes import SHAPES
from haechi.catalogue.identifiers import Identifier, identifiers
from haechi.domain.label import Level

_RRN_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BRN_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_MARKS: Final = "-@:/=._ "
"""What stands in canaries beside digits and letters: some encodings leave it as it is, some do not."""

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
_SHORTEST_BARE: Final = 10
"""Characters: what is shorter (`C22.0123`) and lost its marks stands by chance in the name of a record or in a digest."""
STRAY: Final = "stray"
"""A harmless word in a place from which nothing may travel: an unknown field, a header, a query."""
TAINTED: Final = "tainted"
"""A harmless word whose label stands in the label store only."""
OPAQUE: Final = "opaque"
"""Inside an image, a sound or a file, which nobody here can read."""


class Canary(Struct, frozen=True):
    """`value` is looked for; `text` is what a request says, with the words around it that make it what it is."""

    kind: str
    level: Level
    stem: str
    value: str
    text: str


def resident_number(number: int) -> str:
    """A resident number of nobody's, one for each `number` below 10^8: date, check digit and all are right."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    head = f"{born:%y%m%d}{1 + number % 2}{number % 100_000:05d}"
    return f"{head[:6]}-{head[6:]}{_check_digit(head, 11)}"


def _check_digit(head: str, base: int) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(head, _RRN_WEIGHTS, strict=True))
    return (base - total % 11) % 10


class Mint:
    """Makes canaries, each once. The same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)  # noqa: S311  canaries are made to be found again, not to be secret
        self._chance = chance
        born = date(1955, 1, 1) + timedelta(days=chance.randrange(14_000))
        self._born = f"{born:%y%m%d}"
        self._head = f"{chance.randrange(100, 1000)}"
        self._tail = f"{chance.randrange(100_000, 1_000_000)}"
        self._word = "".join(chance.choices(_LETTERS, k=12))
        self._made = 0
        self._of_kind: Counter[str] = Counter()
        self._catalogue = {identifier.kind: identifier for identifier in identifiers()}

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of the catalogue but markings, which are known by where they stand: trials put them elsewhere."""
        return tuple(kind for kind in self._catalogue if kind != "marking")

    def of(self, kind: str) -> Canary:
        """A fresh canary of a catalogue's kind. Kinds without a maker lend an example from their table."""
        self._made += 1
        self._of_kind[kind] += 1
        identifier = self._catalogue[kind]
        if maker := _MAKERS.get(kind):
            stem, value, text = maker(self, self._made)
        elif shape := SHAPES.get(kind):
            stem, value, text = shape(self._head, self._tail, self._of_kind[kind])
        else:
            return _example(identifier, self._made)
        return Canary(kind, Level.of(identifier.level), stem, value, text)

    def word(self, kind: str, level: Level) -> Canary:
        """A fresh harmless word."""
        self._made += 1
        stem = f"q{kind[:2]}{self._word}"
        value = f"{stem}{self._made:05d}x"
        return Canary(kind, level, stem, value, value)

    def _resident(self, number: int) -> tuple[str, str, str]:
        head = f"{self._born}1{number % 100_000:05d}"
        value = f"{head[:6]}-{head[6:]}{_check_digit(head, 11)}"
        return value[:8], value, f"고객 {value}"

    def _foreigner(self, number: int) -> tuple[str, str, str]:
        head = f"{self._born}5{number % 100_000:05d}"
        value = f"{head[:6]}-{head[6:]}{_check_digit(head, 13)}"
        return value[:8], value, f"외국인등록번호 {value}"

    def _passport(self, number: int) -> tuple[str, str, str]:
        stem = f"M{self._head}"
        value = f"{stem}{number % 100_000:05d}"
        return stem, value, f"여권번호 {value}"

    def _licence(self, number: int) -> tuple[str, str, str]:
        stem = f"11-{self._head[:2]}-{self._head[2]}"
        value = f"{stem}{number % 100_000:05d}-{self._tail[:2]}"
        return stem, value, f"운전면허 {value}"

    def _company(self, number: int) -> tuple[str, str, str]:
        stem = f"{self._head}-8{1 + number // 10_000 % 7}-"
        digits = f"{stem.replace('-', '')}{number % 10_000:04d}"
        total = sum(int(digit) * weight for digit, weight in zip(digits, _BRN_WEIGHTS, strict=True))
        total += int(digits[8]) * 5 // 10
        value = f"{stem}{digits[5:]}{(10 - total % 10) % 10}"
        return stem, value, f"사업자등록번호 {value}"

    def _phone(self, number: int) -> tuple[str, str, str]:
        stem = f"010-{2 + int(self._head[0]) % 8}{self._head[1]}"
        value = f"{stem}{number // 10_000 % 100:02d}-{number % 10_000:04d}"
        return stem, value, f"연락처 {value}"

    def _card(self, number: int) -> tuple[str, str, str]:
        digits = f"49{self._tail}{number % 10_000_000:07d}"
        doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
        check = -sum(each - 9 if each > 9 else each for each in doubled) % 10
        value = "-".join(f"{digits}{check}"[place : place + 4] for place in range(0, 16, 4))
        return value[:9], value, f"카드번호 {value}"

    def _mail(self, number: int) -> tuple[str, str, str]:
        stem = f"k{self._word[:8].lower()}"
        value = f"{stem}{number:05d}@naver.com"
        return stem, value, f"메일 {value}"

    def _account(self, number: int) -> tuple[str, str, str]:
        stem = f"{self._tail}-12-"
        value = f"{stem}{number % 1_000_000:06d}"
        return stem, value, f"국민은행 계좌 {value}"

    def _secret(self, number: int) -> tuple[str, str, str]:
        stem = f"ghp_{self._word}"
        value = stem + "".join(self._chance.choices(_LETTERS, k=24))
        return stem, value, f"키 {value}"

    def _marked(self, number: int) -> tuple[str, str, str]:
        stem = f"q{self._word}"
        value = f"{stem}{number:05d}x"
        return stem, value, f"극비\n{value}"


_MAKERS: Final[dict[str, Callable[[Mint, int], tuple[str, str, str]]]] = {
    "kr.rrn": Mint._resident,
    "kr.frn": Mint._foreigner,
    "kr.passport": Mint._passport,
    "kr.driver_license": Mint._licence,
    "kr.brn": Mint._company,
    "phone": Mint._phone,
    "card": Mint._card,
    "email": Mint._mail,
    "bank_account": Mint._account,
    "secret": Mint._secret,
    "marking": Mint._marked,
}


def _example(identifier: Identifier, number: int) -> Canary:
    """An example of a rule of `identifier`, whole: a kind that came after this page is tried too."""
    examples = [(rule, example) for rule in identifier.rule for example in rule.examples]
    rule, text = examples[number % len(examples)]
    return Canary(identifier.kind, identifier.level_of(rule), text, text, text)


@cache
def forms(value: str) -> dict[str, bytes]:
    """`value` as it is, without its marks, and as base64, hex, percent and \\u would write it; base64 in each of
    the three alignments that it can have inside a longer text."""
    raw = value.encode()
    bare = "".join(character for character in value if character not in _MARKS)
    found = {
        "plain": raw,
        "bare": bare.encode(),
        "hex": raw.hex().encode(),
        "percent": quote(value, safe="").encode(),
        "percent, all": "".join(f"%{byte:02x}" for byte in raw).encode(),
        "escaped": "".join(f"\\u{ord(character):04x}" for character in value).encode(),
    }
    for shift in range(3):
        whole = b64encode(b"\0" * shift + raw).rstrip(b"=")
        found[f"base64 at {shift}"] = whole[(0, 2, 3)[shift] : len(whole) - 1]
    return found


@cache
def _any_form(stems: frozenset[str]) -> Any:
    """A pattern that finds every form of every one of `stems` in small letters; `None` for none."""
    needles = sorted({needle.lower() for stem in stems for needle in forms(stem).values()})
    options = re2.Options()
    options.encoding, options.max_mem = re2.Options.Encoding.LATIN1, _MEMORY
    return re2.compile(b"|".join(map(re2.escape, needles)), options) if needles else None


_MEMORY: Final = 64 << 20
"""Bytes that the pattern may take: a few stems in nine forms each."""


class Haystack:
    """Bytes to look in, which may themselves be JSON within JSON."""

    def __init__(self, seen: bytes) -> None:
        self._seen = seen
        self._low = seen.lower()
        self._flat = self._low.replace(b"\\\\", b"\\")

    def traces(self, value: str) -> list[str]:
        """The forms in which `value` stands here."""
        return [form for form, needle in forms(value).items() if self._holds(form, needle)]

    def _holds(self, form: str, needle: bytes) -> bool:
        if form.startswith("base64"):
            return needle in self._seen
        return needle.lower() in self._low or needle.lower() in self._flat

    def _may_hold(self, stems: frozenset[str]) -> bool:
        """Whether anything here reads like a form of one of `stems`, whatever its case: one look for all of them."""
        any_form = _any_form(stems)
        return any_form is not None and any(any_form.search(seen) for seen in (self._low, self._flat))

    def canaries(self, planted: Iterable[Canary]) -> Iterator[tuple[Canary, str]]:
        """Which of `planted` stand here, each with the first of its forms."""
        planted = list(planted)
        if not self._may_hold(frozenset(canary.stem for canary in planted)):
            return
        stems: dict[str, bool] = {}
        for canary in planted:
            if canary.stem not in stems:
                stems[canary.stem] = bool(self.traces(canary.stem))
            if (
                stems[canary.stem]
                and (found := self.traces(canary.value))
                and not _by_chance(found, canary.value)
            ):
                yield canary, found[0]


def _by_chance(found: Sequence[str], value: str) -> bool:
    """Whether nothing but a few characters without marks was found, which stand in names of records, too."""
    return list(found) == ["bare"] and len(value) < _SHORTEST_BARE


def traces(value: str, seen: bytes) -> list[str]:
    """The forms in which `value` stands in `seen`."""
    return Haystack(seen).traces(value)
