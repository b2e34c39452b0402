"""What a caller is told when the answer is no: what happened, why, and what to do next."""

from haechi.domain.decision import Decision
from haechi.domain.errors import BackendFault, Forbidden, HomeUnavailable
from haechi.domain.text import Text

RETRY_AFTER = 5
"""Seconds after which an engine that is being restarted may be back."""


def forbidden(decision: Decision) -> Forbidden:
    """A rule refuses the request outright."""
    rule = decision.rule
    return Forbidden(
        Text(
            ko=f"거절했습니다: 규칙 {rule} 이(가) 이 요청을 금지합니다. 이유는 `haechi explain` 으로 볼 수 있습니다.",
            en=f"Refused: rule {rule} forbids this request. `haechi explain` with the record id says why.",
        )
    )


def no_home() -> HomeUnavailable:
    """It must stay at home, and there is no home."""
    return HomeUnavailable(
        Text(
            ko="이 요청은 사내에 머물러야 하는데 사내 모델이 없습니다. `haechi model pull` 로 모델을 받거나 "
            "haechi.yaml 에 zone: onprem 목적지를 적으세요. 밖으로 나간 것은 없습니다.",
            en="This request must stay on-prem and there is no on-prem model. Get one with `haechi model pull`, or "
            "name a destination with zone: onprem in haechi.yaml. Nothing has left.",
        )
    )


def home_down(fault: BackendFault) -> HomeUnavailable:
    """It must stay at home, and home does not answer."""
    name = fault.destination
    return HomeUnavailable(
        Text(
            ko=f"이 요청은 사내에 머물러야 하는데 사내 모델({name})이 응답하지 않습니다. 엔진을 시작하고 다시 보내세요; "
            "`haechi doctor` 가 상태를 알려 줍니다. 밖으로 나간 것은 없습니다.",
            en=f"This request must stay on-prem and the on-prem model ({name}) does not answer. Start the engine and "
            "send it again; `haechi doctor` shows its state. Nothing has left.",
        ),
        retry_after=fault.retry_after or RETRY_AFTER,
    )
