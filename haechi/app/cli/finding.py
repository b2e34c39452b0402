"""What one look of `haechi doctor` found."""

from typing import Any

from msgspec import Struct

from haechi.domain.text import Text


class Finding(Struct, frozen=True):
    """`ok=None` is worth knowing, but no fault. `facts` are for programs."""

    name: str
    ok: bool | None
    what: Text
    facts: dict[str, Any] = {}
