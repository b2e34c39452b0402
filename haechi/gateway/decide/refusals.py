"""What a caller is told when the answer is no: what happened, why, and what to do next."""

from haechi.domain.decision import Decision
from haechi.domain.errors import BackendFault, Forbidden, HomeUnavailable
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

RETRY_AFTER = 5
"""Seconds after which an engine that is being restarted may be back."""


def forbidden(decision: Decision) -> Forbidden:
    """A rule refuses the request outright."""
    rule = decision.rule
    if rule == "service" and decision.missing is not None:
        return _unserved(decision.missing.path)
    return Forbidden(
        Text(
            ko=f"거절했습니다: 규칙 {with_particle(rule, '이/가')} 이 요청을 금지합니다. 이유는 `haechi "
            "explain` 으로 볼 수 있습니다.",
            en=f"Refused: rule {rule} forbids this request. `haechi explain` with the record id says why.",
        )
    )


def _unserved(path: str) -> Forbidden:
    """The request needs something that a model service would do on its own, and no policy line allows it."""
    return Forbidden(
        Text(
            ko="거절했습니다: 답하려면 모델 서비스가 스스로 웹을 검색하거나, URL 을 가져오거나, 저장된 파일을 읽어야 하는데 "
            "정책이 허용하지 않습니다. 그 부분을 빼고 보내거나, 관리자가 haechi.yaml 의 "
            f"{path} 에 허용할 등급을 적습니다.",
            en="Refused: to answer this, the model service would search the web, fetch a URL or read a stored file on "
            "its own, and no policy line allows it. Leave that part out, or the operator allows a level at "
            f"{path} in haechi.yaml.",
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
    """It may be answered at home only, and home does not answer."""
    name = fault.destination
    return HomeUnavailable(
        Text(
            ko=f"이 요청은 사내에서만 답할 수 있는데 사내 모델({name})이 지금 응답하지 않습니다. 해치가 시작한 엔진이라면 다시 "
            "시작하는 중이니 잠시 뒤 다시 보내세요. 계속되면 관리자가 `haechi doctor` 로 살펴봅니다. 밖으로 나간 것은 없습니다.",
            en=f"This request can be answered on-prem only, and the on-prem model ({name}) does not answer now. If haechi "
            "started it, it is being started again: send the request again in a while. If this lasts, `haechi doctor` "
            "shows the operator what is wrong. Nothing has left.",
        ),
        retry_after=fault.retry_after or RETRY_AFTER,
    )
