"""What happens to texts on their way: breaks lost, signs lost, quoted, written wide. The names stay where they are."""

import random
import re
from collections.abc import Callable

from training.names.slots import Labelled, name, plain

_WIDE = str.maketrans("0123456789:()/", "０１２３４５６７８９：（）／")


def outside(text: Labelled, change: Callable[[str], str]) -> Labelled:
    """The text with everything but its names changed."""
    whole, place = plain(""), 0
    for start, end in sorted(text.names):
        whole = whole + plain(change(text.text[place:start])) + name(text.text[start:end])
        place = end
    return whole + plain(change(text.text[place:]))


def around(text: Labelled, before: str, behind: str) -> Labelled:
    """The text with signs about each name."""
    whole, place = plain(""), 0
    for start, end in sorted(text.names):
        whole = whole + plain(text.text[place:start] + before) + name(text.text[start:end]) + plain(behind)
        place = end
    return whole + plain(text.text[place:])


def changed(text: Labelled, chance: random.Random) -> Labelled:
    """Mostly the text as it is; now and then one or two changes."""
    while chance.random() < 0.28:
        what = chance.choices(list(_CHANGES), list(_CHANGES.values()))[0]
        text = what(text, chance)
    return text


def _breaks(text: Labelled, chance: random.Random) -> Labelled:
    instead = chance.choice([" ", " ", "\n\n", " / ", "\r\n", " | ", "\\n", "<br>", "  \n", ", "])
    return outside(text, lambda some: some.replace("\n", instead))


def _spaces(text: Labelled, _: random.Random) -> Labelled:
    return outside(text, lambda some: re.sub("(?<=[가-힣,.:]) (?=[가-힣])", "", some))


def _wider(text: Labelled, chance: random.Random) -> Labelled:
    gap = chance.choice(["  ", "    ", "\t", "\n"])
    return outside(text, lambda some: re.sub("(?<=[,.:;|)]) ", gap, some))


def _signs(text: Labelled, _: random.Random) -> Labelled:
    return outside(text, lambda some: re.sub(r"[.,!?:;]+(?=\s|$)", "", some))


def _wide(text: Labelled, _: random.Random) -> Labelled:
    return outside(text, lambda some: some.translate(_WIDE))


def _small(text: Labelled, _: random.Random) -> Labelled:
    return outside(text, str.lower)


def _loud(text: Labelled, _: random.Random) -> Labelled:
    return outside(text, str.upper)


def _lines(text: Labelled, chance: random.Random) -> Labelled:
    sign = chance.choice(["> ", "- ", "* ", ">> ", "  ", "// ", "# ", "│ ", "\t", "· "])
    return plain(sign) + outside(text, lambda some: some.replace("\n", "\n" + sign))


def _quoted(text: Labelled, chance: random.Random) -> Labelled:
    signs = chance.choice(['""', "''", "“”", "()", "[]", "「」", "<>", "**", "__", "``", "{}", "‘’", "  "])
    return around(text, signs[0], signs[1])


def _cut(text: Labelled, chance: random.Random) -> Labelled:
    """From somewhere on, but from no name's middle."""
    from_here = chance.randint(0, len(text.text) // 2)
    if any(start < from_here < end for start, end in text.names):
        return text
    kept = tuple((a - from_here, b - from_here) for a, b in text.names if a >= from_here)
    return Labelled(text.text[from_here:], kept)


_CHANGES: dict[Callable[[Labelled, random.Random], Labelled], float] = {
    _breaks: 6, _spaces: 3, _wider: 3, _signs: 5, _wide: 2, _small: 2, _loud: 1.5, _lines: 4, _quoted: 3, _cut: 4,
}  # fmt: skip
