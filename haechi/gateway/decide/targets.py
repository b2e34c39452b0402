"""What a model name means: which models at which destinations, in order of preference.

A name that nobody offers is an error; it is never quietly another model.
"""

import re
from typing import Final

from haechi.domain.errors import UnknownModel
from haechi.domain.text import Text
from haechi.gateway.decide.policy import Policy, Target

_PASSES: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+\-]{0,127}\Z")
"""Shape of an id that is let through to a provider: what model ids look like, and no text."""


def targets(name: str, policy: Policy) -> tuple[Target, ...]:
    """The targets of `name`. Raises `UnknownModel`.

    In order: a name of the configuration (`auto`), `destination/model-or-alias`, an exact id or alias of one
    destination. Behind a cloud destination any id is let through, as providers add models daily; what it may
    receive does not depend on the model.
    """
    if found := policy.names.get(name):
        return found
    place, slash, model = name.partition("/")
    if slash and (destination := policy.destinations.get(place)):
        exact = policy.aliases.get(place, {}).get(model, model)
        if exact in destination.models or (destination.outside and _PASSES.match(exact)):
            return (Target(place, exact),)
    for destination in policy.destinations.values():
        aliases = policy.aliases.get(destination.name, {})
        exact = aliases.get(name, name)
        if exact in destination.models or (destination.outside and name in aliases):
            return (Target(destination.name, exact),)
    raise UnknownModel(
        Text(
            ko="그런 모델이 없습니다. /v1/models 에서 이름을 고르거나 `auto` 를 쓰세요.",
            en="There is no such model. Choose a name from /v1/models, or use `auto`.",
        ),
        param="model",
        code="model_not_found",
    )
