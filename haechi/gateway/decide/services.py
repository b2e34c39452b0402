"""What a model service does on its own besides answering: which targets may, and the refusal where none may.

A service is needed because the request asks for it, or because the model does it whether asked or not.
"""

from haechi.catalogue.models import acting
from haechi.domain.decision import Reason
from haechi.domain.destination import Destination, Missing, Service
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.decide.policy import Policy, Target

NO_SERVICE = Text(
    ko="그 기능을 이 등급까지 허용하는 설정",
    en="a policy line that allows the service up to this level",
)


def needed(asked: frozenset[Service], destination: Destination, model: str) -> frozenset[Service]:
    """The services that `model` at `destination` uses for a request that asks for `asked`. What a model in the building
    is called says nothing of what it does."""
    own = acting(destination.wire, model) if destination.outside else None
    return asked if own is None else asked | {own}


def serving(
    asked: frozenset[Service], level: Level, targets: tuple[Target, ...], policy: Policy
) -> tuple[Target, ...]:
    """Those of `targets` where every service that is needed is allowed for `level`."""
    return tuple(target for target in targets if _closed(asked, level, target, policy) is None)


def refusal(
    asked: frozenset[Service], level: Level, targets: tuple[Target, ...], policy: Policy
) -> tuple[Reason, Missing]:
    """Why none of `targets` serves: the first one's closed service, and the line that would open it."""
    target = next((each for each in targets if _closed(asked, level, each, policy)), targets[0])
    service = _closed(asked, level, target, policy) or min(asked)
    missing = Missing(f"destinations.{target.destination}.services.{service}", NO_SERVICE)
    args = {"service": service, "destination": target.destination, "missing": missing.path}
    return Reason("service_closed", args), missing


def _closed(asked: frozenset[Service], level: Level, target: Target, policy: Policy) -> Service | None:
    destination = policy.destinations[target.destination]
    needs = needed(asked, destination, target.model)
    return destination.closed_service(needs, level) if needs else None
