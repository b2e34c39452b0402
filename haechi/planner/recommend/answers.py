"""What `haechi assess` asks. Everything may be left open; what is open never moves anything outside."""

from datetime import date
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from msgspec import Meta, Struct

from haechi.domain.text import Text

Sector = Literal[
    "finance", "medical", "defence", "public", "startup", "small", "manufacturing", "publishing", "marketing",
    "education", "retail", "service", "platform", "personal",
]  # fmt: skip
Workload = Literal[
    "customer_pii", "trade_secret", "pre_patent", "mergers", "document_search", "medical_records", "text_generation",
    "translation", "summary", "code", "automation",
]  # fmt: skip
Won = Annotated[float, Meta(ge=0, le=1e15)]
Calls = Annotated[float, Meta(ge=0, le=1e13)]
Tokens = Annotated[float, Meta(ge=1, le=1e7)]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class Answers(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One company, or one project of it. `None` and an empty list are «not known»."""

    sector: Sector | None = None
    workloads: tuple[Workload, ...] = ()
    calls_per_month: Calls | None = None
    calls_per_day: Calls | None = None
    input_tokens: Tokens = 1155
    output_tokens: Tokens = 211
    cloud_model: Words = "claude-sonnet-5-5"
    sensitive_share: Annotated[float, Meta(ge=0, le=1)] = 0.0
    budget_krw: Won | None = None
    mlops_team: bool | None = None
    long_term_savings: bool | None = None
    sovereignty: bool | None = None
    fast_start: bool | None = None
    tuning: bool | None = None
    contracts: tuple[Words, ...] = ()
    sandbox_id: Words | None = None
    sandbox_until: date | None = None
    fsi_evaluated: bool | None = None
    nis_review: Words | None = None
    csap: bool | None = None
    hardware: tuple[Words, ...] = ()

    @property
    def month(self) -> float | None:
        """Calls a month, of whichever was said."""
        if self.calls_per_month is not None:
            return self.calls_per_month
        return None if self.calls_per_day is None else self.calls_per_day * 30


ASKED: Final[dict[str, Text]] = {
    "sector": Text(ko="업종", en="Sector"),
    "workloads": Text(ko="AI 로 할 일", en="What AI is to do"),
    "calls_per_month": Text(ko="한 달 AI 호출 수", en="AI calls a month"),
    "calls_per_day": Text(ko="하루 AI 호출 수 (한 달 수 대신)", en="AI calls a day (instead of a month)"),
    "input_tokens": Text(ko="호출마다 입력 토큰", en="Input tokens per call"),
    "output_tokens": Text(ko="호출마다 출력 토큰", en="Output tokens per call"),
    "cloud_model": Text(ko="견줄 클라우드 모델", en="Cloud model to compare with"),
    "sensitive_share": Text(ko="민감한 호출의 비율 (0-1)", en="Share of calls that are sensitive (0 to 1)"),
    "budget_krw": Text(ko="초기 투자 예산 (원)", en="Budget for the initial investment (won)"),
    "mlops_team": Text(ko="AI/MLOps 팀이 있는가", en="Is there an AI/MLOps team"),
    "long_term_savings": Text(ko="장기적 비용 절감이 필요한가", en="Are long-term savings needed"),
    "sovereignty": Text(ko="데이터 주권이 핵심인가", en="Is data sovereignty essential"),
    "fast_start": Text(ko="빠른 도입과 실험이 우선인가", en="Does a fast start come first"),
    "tuning": Text(ko="모델 튜닝이 필요한가", en="Is tuning of models needed"),
    "contracts": Text(ko="맺은 B2B 계약 (제공사)", en="B2B contracts held (providers)"),
    "sandbox_id": Text(ko="혁신금융서비스 지정 번호", en="Number of the sandbox designation"),
    "sandbox_until": Text(ko="그 지정이 끝나는 날", en="The day on which it ends"),
    "fsi_evaluated": Text(
        ko="제공사가 금융보안원의 평가를 받았는가",
        en="Has the Financial Security Institute evaluated the provider",
    ),
    "nis_review": Text(ko="국가정보원 보안성 검토 번호", en="Number of the NIS security review"),
    "csap": Text(ko="제공사가 CSAP 인증을 받았는가", en="Is the provider certified by CSAP"),
    "hardware": Text(ko="이미 있는 장비", en="Hardware that is there already"),
}


def questions() -> list[dict[str, Any]]:
    """Every question with its id, type, choices and text in both languages."""
    hints = Answers.__annotations__
    return [
        {
            "id": name,
            "type": _kind(hints[name]),
            "choices": list(_choices(hints[name])),
            "ko": text.ko,
            "en": text.en,
        }
        for name, text in ASKED.items()
    ]


def _choices(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    if hint is bool:
        return ("true", "false")
    inner = get_args(hint) if get_origin(hint) is not Annotated else ()
    return next((found for each in inner if (found := _choices(each))), ())


def _kind(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return "several"
    said = str(hint)
    for sign, kind in (("Literal", "choice"), ("bool", "yes or no"), ("float", "number"), ("date", "date")):
        if sign in said:
            return kind
    return "text"
