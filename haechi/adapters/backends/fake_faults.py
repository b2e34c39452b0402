"""How a service fails, so that the fake one can fail like it: one word each, with a number where one is needed.

| word          | what happens                                                                 |
|---------------|------------------------------------------------------------------------------|
| `status:N`    | answers N with an HTML page, as a balancer in front of a model does          |
| `redirect`    | answers 307 to another place                                                 |
| `context`     | refuses the request as longer than the model's context, in the wire's words  |
| `stall`       | sends nothing, for as long as the caller waits                               |
| `stall-mid`   | falls silent in the middle of an answer                                      |
| `reset`       | breaks the connection before the first byte                                  |
| `reset-mid`   | breaks it in the middle of an answer                                         |
| `garbage`     | answers what is not its protocol                                             |
| `truncate`    | ends in the middle of an answer, in good order as far as HTTP can tell       |
| `no-done`     | streams everything but the wire's last word                                  |
| `error-mid`   | reports an error inside a stream                                             |
| `slow:S`      | waits S seconds before each piece of a stream                                |
"""

import re
from collections.abc import Iterable
from typing import Final, Literal, get_args

from msgspec import Struct

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

Kind = Literal[
    "none",
    "status",
    "redirect",
    "context",
    "stall",
    "stall-mid",
    "reset",
    "reset-mid",
    "garbage",
    "truncate",
    "no-done",
    "error-mid",
    "slow",
]
_WORD: Final = re.compile(r"([a-z-]+)(?::([0-9.]+))?")


class Fault(Struct, frozen=True):
    """One way to fail. `number` is a status, or seconds."""

    kind: Kind = "none"
    number: float = 0

    @classmethod
    def of(cls, word: str) -> "Fault":
        """The fault written as `word`. Raises `ConfigurationError` for any other word.

        >>> Fault.of("status:429")
        Fault(kind='status', number=429.0)
        """
        match = _WORD.fullmatch(word)
        if match is None or match[1] not in get_args(Kind):
            known = ", ".join(get_args(Kind))
            raise ConfigurationError(
                Text(
                    ko=f"알 수 없는 장애입니다. 쓸 수 있는 말: {known}",
                    en=f"Unknown fault. Known ones: {known}",
                ),
                "fault",
            )
        kind: Kind = match[1]  # type: ignore[assignment]  # checked against the very Literal above
        return cls(kind, float(match[2] or 0))


class Faults:
    """Which request fails how: the script first, one entry per request, then always the same."""

    def __init__(self, always: Fault | None = None, script: Iterable[Fault] = ()) -> None:
        self._always = always or Fault()
        self._script = list(script)

    def next(self) -> Fault:
        """The fault of the next request."""
        return self._script.pop(0) if self._script else self._always
