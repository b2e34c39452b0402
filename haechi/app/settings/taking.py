"""`deidentify`: how values are taken out, and what of it cannot be had."""

from collections.abc import Iterator
from typing import Final

from haechi.app.settings.labels import Own, found_kinds
from haechi.app.settings.model import Settings
from haechi.app.settings.problems import Path, Problem, did_you_mean
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.taking import Strategy, Taking
from haechi.domain.text import Text
from haechi.gateway.deidentify.generalise import COARSER
from haechi.gateway.deidentify.surrogates import IMITATED

HOUR: Final = 3600.0
_KNOWN: Final[dict[Strategy, frozenset[str]]] = {"surrogate": IMITATED, "generalise": COARSER}


def compiled(settings: Settings) -> Taking:
    """The site's word in the form of the gate."""
    given = settings.deidentify
    return Taking(given.strategies, frozenset(given.never_into), given.mapping_h * HOUR)


def wrong(settings: Settings, own: Own) -> Iterator[Problem]:
    """Everything that is wrong with `deidentify`, here and at destinations."""
    known = found_kinds(own)
    for kind, strategy in settings.deidentify.strategies.items():
        path: Path = ("deidentify", "as", kind)
        if kind not in known:
            yield Problem(path, _UNKNOWN, did_you_mean(kind, known))
        elif kind in NEVER_OUTSIDE:
            yield Problem(path, _NEVER, _LEAVE_OUT)
        elif strategy in _KNOWN and kind not in _KNOWN[strategy]:
            yield Problem(path, _CANNOT[strategy], did_you_mean(kind, _KNOWN[strategy]))
        elif strategy == "surrogate" and settings.split:
            yield Problem(path, _SPLIT, _TOKEN_INSTEAD)
    for name, entry in settings.destinations.items():
        for at, kind in enumerate(entry.deidentify or ()):
            if kind not in known:
                yield Problem(("destinations", name, "deidentify", at), _UNKNOWN, did_you_mean(kind, known))


_UNKNOWN: Final = Text(
    ko="모르는 종류라서 아무것도 맞지 않습니다.", en="This kind is not known, so nothing matches it."
)
_NEVER: Final = Text(
    ko="개인정보 보호법 제24조, 제24조의2 의 고유식별정보라 어떤 꼴로도 나가지 않습니다.",
    en="A unique identifier (PIPA Art. 24, 24-2) leaves in no form.",
)
_LEAVE_OUT: Final = Text(ko="이 줄을 지우세요.", en="Leave this line out.")
_CANNOT: Final[dict[Strategy, Text]] = {
    "surrogate": Text(
        ko="이 종류는 대신할 값을 만들 수 없습니다. token 이나 remove 를 쓰세요.",
        en="Nothing can be made up for this kind. Use token or remove.",
    ),
    "generalise": Text(
        ko="이 종류는 덜 자세한 값이 없습니다. token 이나 remove 를 쓰세요.",
        en="This kind has no coarser value. Use token or remove.",
    ),
}
_SPLIT: Final = Text(
    ko="deploy: split 에서는 쓸 수 없습니다. 따로 선 문은 대신 넣은 값과 진짜 값을 가리지 못해 모두 막습니다.",
    en="This does not go with deploy: split. A door of its own cannot tell a surrogate from a value, and holds back both.",
)
_TOKEN_INSTEAD: Final = Text(ko="token 을 쓰세요.", en="Use token.")
