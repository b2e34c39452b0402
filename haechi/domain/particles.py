"""Korean particles beside a value that is taken out and put back.

    김민수는  ──out──>  PERSON_1은  ──home──>  김민수는
    김민은    ──out──>  PERSON_1은  ──home──>  김민은

On the way out a particle takes the form that fits the token as it is read (일은), on the way home the one that fits the
value. So both ways are functions, the model reads correct Korean, and the value's final consonant is not shown.

How a value ends is heard from the caller first: the first particle that he wrote after it decides (`heard`), and only
where there was none do we read the value ourselves. That makes the way home exact for words we would read otherwise
(`Joule은`), and what is sent depends on the particles of the text alone, never on the value.

A particle is one only where the word ends behind it: in `이사` the 이 is none. Signs that close something may stand
between (`**PERSON_1**은`).
"""

import re
from typing import Final, NamedTuple

from haechi.domain.korean import ending

Heard = tuple[int | None, int | None, int | None]
"""For each way of choosing (below): 0 where the form after a consonant was heard, 1 where that after a vowel."""

NOTHING_HEARD: Final[Heard] = (None, None, None)

PARTICLE, TOWARDS, COPULA = 0, 1, 2
"""Ways of choosing. 으로/로 asks for ㄹ too; the copula may keep its 이 after a vowel (김민수이다), so that what is heard
of one says nothing about the others."""

_PLAIN: Final = "은/는 이/가 을/를 과/와 아/야 이여/여 이랑/랑 이나/나 이든/든 이든지/든지 이나마/나마"
_STACKED: Final = "과는/와는 과의/와의 과도/와도 과만/와만 이랑은/랑은 이랑도/랑도 이랑은요/랑은요"
_TOWARDS: Final = (
    "",
    "는",
    "도",
    "만",
    "의",
    "부터",
    "부터는",
    "부터의",
    "서",
    "서는",
    "서도",
    "서의",
    "써",
    "까지",
)
_COPULA: Final = (
    "이다/다 이며/며 이고/고 이라/라 이라고/라고 이라는/라는 이라면/라면 이라서/라서 이라도/라도 이란/란 이라며/라며 "
    "이었다/였다 이었고/였고 이었던/였던 이었으며/였으며 이었습니다/였습니다 이었어요/였어요 이에요/예요 이면/면 "
    "이지만/지만 이니까/니까 이네요/네요 이죠/죠 이지요/지요 이므로/므로 이자/자 이야말로/야말로"
)


class Pair(NamedTuple):
    """A particle in its two forms and the way in which one is chosen."""

    way: int
    forms: tuple[str, str]


def _pairs() -> list[Pair]:
    written = [(PARTICLE, each) for each in f"{_PLAIN} {_STACKED}".split()]
    written += [(TOWARDS, f"으로{tail}/로{tail}") for tail in _TOWARDS]
    written += [(COPULA, each) for each in _COPULA.split()]
    return [Pair(way, (each.split("/")[0], each.split("/")[1])) for way, each in written]


PAIRS: Final = tuple(_pairs())
_FORMS: Final = {form: (pair, number) for pair in PAIRS for number, form in enumerate(pair.forms)}


def _undecided() -> dict[str, Pair]:
    """Both forms at once, as people write who do not know the word: 은(는), 을/를, (으)로."""
    found = {}
    for pair in PAIRS:
        after_consonant, after_vowel = pair.forms
        found[f"{after_consonant}({after_vowel})"] = pair
        found[f"{after_vowel}({after_consonant})"] = pair
        found[f"{after_consonant}/{after_vowel}"] = found[f"{after_vowel}/{after_consonant}"] = pair
        if after_consonant.endswith(after_vowel):
            found[f"({after_consonant.removesuffix(after_vowel)}){after_vowel}"] = pair
    return found


_UNDECIDED: Final = _undecided()
_CLOSERS: Final = (
    r"(?:[*_~`\"'”’」』》〉)\]}>]|\\[\])>}*_`\"]|</[A-Za-z][A-Za-z0-9]{0,5}>"
    r"|&(?:gt|quot|apos|rsquo|rdquo|#39);){0,4}"
)
"""Signs that close something, escaped ones and closing tags too."""
_ALL: Final = sorted([*_FORMS, *_UNDECIDED], key=len, reverse=True)
_AFTER: Final = re.compile(rf"{_CLOSERS}(?P<form>{'|'.join(map(re.escape, _ALL))})(?![\w⟦])")
LONGEST: Final = 4 * len("</strong>") + max(map(len, _ALL)) + 1
"""Characters behind a value that a particle and what ends it may take."""
_BEGUN: Final = frozenset(form[:size] for form in _ALL for size in range(len(form) + 1))
_LEADING: Final = re.compile(_CLOSERS)
_CLOSER_BEGUN: Final = re.compile(r"(?:</?[A-Za-z0-9]{0,6}|&[a-z#0-9]{0,5}|\\)\Z")


class Found(NamedTuple):
    """A particle after a value: its pair, which of the forms it is (`None`: both at once), and where it stands."""

    pair: Pair
    form: int | None
    start: int
    end: int


def particle_at(text: str, at: int) -> Found | None:
    """The particle that begins at `at`, behind signs that close something."""
    found = _AFTER.match(text, at)
    if found is None:
        return None
    form = found["form"]
    start, end = found.span("form")
    if form in _UNDECIDED:
        return Found(_UNDECIDED[form], None, start, end)
    pair, number = _FORMS[form]
    return Found(pair, number, start, end)


def may_become_particle(text: str, at: int) -> bool:
    """Whether `text` ends before it can be known if a particle begins at `at`. True for a few characters at most."""
    if len(text) - at >= LONGEST:
        return False
    leading = _LEADING.match(text, at)
    if leading is None:
        return False
    rest = text[leading.end() :]
    return rest in _BEGUN or _CLOSER_BEGUN.match(rest) is not None


def fitting(word: str, pair: Pair, heard: Heard = NOTHING_HEARD) -> int:
    """Which form of `pair` follows `word`: as it was heard, else as the word is read.

    >>> [PAIRS[0].forms[fitting(word, PAIRS[0])] for word in ("김민수", "김민", "PERSON_1", "PERSON_2")]
    ['는', '은', '은', '는']
    """
    known = heard[pair.way]
    if known is not None:
        return known
    last = word[-1:]  # most words end in a syllable or a figure, and need no longer look
    end = ending(last if "가" <= last <= "힣" or "0" <= last <= "9" else word[-24:])
    return int(end == "vowel" or (end == "rieul" and pair.way == TOWARDS))


def hearing(heard: Heard, pair: Pair, form: int) -> Heard:
    """`heard` and this form. What was heard first stays."""
    first, towards, copula = heard
    if pair.way == PARTICLE:
        return heard if first is not None else (form, towards, copula)
    if pair.way == TOWARDS:
        return heard if towards is not None else (first, form, copula)
    return heard if copula is not None else (first, towards, form)
