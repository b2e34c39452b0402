"""`GET /v1/models` and `/v1/models/{name}`, for Gemini below `/v1beta`: every name that may be asked for, in the shape of the
dialect that asks.
"""

from collections.abc import Callable
from typing import Final, Protocol

from haechi.app.web.dialects.dialect import Dialect
from haechi.app.web.dialects.table import dialect_of, listing
from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.domain.errors import UnknownModel
from haechi.domain.text import Text
from haechi.gateway.decide.policy import Policy

_JSON: Final = (b"content-type", b"application/json")


class Listing(Protocol):
    """What this surface asks of the gate."""

    policy: Callable[[], Policy]

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...], dialect: Dialect | None = None) -> Headers:
        """The headers that every answer carries."""


async def models(gate: Listing, request: Incoming, send: Send) -> None:
    """All of them."""
    gate.caller(request)
    dialect = dialect_of(request.path, request.headers)
    body = listing(dialect).encode_models(offered(gate.policy()))
    await send_whole(send, 200, [_JSON, *gate.headers(None, (), dialect)], body)


async def one_model(gate: Listing, request: Incoming, send: Send) -> None:
    """The one that the path names."""
    gate.caller(request)
    name = request.path.partition("/models/")[2]
    owner = dict(offered(gate.policy())).get(name)
    if owner is None:
        raise UnknownModel(
            Text(
                ko="그런 모델이 없습니다. /v1/models 를 보세요.", en="There is no such model. See /v1/models."
            ),
            param="model",
        )
    dialect = dialect_of(request.path, request.headers)
    body = listing(dialect).encode_model(name, owner)
    await send_whole(send, 200, [_JSON, *gate.headers(None, (), dialect)], body)


def offered(policy: Policy) -> list[tuple[str, str]]:
    """Every name that may be asked for, with who offers it."""
    names = [(name, "haechi") for name in policy.names]
    for destination in policy.destinations.values():
        aliases = policy.aliases.get(destination.name, {})
        models = dict.fromkeys((*destination.models, *aliases))
        names += [(f"{destination.name}/{model}", destination.name) for model in models]
    return names
