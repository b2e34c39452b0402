"""A second look at a request without its values: what stands for a value is none.

`Signed: PERSON_2` gives no password away, and a surrogate looks like a value on purpose. So surrogates are read as tokens,
and a token is excused whatever a rule takes it for. All else that is found was left in.
"""

from collections.abc import Sequence
from typing import Any

import re2
from msgspec import structs

from haechi.catalogue.tokens import token_name
from haechi.domain.mapping import Taken
from haechi.domain.token import CLOSE, OPEN, spelled
from haechi.gateway.classify.classify import Classified, Covering, classify
from haechi.gateway.classify.sight import Eyes


def left_in(body: Any, taken: Sequence[Taken], eyes: Eyes, covering: Covering | None) -> Classified:
    """What rules still find in `body`, from which everything was `taken`. Detectors that learned are not asked
    again: they know no tokens, and would take them for names."""
    rules = structs.replace(eyes, study=None, memory=None)
    return classify(_without_surrogates(body, taken), rules, _but_tokens(taken, covering))


def _but_tokens(taken: Sequence[Taken], covering: Covering | None) -> Covering:
    tokens = {each.token for each in taken} | {_token_of(each) for each in taken}

    def covers(kind: str, value: str, document: str) -> str | None:
        if value.strip(OPEN + CLOSE) in tokens:
            return "token"
        return covering(kind, value, document) if covering is not None else None

    return covers


def _token_of(taken: Taken) -> str:
    return spelled(token_name(taken.kind), 1)


def _without_surrogates(body: Any, taken: Sequence[Taken]) -> Any:
    """`body` with a token wherever a surrogate stands."""
    fixed = {each.token: _token_of(each) for each in taken if each.fixed}
    if not fixed:
        return body
    pattern = re2.compile("|".join(re2.escape(each) for each in sorted(fixed, key=len, reverse=True)))
    return _replaced(body, lambda text: pattern.sub(lambda match: fixed[match.group()], text))


def _replaced(node: Any, new: Any) -> Any:
    if type(node) is str:
        return new(node)
    if type(node) is list:
        return [_replaced(value, new) for value in node]
    if type(node) is dict:
        return {new(key): _replaced(value, new) for key, value in node.items()}
    return node
