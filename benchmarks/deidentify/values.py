"""Values of the tasks, drawn by seed: people, telephones, mailboxes, addresses, accounts."""

import random
import tomllib
from pathlib import Path
from typing import Final

_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SURNAMES, GIVEN, FIRST, LAST, FOREIGN = (
    _TABLE[name].split() for name in ("surnames", "given", "first", "last", "foreign")
)
DISTRICTS, HOSTS = _TABLE["districts"], _TABLE["hosts"]


class Draw:
    """Values of one task; no value twice."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._given: set[str] = set()

    def value(self, role: str, language: str) -> str:
        """A value for `role`, whose letters say its kind: `p1` a person, `t1` a telephone, `m1`, `a1`, `b1`."""
        while True:
            value = getattr(self, f"_{role[0]}")(language)
            if not any(value in other or other in value for other in self._given):
                self._given.add(value)
                return str(value)

    def _p(self, language: str) -> str:
        pick = self._random.choice
        if language == "en" or self._random.random() < 0.08:
            return f"{pick(FIRST)} {pick(LAST)}"
        return str(pick(FOREIGN) if self._random.random() < 0.03 else pick(SURNAMES) + pick(GIVEN))

    def _t(self, language: str) -> str:
        number = self._random.randrange
        return f"010-{number(2000, 9990)}-{number(1000, 9999)}"

    def _m(self, language: str) -> str:
        pick = self._random.choice
        return f"{pick(FIRST).lower()}.{pick(LAST).lower()}{self._random.randrange(10, 99)}@{pick(HOSTS)}"

    def _a(self, language: str) -> str:
        number = self._random.randrange
        return (
            f"{self._random.choice(DISTRICTS)} {number(2, 400)}, {number(101, 119)}동 {number(101, 2404)}호"
        )

    def _b(self, language: str) -> str:
        number = self._random.randrange
        return f"110-{number(100, 999)}-{number(100000, 999999)}"
