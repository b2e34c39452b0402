"""Tokens in another form that a caller happened to write himself: `Person 1` in a list of participants.

Where he did, only the exact form of that token is sure on the way home.
"""

from collections.abc import Iterable

from haechi.catalogue.tokens import translations
from haechi.domain.token import grammar


def loose_words(texts: Iterable[str], names: frozenset[str], tokens: frozenset[str]) -> frozenset[str]:
    """Which of `tokens` stand in `texts`, as they are sent, in any form but ours."""
    known = grammar(names, tuple(translations().items()))
    return frozenset(known.loose("\n".join(texts), tokens))
