"""Facts about providers age: after 90 days they are shown as stale, after 180 they are not known any more.

A fact that nobody has read for half a year may have been changed by the provider, and unknown never allows
anything. Every function here takes the day as an argument; with a later day it never knows more.
"""

from datetime import date
from typing import Final, Literal

from msgspec import structs

from haechi.domain.destination import Contract, Missing, ProviderFacts
from haechi.domain.text import Text

STALE_AFTER: Final = 90
UNKNOWN_AFTER: Final = 180
"""Days since somebody read a fact at its source."""

Freshness = Literal["fresh", "stale", "unknown"]


def freshness(facts: ProviderFacts, today: date) -> Freshness:
    """How far `facts` can be relied on today. On the 90th and on the 180th day they still hold."""
    age = (today - facts.verified_on).days
    return "fresh" if age <= STALE_AFTER else "stale" if age <= UNKNOWN_AFTER else "unknown"


def known(contract: Contract, today: date) -> ProviderFacts:
    """What is known today: the preset's facts, and over them what the customer states, both while not too old.

    Where the customer once said otherwise than the preset, the preset's word does not come back with age.
    """
    facts, stated = contract.facts, contract.stated
    if freshness(facts, today) == "unknown":
        facts = ProviderFacts(facts.source, facts.verified_on)
    if stated is None:
        return facts
    given = {name: value for name, value in structs.asdict(stated).items() if value is not None}
    del given["source"], given["verified_on"]
    if freshness(stated, today) == "unknown":
        given = {name: None for name, value in given.items() if getattr(facts, name) != value}
    return structs.replace(facts, **given)


def ever(contract: Contract) -> ProviderFacts:
    """What was known on the day on which it was read."""
    return known(contract, date.min)


def reread(contract: Contract, where: str, today: date) -> Missing | None:
    """The fact that is missing where others are too old: that somebody reads them again and says so."""
    read = (contract.facts, *((contract.stated,) if contract.stated is not None else ()))
    old = [facts for facts in read if freshness(facts, today) == "unknown"]
    if not old:
        return None
    oldest = old[-1]  # the customer's own statement, where both are
    return Missing(
        f"{where}.facts.verified_on",
        Text(
            ko=f"제공사 사실의 재확인 (출처 {oldest.source}, {oldest.verified_on} 확인, {UNKNOWN_AFTER}일 경과): "
            "다시 확인한 사실을 facts 에 verified_on 과 함께 적고 attested_by 가 보증",
            en=f"a new look at the provider's facts (source {oldest.source}, read {oldest.verified_on}, more than "
            f"{UNKNOWN_AFTER} days ago): state them under facts with verified_on, vouched for by attested_by",
        ),
    )
