"""When each table of the catalogue was last read as a whole, from `edition.toml`, and until when it is believed."""

from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

from haechi.domain.text import Text

LIMIT_DAYS: Final = 540
"""A year and a half: three missed half-yearly reviews. An installation that old has not seen an update either."""


class Edition(Struct, frozen=True, forbid_unknown_fields=True):
    """One table: the day on which it was last read against its sources."""

    verified_on: date
    name: Text
    source: str

    @property
    def until(self) -> date:
        """The last day on which the table is believed."""
        return self.verified_on + timedelta(days=LIMIT_DAYS)


@cache
def editions() -> dict[str, Edition]:
    """Every table by name."""
    text = (files("haechi.catalogue") / "edition.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Edition])
