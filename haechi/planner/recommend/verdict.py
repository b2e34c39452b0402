"""Where each workload goes, and why: law first, then what the source calls sensitive, then figures. Open facts stay home."""

from datetime import date
from typing import Final, Literal

from msgspec import Struct

from haechi.catalogue.obligations import obligations
from haechi.domain.text import Text
from haechi.planner.recommend.answers import Answers, Workload
from haechi.planner.recommend.document import DOCUMENT

Where = Literal["cloud", "onprem"]
FIGURE: Final = Text(ko="원문 A06, 그림 A06-2", en="source document A06, figure A06-2")
SECRETS: Final = frozenset({"trade_secret", "pre_patent", "mergers"})
INSIDE: Final = frozenset({"customer_pii", "document_search"})
"""What the source's second figure draws inside, beside trade secrets."""


class Reason(Struct, frozen=True):
    """One sentence and what it rests on."""

    text: Text
    cite: Text


class Placed(Struct, frozen=True):
    """One workload's place, its reasons, and what has to be on file first."""

    workload: Workload
    verdict: Where
    because: tuple[Reason, ...]
    missing: tuple[Text, ...] = ()


class Figures(Struct, frozen=True):
    """What the customer's own figures say: won a month, and calls a month from which home is cheaper."""

    cloud_krw: float
    onprem_krw: float
    break_even_calls: float | None
    capex_krw: float


CONTRACT: Final = Text(
    ko="B2B 계약(학습 미사용, 보존, SLA 를 문서로)",
    en="a B2B contract (no training, retention, SLA in writing)",
)
UNSURE: Final = Text(
    ko="큰 투자 전에 전문가와, 법은 변호사와 상담하세요. 법률 자문이 아닙니다.",
    en="Consult an expert before large spending, and counsel on law. This is not legal advice.",
)
DELAY: Final = Text(
    ko="보안을 명목으로 초기 투자에 막혀 AI 전환 자체를 못하는 것이 더 큰 리스크입니다.",
    en="Being held up by the initial investment in the name of security, and not moving to AI at all, is the greater risk.",
)
STALE: Final = Text(
    ko="사내 모델은 업데이트가 늦습니다. 최신 모델과의 품질 차이를 수치로 확인하세요.",
    en="Models at home are updated late: measure how far their quality is from the newest.",
)


def place(answers: Answers, figures: Figures | None, today: date) -> tuple[Placed, ...]:
    """Every workload; without any, the six that the source calls ordinary or sensitive are not guessed: none."""
    return tuple(_one(each, answers, figures, today) for each in answers.workloads)


def overall(placed: tuple[Placed, ...]) -> Literal["cloud", "onprem", "hybrid"]:
    """Of all workloads together; with none there is nothing that may leave."""
    found = {each.verdict for each in placed}
    if len(found) == 2:
        return "hybrid"
    return "cloud" if found == {"cloud"} else "onprem"


def _one(work: Workload, answers: Answers, figures: Figures | None, today: date) -> Placed:
    if (kept := _law(work, answers, today)) is not None:
        return kept
    if work in INSIDE:
        text = Text(ko="원문은 이 일을 사내에 둡니다.", en="The source keeps this work inside.")
        return Placed(work, "onprem", (Reason(text, FIGURE),))
    if work == "automation" and answers.hardware:
        text = Text(
            ko="단순 작업은 있는 장비의 로컬 모델로 합니다.",
            en="Simple work goes to the local model on what is there.",
        )
        return Placed(work, "onprem", (Reason(text, DOCUMENT),))
    if (cheaper := _cheaper(work, answers, figures)) is not None:
        return cheaper
    text = Text(
        ko="일반 작업은 B2B 계약을 맺은 클라우드가 현실적입니다.",
        en="For ordinary work the cloud under a B2B contract is realistic.",
    )
    missing = () if answers.contracts else (CONTRACT,)
    return Placed(work, "cloud", (Reason(text, DOCUMENT),), missing)


def _law(work: Workload, answers: Answers, today: date) -> Placed | None:
    if work in SECRETS:
        return _kept(work, "SECRET")
    if answers.sector is None:
        text = Text(ko="업종을 모르면 나가지 않습니다.", en="Nothing leaves while the sector is not known.")
        basis = Text(ko="해치의 원칙: 모르면 사내", en="haechi's principle: unknown stays home")
        return Placed(work, "onprem", (Reason(text, basis),), (Text(ko="업종", en="the sector"),))
    if answers.sector == "finance" and not (_sandbox(answers, today) and answers.fsi_evaluated):
        missing = Text(
            ko="유효한 혁신금융서비스 지정과 금융보안원 평가",
            en="a valid sandbox designation and an FSI evaluation",
        )
        return _kept(work, "FIN-NET", missing)
    if work == "medical_records":
        return _kept(work, "MED-EMR", Text(ko="한국 안의 저장과 추론", en="storage and inference in Korea"))
    if answers.sector == "defence":
        return _kept(work, "PUB-N2SF-C")
    if answers.sector == "public" and not (answers.nis_review and answers.csap):
        missing = Text(ko="국가정보원 보안성 검토와 CSAP", en="an NIS security review and CSAP")
        return _kept(work, "PUB-CSAP", missing)
    return None


def _sandbox(answers: Answers, today: date) -> bool:
    return bool(answers.sandbox_id and answers.sandbox_until and answers.sandbox_until >= today)


def _kept(work: Workload, rule: str, *missing: Text) -> Placed:
    row = next(each for each in obligations() if each.id == rule)
    since = Text(ko=f"{row.cite.ko}, {row.effective} 시행", en=f"{row.cite.en}, in force {row.effective}")
    return Placed(work, "onprem", (Reason(row.demands, since),), missing)


def _cheaper(work: Workload, answers: Answers, figures: Figures | None) -> Placed | None:
    """Ordinary work at home where figures say so and there are people and money for it; all three must be known."""
    month = answers.month
    if figures is None or month is None or figures.break_even_calls is None:
        return None
    able = answers.mlops_team is True and (answers.budget_krw or 0) >= figures.capex_krw
    if month <= figures.break_even_calls or not able:
        return None
    won = f"{figures.cloud_krw / 1e6:,.0f} / {figures.onprem_krw / 1e6:,.0f}"
    text = Text(
        ko=f"월 {month:,.0f}건이면 클라우드와 사내가 월 {won}백만 원이고, 팀과 예산이 있습니다.",
        en=f"At {month:,.0f} calls a month cloud and home cost {won} million won, and there are people and budget.",
    )
    basis = Text(ko="귀사의 수치와 costs.toml", en="your figures and costs.toml")
    return Placed(work, "onprem", (Reason(text, basis),))
