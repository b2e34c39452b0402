"""What has to be read again: facts about providers, rows of law, contracts, the catalogue itself.

Nothing here decides; it shows beforehand what will close, and afterwards what has closed, with date and source.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

from msgspec import Struct

from haechi.app.settings.compile import site_of
from haechi.app.settings.meaning import contract_of, stated
from haechi.app.settings.model import Settings
from haechi.catalogue.contracts import presets
from haechi.catalogue.editions import LIMIT_DAYS, editions
from haechi.catalogue.obligations import Obligation, obligations
from haechi.domain.destination import ProviderFacts, Site
from haechi.domain.text import Text
from haechi.gateway.decide.ageing import UNKNOWN_AFTER, freshness

SOON_DAYS: Final = 30
"""How long before its date a contract or a row of law is shown."""

CATALOGUE_SOON_DAYS: Final = 90
"""An update of haechi takes longer to arrange than a look at a contract."""

State = Literal["stale", "soon", "closed"]


class Due(Struct, frozen=True):
    """One thing to read again. `closed`: what needs it does not go out any more; `until` was its last day."""

    what: str
    state: State
    until: date
    source: str
    text: Text


def due(settings: Settings, today: date) -> list[Due]:
    """Everything that is stale, soon to be read again, or past its date; what has closed stands first."""
    site = site_of(settings)
    found = [
        *_catalogue(today), *_contracts(settings, today), *_designation(site, today), *_law(site, today),
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.state != "closed", each.until))


def _catalogue(today: date) -> Iterator[Due]:
    for name, edition in editions().items():
        state = _state(edition.until, today, CATALOGUE_SOON_DAYS)
        if state is not None:
            text = Text(
                ko=f"{edition.name.ko}: {edition.verified_on} 에 확인했고 {LIMIT_DAYS}일이 한도입니다. {edition.until} 이 "
                "지나면 클라우드로 아무것도 나가지 않습니다. haechi 를 업데이트하세요.",
                en=f"{edition.name.en}: read on {edition.verified_on}, believed for {LIMIT_DAYS} days. After "
                f"{edition.until} nothing goes to any cloud. Update haechi.",
            )
            yield Due(f"catalogue.{name}", state, edition.until, edition.source, text)


def _contracts(settings: Settings, today: date) -> Iterator[Due]:
    for name, entry in settings.destinations.items():
        given = contract_of(entry)
        if given is None or given.preset not in presets():
            continue
        where = f"destinations.{name}.contract"
        own, read = stated(given.facts), given.facts.verified_on
        preset = presets()[given.preset].facts
        if not (read is not None and own and _replaces(own, preset)):
            yield from _facts(f"{where}.preset", preset, today)
        if read is not None and own:
            yield from _facts(f"{where}.facts", ProviderFacts(given.attested_by or "", read), today)
        if given.valid_until is not None and (state := _state(given.valid_until, today, SOON_DAYS)):
            text = _ending(where, Text(ko="계약", en="contract"), given.valid_until, state)
            yield Due(f"{where}.valid_until", state, given.valid_until, given.attested_by or "", text)


def _designation(site: Site, today: date) -> Iterator[Due]:
    """The sandbox designation, without which a bank's text stays at home."""
    until = site.sandbox_until
    if until is not None and (state := _state(until, today, SOON_DAYS)):
        text = _ending("site.sandbox", Text(ko="혁신금융서비스 지정", en="sandbox designation"), until, state)
        yield Due("site.sandbox.valid_until", state, until, site.sandbox_id or "", text)


def _ending(where: str, what: Text, until: date, state: State) -> Text:
    """That what the customer stated ends, or has ended."""
    mend = Text(ko="갱신한 날짜를 valid_until 에 적으세요.", en="Write the new date to valid_until.")
    if state == "closed":
        return Text(
            ko=f"{where}: {what.ko} 기간이 {until} 에 끝나 없는 것과 같습니다. {mend.ko}",
            en=f"{where}: the {what.en} ended on {until}, and counts as none. {mend.en}",
        )
    return Text(
        ko=f"{where}: {what.ko} 기간은 {until} 까지입니다. 다음 날부터는 없는 것과 같습니다. {mend.ko}",
        en=f"{where}: the {what.en} holds until {until}; from the next day on there is none. {mend.en}",
    )


def _replaces(own: dict[str, object], preset: ProviderFacts) -> bool:
    """Whether the customer states every fact for which the preset is needed."""
    facts = (
        "trains",
        "zero_retention",
        "country_rest",
        "country_inference",
        "country_logs",
        "private_network",
    )
    return all(name in own for name in facts if getattr(preset, name) is not None)


def _facts(where: str, facts: ProviderFacts, today: date) -> Iterator[Due]:
    state = freshness(facts, today)
    if state == "fresh":
        return
    until = facts.verified_on + timedelta(days=UNKNOWN_AFTER)
    then = (
        Text(ko=f"{until} 까지만 믿습니다", en=f"they are believed until {until}")
        if state == "stale"
        else Text(ko=f"{until} 이 지나 모르는 것으로 봅니다", en=f"{until} has passed: they count as unknown")
    )
    text = Text(
        ko=f"{where}: 제공사 사실을 {facts.verified_on} 에 확인했습니다 (출처 {facts.source}). {then.ko}. 다시 확인한 사실을 "
        "contract.facts 에 verified_on 과 함께 적으세요.",
        en=f"{where}: the provider's facts were read on {facts.verified_on} (source {facts.source}); {then.en}. Read them "
        "again and state them under contract.facts with verified_on.",
    )
    yield Due(where, "stale" if state == "stale" else "closed", until, facts.source, text)


def _law(site: Site, today: date) -> Iterator[Due]:
    for row in obligations():
        state = _state(row.review, today, SOON_DAYS)
        if state is None or not _concerns(row, site):
            continue
        text = Text(
            ko=f"{row.id} ({row.cite.ko}): {row.review} 까지 다시 읽어야 합니다. 지나면 이 법에 걸리는 글은 나가지 않습니다. "
            "haechi 를 업데이트하세요.",
            en=f"{row.id} ({row.cite.en}): to be read again by {row.review}. After that nothing it speaks of goes out. "
            "Update haechi.",
        )
        yield Due(f"obligations.{row.id}", state, row.review, row.source, text)


def _concerns(row: Obligation, site: Site) -> bool:
    """Whether `row` can speak of anything that this site sends."""
    when = row.when
    by_kind = bool(when.kinds or when.personal) or not when.classes
    return (
        when.sector in (None, site.sector)
        and (when.subjects is None or when.subjects in site.subjects)
        and (by_kind or bool(set(when.classes) & site.classes))
    )


def _state(until: date, today: date, soon: int) -> State | None:
    left = (until - today).days
    return "closed" if left < 0 else "soon" if left <= soon else None
