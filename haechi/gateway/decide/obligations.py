"""What the law asks before a text may go outside: label and facts in, the rows that say no out.

Nothing is known unless it is stated: every fact is looked up in one table, and one that is not given counts as
not given. A row is in force from its effective date; after its review date it lets nothing out that it speaks
of, because nobody has read it again. Everything here is pure; `today` is an argument.

A reversible token is still personal data, so rows about persons hold for de-identified text too.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct, structs

from haechi.catalogue.obligations import Obligation
from haechi.domain.decision import Transform
from haechi.domain.destination import Contract, Destination, Missing, ProviderFacts, Site
from haechi.domain.label import Label, Level
from haechi.domain.text import Text
from haechi.gateway.decide.ageing import ever, known, reread

NOT_PERSONAL: Final = frozenset(
    {
        "kr.brn", "kr.crn", "secret", "marking", "term", "fingerprint", "ip",
        "topic.trade_secret", "topic.unpublished_patent", "topic.m_and_a", "topic.internal_memo",
    }
)  # fmt: skip
"""Kinds that concern no person; what is not named here is taken to concern one."""

EEA: Final = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split()  # noqa: SIM905  a list to read
)
"""The European Union with Norway, Iceland and Liechtenstein, by ISO 3166-1."""


class Question(Struct, frozen=True):
    """Whether `label` may go to `destination` as `transform`, for this site, today."""

    label: Label
    destination: Destination
    transform: Transform
    site: Site
    today: date

    @property
    def contract(self) -> Contract | None:
        """The contract, while it is in force."""
        contract = self.destination.contract
        ended = (
            contract is not None and contract.valid_until is not None and contract.valid_until < self.today
        )
        return None if ended else contract

    @property
    def countries(self) -> tuple[str | None, ...]:
        """Where data rests, is computed on and is logged."""
        if self.contract is None:
            return (None,)
        facts = self.contract.facts
        return (facts.country_rest, facts.country_inference, facts.country_logs)

    @property
    def sandbox_in_force(self) -> bool:
        """Whether a designation under the financial sandbox is on file and has not ended."""
        until = self.site.sandbox_until
        return self.site.sandbox_id is not None and until is not None and until >= self.today


Fact = Callable[[Question], bool]


def _basis(name: str) -> Fact:
    return lambda question: name in question.site.basis


def _contract(field: str) -> Fact:
    return lambda question: bool(question.contract is not None and getattr(question.contract, field))


def _in_korea(question: Question) -> bool:
    return set(question.countries) == {"KR"}


NEVER: Final = "never"

FACTS: Final[Mapping[str, tuple[Fact, Text]]] = {
    NEVER: (
        lambda _: False,
        Text(ko="없음: 이 규칙은 예외를 두지 않습니다", en="none: this rule has no exception"),
    ),
    "deidentified": (lambda q: q.transform == "deidentified", Text(ko="가명처리", en="de-identification")),
    "country.korea": (
        _in_korea,
        Text(ko="저장·추론·로그가 모두 한국", en="storage, inference and logs all in Korea"),
    ),
    "country.eea": (
        lambda q: all(country in EEA for country in q.countries),
        Text(ko="저장·추론·로그가 모두 유럽경제지역", en="storage, inference and logs all in the EEA"),
    ),
    "country.korea_or_sandbox_overseas": (
        lambda q: _in_korea(q) or (q.sandbox_in_force and q.site.sandbox_overseas),
        Text(
            ko="국내 처리, 또는 국외가 허용된 혁신금융서비스 지정",
            en="Korea, or a designation that covers servers abroad",
        ),
    ),
    "secluded": (
        lambda q: (
            _in_korea(q)
            and bool(q.contract and q.contract.facts.zero_retention and q.contract.facts.private_network)
        ),
        Text(ko="국내, 무보존, 전용망", en="Korea, zero retention and a private network"),
    ),
    "contract.dpa_id": (
        _contract("dpa_id"),
        Text(ko="처리 위탁 계약 번호", en="the number of the data processing agreement"),
    ),
    "contract.transfer_basis": (
        _contract("transfer_basis"),
        Text(ko="국외 이전의 법적 근거", en="the legal basis of the transfer"),
    ),
    "contract.attested_by": (
        _contract("attested_by"),
        Text(ko="계약을 확인한 책임자", en="who attested the contract"),
    ),
    "contract.valid_until": (
        _contract("valid_until"),
        Text(ko="계약 만료일", en="the day on which the contract ends"),
    ),
    "contract.baa": (_contract("baa"), Text(ko="BAA 체결", en="a business associate agreement")),
    "contract.basis_is_not_equivalence": (
        lambda q: bool(q.contract and q.contract.transfer_basis not in (None, "equivalence")),
        Text(ko="동등성 인정이 아닌 이전 근거", en="a transfer basis other than equivalence"),
    ),
    "basis.sensitive": (
        _basis("sensitive"),
        Text(
            ko="민감정보 처리의 별도 동의나 법령",
            en="separate consent or a statute for sensitive information",
        ),
    ),
    "basis.irb": (_basis("irb"), Text(ko="기관위원회 심의", en="an ethics board's approval")),
    "basis.gdpr_transfer": (
        _basis("gdpr_transfer"),
        Text(ko="GDPR 역외 이전 근거", en="a transfer basis under the GDPR"),
    ),
    "basis.no_stop_order": (
        lambda q: not q.site.stop_order,
        Text(ko="국외 이전 중지 명령이 없음", en="no order to stop the transfer"),
    ),
    "site.no_credit": (
        lambda q: "credit" not in q.site.classes,
        Text(ko="개인신용정보가 아님", en="no personal credit information"),
    ),
    "site.sandbox": (
        lambda q: q.sandbox_in_force,
        Text(
            ko="유효한 혁신금융서비스 지정 번호와 만료일", en="a sandbox designation in force, with its end"
        ),
    ),
    "site.nis_review": (
        lambda q: q.site.nis_review is not None,
        Text(ko="국가정보원 보안성 검토 번호", en="the number of the NIS review"),
    ),
    "provider.fsi_evaluated": (
        lambda q: bool(q.contract and q.contract.facts.fsi_evaluated),
        Text(ko="금융보안원 평가", en="an evaluation by the Financial Security Institute"),
    ),
    "provider.csap": (
        lambda q: bool(q.contract and q.contract.facts.csap),
        Text(ko="CSAP 인증", en="a CSAP certificate"),
    ),
}
"""Every fact that a row may name: how it is looked up, and what people call it."""


class Denial(Struct, frozen=True):
    """A row that says no, and the first fact that would have satisfied it."""

    obligation: Obligation
    missing: Missing
    stale: bool = False

    @property
    def final(self) -> bool:
        """Whether no fact whatever would satisfy it."""
        return not self.stale and NEVER in self.obligation.requires


def denials(question: Question, rows: Sequence[Obligation]) -> tuple[Denial, ...]:
    """The rows that forbid it, in the order of the table; none means that the law has no objection."""
    if not question.destination.outside:
        return ()
    aged = _aged(question)
    found = (_denial(row, aged, question) for row in rows if _in_force(row, question))
    return tuple(denial for denial in found if denial is not None)


def _aged(question: Question) -> Question:
    """The same question with the facts that are still known today."""
    contract = question.destination.contract
    if contract is None:
        return question
    facts = known(contract, question.today)
    if facts is contract.facts:
        return question
    return _knowing(question, facts)


def _knowing(question: Question, facts: ProviderFacts) -> Question:
    contract = question.destination.contract
    if contract is None:
        return question
    contract = structs.replace(contract, facts=facts, stated=None)
    return structs.replace(question, destination=structs.replace(question.destination, contract=contract))


def _in_force(row: Obligation, question: Question) -> bool:
    return row.effective <= question.today and _speaks_of(row, question.label, question.site)


def _speaks_of(row: Obligation, label: Label, site: Site) -> bool:
    when = row.when
    if when.sector is not None and when.sector != site.sector:
        return False
    if when.subjects is not None and when.subjects not in site.subjects:
        return False
    if when.level is not None and label.level < Level.of(when.level):
        return False
    named = bool(when.kinds or when.classes or when.personal)
    return (
        not named
        or bool(set(when.kinds) & label.kinds)
        or bool(set(when.classes) & set(site.classes))
        or (when.personal and personal(label))
    )


def personal(label: Label) -> bool:
    """Whether a person is concerned. What could not be read may hold one. Below confidential a kind was found in a form
    that is nobody's: the mailbox of a desk, an address of a reserved domain."""
    return label.level >= Level.CONFIDENTIAL and bool(label.kinds - NOT_PERSONAL)


def _denial(row: Obligation, question: Question, read: Question) -> Denial | None:
    if row.review < question.today:
        what = Text(
            ko=f"{row.id} 의 재검토 (기한 {row.review})", en=f"a review of {row.id} (was due {row.review})"
        )
        return Denial(row, Missing(f"obligations.{row.id}.review", what), stale=True)
    if any(FACTS[fact][0](question) for fact in row.unless):
        return None
    for fact in row.requires:
        given, what = FACTS[fact]
        if not given(question):
            return Denial(row, _too_old(given, read) or Missing(_path(fact, question), what))
    return None


def _too_old(given: Fact, read: Question) -> Missing | None:
    """What to read again, where the fact was known once and is not any more."""
    contract = read.contract
    if contract is None or not given(_knowing(read, ever(contract))):
        return None
    return reread(contract, f"destinations.{read.destination.name}.contract", read.today)


_ELSEWHERE: Final = {"site.no_credit": "site.classes", "basis.no_stop_order": "site.stop_order"}


def _path(fact: str, question: Question) -> str:
    """Where in `haechi.yaml` a fact belongs."""
    room, _, rest = fact.partition(".")
    where = f"destinations.{question.destination.name}.contract"
    if room == "contract":
        return f"{where}.{rest}"
    if room == "provider":
        return f"{where}.facts.{rest}"
    if room == "country":
        fitting = EEA if rest == "eea" else {"KR"}
        fields = ("country_rest", "country_inference", "country_logs")
        countries = dict(zip(fields, question.countries, strict=False))
        return (
            f"{where}.facts.{next((name for name, each in countries.items() if each not in fitting), rest)}"
        )
    return _ELSEWHERE.get(fact) or (f"site.{fact}" if room == "basis" else fact)
