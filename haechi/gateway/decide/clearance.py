"""What a destination may receive, from its zone and its contract.

| destination | raw up to | de-identified up to |
|---|---|---|
| onprem | restricted | – |
| cloud, no contract or expired | public | public |
| cloud, no training on the data | internal | confidential, with the customer's side of the contract on file |
| cloud, the same, all in Korea, zero retention, private network | confidential | confidential |

Restricted text has no row: nothing here lets it out. A fact that is not known counts as not given, and one that
was read too long ago is not known.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import structs

from haechi.domain.destination import Clearance, Contract, Destination, Missing
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.decide.ageing import ever, known, reread


def clearance(destination: Destination, today: date) -> Clearance:
    """The clearance of `destination` on `today`, with the fact that keeps it from being higher."""
    if not destination.outside:
        return Clearance(Level.RESTRICTED)
    where = f"destinations.{destination.name}.contract"
    contract = destination.contract
    if contract is None:
        missing = Missing(
            where, Text(ko="학습에 쓰지 않는다는 계약", en="a contract that rules out training on the data")
        )
        return Clearance(Level.PUBLIC, Level.PUBLIC, missing, missing)
    if contract.valid_until is not None and contract.valid_until < today:
        missing = Missing(
            f"{where}.valid_until",
            Text(ko="유효한 계약 기간 (만료됨)", en="a contract in force (it has expired)"),
        )
        return Clearance(Level.PUBLIC, Level.PUBLIC, missing, missing)
    read = contract
    contract = structs.replace(read, facts=known(read, today), stated=None)
    if contract.facts.trains is not False:
        missing = (ever(read).trains is False and reread(read, where, today)) or Missing(
            f"{where}.facts.trains",
            Text(ko="학습 미사용 사실 확인", en="the fact that the provider does not train on the data"),
        )
        return Clearance(Level.PUBLIC, Level.PUBLIC, missing, missing)
    customers_side = _customers_side(contract, where)
    deidentified = Level.INTERNAL if customers_side else Level.CONFIDENTIAL
    raw_missing = customers_side or _seclusion(contract, where)
    if raw_missing and not customers_side and not _seclusion(structs.replace(read, facts=ever(read)), where):
        raw_missing = reread(read, where, today)
    raw = Level.INTERNAL if raw_missing else Level.CONFIDENTIAL
    return Clearance(raw, deidentified, raw_missing, customers_side)


def _customers_side(contract: Contract, where: str) -> Missing | None:
    """What no preset can know and only the customer can state."""
    facts = {
        "dpa_id": (
            contract.dpa_id,
            Text(ko="처리 위탁 계약 번호", en="the number of the data processing agreement"),
        ),
        "transfer_basis": (
            contract.transfer_basis,
            Text(ko="국외 이전의 법적 근거", en="the legal basis of the transfer"),
        ),
        "attested_by": (
            contract.attested_by,
            Text(ko="계약을 확인한 책임자", en="who attested the contract"),
        ),
        "valid_until": (
            contract.valid_until,
            Text(ko="계약 만료일", en="the day on which the contract ends"),
        ),
    }
    return _first_unknown(facts, where)


def _seclusion(contract: Contract, where: str) -> Missing | None:
    """What raw confidential text asks for besides: Korea in all three facts, nothing kept, a private line."""
    facts = contract.facts
    korea = Text(ko="저장·추론·로그가 모두 한국", en="storage, inference and logs all in Korea")
    return _first_unknown(
        {
            "facts.country_rest": (facts.country_rest == "KR" or None, korea),
            "facts.country_inference": (facts.country_inference == "KR" or None, korea),
            "facts.country_logs": (facts.country_logs == "KR" or None, korea),
            "facts.zero_retention": (
                facts.zero_retention or None,
                Text(ko="무보존 승인", en="approval of zero retention"),
            ),
            "facts.private_network": (
                facts.private_network or None,
                Text(ko="전용망 연결", en="a private network connection"),
            ),
        },
        where,
    )


def _first_unknown(facts: Mapping[str, tuple[object, Text]], where: str) -> Missing | None:
    for name, (value, what) in facts.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            return Missing(f"{where}.{name}", what)
    return None
