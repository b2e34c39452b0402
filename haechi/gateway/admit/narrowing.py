"""Request headers that narrow or inform. They can only make a request stay closer to home.

| header | values | effect |
|---|---|---|
| `x-haechi-zone` | `onprem` | no cloud destination |
| `x-haechi-level` | `internal`, `confidential`, `restricted` | raises the label to that level |
"""

from msgspec import Struct

from haechi.domain.decision import Reason
from haechi.domain.errors import BadRequest
from haechi.domain.label import DECLARED, Label, Level
from haechi.domain.text import Text


class Asked(Struct, frozen=True):
    """What the caller asked for by header; `kept` is the label of a stored conversation that he goes on with."""

    home_only: bool = False
    level: Level | None = None
    kept: Label | None = None

    def raise_label(self, label: Label) -> Label:
        """`label`, at least as high as the caller says, and as what it goes on with."""
        if self.kept is not None:
            label = label.join(self.kept)
        return label if self.level is None else label.join(declared(self.level))

    def reasons(self, label: Label) -> tuple[Reason, ...]:
        """Why the label is higher than what was found, where it is."""
        told: list[Reason] = []
        if self.kept is not None and not label.covers(self.kept):
            told.append(Reason("remembered", {"level": self.kept.level.word}))
        if self.level is not None and self.level > label.level:
            told.append(Reason("level_raised", {"level": self.level.word}))
        return tuple(told)


def declared(level: Level) -> Label:
    """The label of what a caller calls as sensitive as `level`."""
    return Label(level, frozenset({DECLARED}) if level > Level.INTERNAL else frozenset())


NOTHING_ASKED = Asked()


def asked(zone: str | None, level: str | None) -> Asked:
    """What the two headers ask for. Raises `BadRequest` for a value that means nothing, so that a typing error
    never sends a request out."""
    if zone is None and level is None:
        return NOTHING_ASKED
    if zone not in (None, "onprem"):
        raise _wrong("x-haechi-zone", "onprem")
    words = {"internal": Level.INTERNAL, "confidential": Level.CONFIDENTIAL, "restricted": Level.RESTRICTED}
    if level is not None and level not in words:
        raise _wrong("x-haechi-level", ", ".join(words))
    return Asked(zone == "onprem", words[level] if level is not None else None)


def _wrong(header: str, allowed: str) -> BadRequest:
    return BadRequest(
        Text(
            ko=f"{header} 헤더에는 다음만 쓸 수 있습니다: {allowed}. 헤더를 고치거나 빼세요.",
            en=f"Header {header} may only say: {allowed}. Mend the header or leave it out.",
        ),
        param=header,
        code="invalid_header",
    )
