"""Second thoughts about what the network takes for a name: ordinary words, abbreviations, and where a name really ends.

A word that is put together of words of every day («평가표», «추정자», «도시정비과») is no name, unless a title follows it,
the name of a field stands before it, or its given name is a known one («이정원»). A name half hidden («김○수») is nobody's.
In Latin letters a month, a firm's form, a street and a lower-case word are no part of a name, and a title before it is none
of it. Where a name of Hangul runs into other writing, one of the two is the name.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from haechi.catalogue.ordinary_words import office_words, ordinary_words

_TABLE: Final = msgspec.toml.decode(
    (files(__package__) / "lists" / "doubts.toml").read_bytes(), type=dict[str, str]
)
_SUFFIXES: Final = frozenset(_TABLE["suffixes"])
_PARTICLES: Final = tuple(_TABLE["particles"].split())
_NAMELIKE_PARTICLES: Final = tuple(_TABLE["namelike_particles"].split())
_ENDINGS: Final = (*_PARTICLES, *_NAMELIKE_PARTICLES)
_BEHIND: Final = tuple(_TABLE["behind"].split())
_SURNAMES: Final = frozenset("".join(_TABLE["surnames"].split()))
_BEFORE: Final = frozenset(_TABLE["before"].split())
_LABELS: Final = frozenset(_TABLE["labels"].split())
_NEVER: Final = frozenset(_TABLE["never"].split())
_SMALL: Final = frozenset(_TABLE["small"].split())

_RUN: Final = re.compile("[가-힣]+")
_TITLE: Final = re.compile(
    f" ?(?:{'|'.join(_TABLE['titles'].split())}"
    f"|(?:{'|'.join(_TABLE['short_titles'].split())})(?:[이가은는을를의과와께에도만]|[^가-힣]|$))"
)
_FIELD: Final = re.compile(f"(?:{'|'.join(_TABLE['fields'].split())})[ :：=\"'(]{{1,4}}\\Z")
_LABEL: Final = re.compile(r"[가-힣]*[ \t]*[:：]")
_TRAILING: Final = re.compile("(?<=[가-힣]{2})(?:샘|쌤)$|(?<=^[가-힣])(?:샘|쌤)$")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ.'’-]*")
_MASKED: Final = re.compile(r" ?(?:[○〇◯●◎△▲□■]|[＊*]{2}|[＊*][가-힣]|[OoＯXxＸ]{2}(?![A-Za-z]))")
_HIDDEN: Final = re.compile("[○〇◯●＊*]")
_WRITINGS: Final = re.compile(
    r"[가-힣]+(?:[ \n·]+[가-힣]+)*|[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ.'’-]*(?: [A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ.'’-]*)*"
)
_ENDED: Final = re.compile(r"(?<=[a-zà-ɏ]{3})\. ")
_SIGNS: Final = " \t\n•·*\"'`“”‘’()[]<>{}|/,;:!?…~"
_STREET: Final = re.compile(r"-(?:si|gu|gun|ro|daero|gil|dong|eup|myeon|do)$", re.IGNORECASE)
_GOES_ON: Final = re.compile(
    r"[!*_#$%^&+=]\w|@|-(?:si|gu|gun|ro|daero|gil|dong|eup|myeon|do)(?![a-z])", re.IGNORECASE
)
_AIRLINE: Final = re.compile(r"[A-Z]{2,}/[A-Z]{2,}")
NO_FAMILY: Final = frozenset(_TABLE["no_family"].split())
_DAYS: Final = frozenset("월화수목금토일")
_LONGEST: Final = 12
_TWO: Final = 2
_SHORT_NAME: Final = 3
_INITIALS: Final = 4


def settled(text: str, start: int, end: int, is_believed: bool) -> tuple[int, int] | None:
    """Where the name between `start` and `end` really stands; `None` where it is none. `is_believed`: its last two
    syllables are a known given name, or the network is certain."""
    value = text[start:end]
    if value.strip(_SIGNS) != value:
        start += len(value) - len(value.lstrip(_SIGNS))
        value = value.strip(_SIGNS)
        end = start + len(value)
    if _is_masked(text, start, end):
        return None
    if not any("가" <= letter <= "힣" for letter in value):
        return _latin(text, start, end) if value[:1].isascii() else (start, end)
    if len(value) == 1:
        return (start, end) if value in _SURNAMES else None
    if any("A" <= letter <= "z" for letter in value):
        start, end = _one_writing(text, start, end)
        if "A" <= text[start] <= "z":
            return _latin(text, start, end)
        value = text[start:end]
    if value.endswith("."):
        end -= 1
    if (trailing := _TRAILING.search(value)) is not None and not _TITLE.match(text, end):
        end = start + trailing.start()
    if _office(text, start, end) or (value.endswith("호") and text[start - 1 : start].isdecimal()):
        return None
    if is_believed or _TITLE.match(text, end) or _FIELD.search(text[max(0, start - _LONGEST) : start]):
        return start, end
    return None if _is_ordinary(text, start, end) else (start, end)


@cache
def english_words() -> frozenset[str]:
    """English words that are nobody's name."""
    words, first, given, last = (
        (files(__package__) / "lists" / f"latin_{name}.txt").read_text(encoding="utf-8").split()
        for name in ("word", "first", "given", "last")
    )
    return (frozenset(words).difference(first, given, last)) | _BEFORE | _LABELS


@cache
def _known() -> frozenset[str]:
    """First and last names in Latin letters."""
    return frozenset().union(
        *(
            (files(__package__) / "lists" / f"latin_{name}.txt").read_text(encoding="utf-8").split()
            for name in ("first", "given", "last", "surname")
        )
    )


def _is_known(name: str) -> bool:
    """Whether this is on a list of names."""
    return name.lower() in _known() or name in _known()


_ABSTRACT: Final = re.compile(
    "(?:tion|sion|ment|ness|ship|ility|hood|ology|ance|ence|ising|izing|ability|gement)s?$"
)


def _is_english(name: str) -> bool:
    """A word that names nobody: on a list, the plural of one that is, or with the ending of an abstract noun."""
    if name in english_words() or (
        name.endswith("s") and name[:-1] in english_words() and not _is_known(name)
    ):
        return True
    return _ABSTRACT.search(name) is not None and not _is_known(name)


def _is_masked(text: str, start: int, end: int) -> bool:
    """Whether a part of this name is hidden: «김○수», «이**»; «**이준**» is bold."""
    value = text[start:end]
    if _HIDDEN.search(value) is not None:
        return True
    before = text[start - 1 : start]
    if before and before in "○〇◯●" and len(value) <= _TWO:
        return True
    return len(value) <= _TWO and before != "*" and _MASKED.match(text, end) is not None


def _one_writing(text: str, start: int, end: int) -> tuple[int, int]:
    """Of «edit 감우석» and «Arjun 남김» the part that is the name."""
    pieces = [(match.start() + start, match.end() + start) for match in _WRITINGS.finditer(text[start:end])]
    hangul = [piece for piece in pieces if "가" <= text[piece[0]] <= "힣"]
    first, last = pieces[0], max(hangul, key=lambda piece: piece[1] - piece[0])
    latin = text[first[0] : first[1]]
    if first not in hangul and latin.istitle() and len(latin) > _TWO and last[1] - last[0] <= _TWO:
        return first
    return last


def runs_on(text: str, start: int, end: int) -> bool:
    """Whether a word goes on behind this name as it does behind none («코엔|자임»)."""
    run = _RUN.match(text, end)
    return run is not None and "가" <= text[end - 1] <= "힣" and not run.group().startswith(_BEHIND)


def is_titled(text: str, end: int) -> bool:
    """Whether a title follows."""
    return _TITLE.match(text, end) is not None


def _office(text: str, start: int, end: int) -> bool:
    """Whether this is a word of offices, with or without its particle."""
    value = text[start:end]
    if value in office_words():
        return True
    return value.endswith(_ENDINGS) and any(
        value.endswith(each) and value[: -len(each)] in office_words() for each in _ENDINGS
    )


def _is_ordinary(text: str, start: int, end: int) -> bool:
    """Whether the word at this place is one of every day, or put together of such."""
    value = text[start:end]
    spaced = value.split()
    if len(spaced) > 1:  # «목    금», «예 예», «장 소»
        if len(spaced) == _TWO and len(spaced[0]) == 1 and _is_thing(text, spaced[1], end):
            return True  # «이 코드가»: this, not a surname
        return all(each in _DAYS for each in spaced) or all(
            each in ordinary_words() for each in ("".join(spaced), *spaced) if len(each) > 1
        )
    run = _RUN.match(text, start)
    whole = run.group() if run is not None else value
    if text[start - 1 : start] and "가" <= text[start - 1] <= "힣":
        return False
    if _LABEL.match(text, start + len(whole)) and _composed(whole):
        return True
    return any(_composed(stem) for stem in _stems(whole))


def _is_thing(text: str, word: str, end: int) -> bool:
    """Whether the word that ends at `end`, or goes on there, is one of every day."""
    whole = _word(text, end - len(word))
    return any(map(_composed_or_office, (word, *_stems(whole))))


def _word(text: str, start: int) -> str:
    run = _RUN.match(text, start)
    return run.group() if run is not None else ""


def _composed_or_office(word: str) -> bool:
    return word in office_words() or (len(word) > 1 and _composed(word))


def _stems(word: str) -> list[str]:
    """A word, and what is left of it without its particle."""
    stems = [word[: -len(each)] for each in _PARTICLES if word.endswith(each) and len(word) > len(each) + 1]
    if word.endswith(_NAMELIKE_PARTICLES) and len(word) > _SHORT_NAME:
        stems.append(word[:-1])
    return [word, *stems]


def _composed(word: str) -> bool:
    """Whether a word is ordinary, or ordinary words of two syllables or more with suffixes, to its end."""
    words = ordinary_words()
    if len(word) > _LONGEST or len(word) < 2:
        return False
    if word in words:
        return True
    reached = {0}
    for place in range(2, len(word) + 1):
        for length in range(2, 5):
            if place - length in reached and word[place - length : place] in words:
                reached.add(place)
        if place - 1 in reached and place > 2 and word[place - 1] in _SUFFIXES:
            reached.add(place)
    return len(word) in reached and len(word) > 2


def _latin(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name in Latin letters without what stands before it; none where a word in it cannot belong to one."""
    value = text[start:end]
    if _GOES_ON.match(text, end) is not None:  # a password, a mailbox, a street
        return None
    if value.startswith("I, "):
        return _latin(text, start + 3, end)
    if "/" in value and not _AIRLINE.fullmatch(value):
        return None
    if (ended := _ENDED.search(value)) is not None:  # «Piotr. Logs»: a sentence ends
        end = start + ended.start()
        value = text[start:end]
    words = list(_LATIN.finditer(value))
    while len(words) > 1 and words[0].group().strip(".").lower() in _BEFORE | _LABELS:
        words.pop(0)
    while len(words) > 1 and words[0].group().islower() and words[0].group() not in _SMALL:
        words.pop(0)
    names = [word.group().strip(".") for word in words]
    if all(name.islower() or _is_english(name.lower()) for name in names):
        return None
    if any(name.lower() in _NEVER or _STREET.search(name) for name in names):
        return None
    if any(name.islower() and name not in _SMALL for name in names[1:]) and not names[0].islower():
        return None
    if len(names) == 1 and names[0].isupper() and len(names[0]) <= _INITIALS:
        return None
    return start + words[0].start(), end
