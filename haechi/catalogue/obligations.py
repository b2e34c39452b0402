"""The obligations of `obligations.toml`, typed; and what haechi asks of its own catalogue, as rows of the same kind."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from haechi.catalogue.editions import LIMIT_DAYS, Edition, editions
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.text import Text

Sector = Literal["general", "finance", "medical", "public"]


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """What a row speaks of; the fields are explained at the head of the table."""

    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    personal: bool = False
    level: str | None = None
    sector: Sector | None = None
    subjects: Literal["eu"] | None = None


class Obligation(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of law, with where it stands, since when it holds and when it is to be read again."""

    id: str
    cite: Text
    demands: Text
    source: str
    mark: Literal["source", "press", "open"]
    effective: date
    review: date
    when: When
    requires: tuple[str, ...]
    unless: tuple[str, ...] = ()


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    obligation: tuple[Obligation, ...]


@cache
def legal_floor() -> frozenset[str]:
    """Kinds that a row of law names: no exception lets them out."""
    return NEVER_OUTSIDE.union(*(row.when.kinds for row in obligations()))


@cache
def obligations() -> tuple[Obligation, ...]:
    """Every row, in the order of the table."""
    text = (files("haechi.catalogue") / "obligations.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Table).obligation


@cache
def hard_limits() -> tuple[Obligation, ...]:
    """One row for each table of the catalogue. It speaks of every request, asks nothing until its review date, and
    after that, like any row, lets nothing out."""
    return tuple(_hard_limit(name, edition) for name, edition in editions().items())


def _hard_limit(name: str, edition: Edition) -> Obligation:
    return Obligation(
        id=f"CATALOGUE-{name.upper()}",
        cite=Text(
            ko=f"해치 카탈로그의 한도: {edition.name.ko}, {edition.verified_on} 확인",
            en=f"haechi's limit on its catalogue: {edition.name.en}, read {edition.verified_on}",
        ),
        demands=Text(
            ko=f"{LIMIT_DAYS}일 넘게 확인하지 않은 표로는 아무것도 내보내지 않습니다. haechi 를 업데이트하세요.",
            en=f"A table that nobody has read for {LIMIT_DAYS} days lets nothing out. Update haechi.",
        ),
        source=edition.source,
        mark="source",
        effective=edition.verified_on,
        review=edition.until,
        when=When(),
        requires=(),
    )
