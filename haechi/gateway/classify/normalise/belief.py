"""Whether a finding in a loose reading is to be believed.

Put enough ordinary numbers together and one of them passes any check. So beside its shape a finding there needs its
name near it, or must be something that no chance makes: an address, a key, a number in the very grouping of its
kind with enough different figures in it.
"""

import re
from functools import cache
from typing import Final

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.hit import Hit

BEFORE: Final = 48
AFTER: Final = 24
_NUMBER: Final = re.compile(r"[0-9][0-9 .\-]*")
_LETTER: Final = re.compile("[A-Za-z]")
_DIFFERENT: Final = 4


@cache
def _names(kind: str) -> re.Pattern[str] | None:
    """What the number is called, white space taken out; `None` for kinds that need no name."""
    words = {
        re.sub(r"\s", "", word).casefold()
        for identifier in identifiers()
        if identifier.kind == kind
        for word in (*identifier.words, *(word for rule in identifier.rule for word in rule.words))
    }
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))) if words else None


def believed(hit: Hit, text: str) -> bool:
    """Whether `hit` in a loose reading `text` is more than chance."""
    value = text[hit.start : hit.end]
    if _NUMBER.fullmatch(value) is None:
        return True  # letters beside figures, a key, an address: its own rule was strict enough
    if _LETTER.match(text[hit.start - 1 : hit.start]) or _LETTER.match(text[hit.end : hit.end + 1]):
        return False  # ORD-250313-54984
    grouped = "-" in value and len(set(value) - set(" .-")) >= _DIFFERENT
    return grouped or is_named(hit, text)


def is_named(hit: Hit, text: str) -> bool:
    """Whether a word that names this kind stands near."""
    names = _names(hit.kind)
    near = text[max(0, hit.start - BEFORE) : hit.start] + " " + text[hit.end : hit.end + AFTER]
    return names is None or names.search(re.sub(r"\s", "", near).casefold()) is not None
