"""Which local model: from free memory, the curated list, what is installed, and what was wished for. Pure."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Final

from msgspec import Struct

from haechi.catalogue.local_models import LocalModel
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import particle
from haechi.domain.text import Text

AUTO: Final = "auto"
NONE: Final = "none"
SMALL: Final = "small"

MOST_ACTIVE: Final = 9.0
"""Billions of parameters per token up to which a model is chosen unasked. A judgement, not a measurement: beyond it
a processor without GPU keeps people waiting."""

SHARE: Final = 0.8
"""Of the free memory, what a model chosen unasked may need: the gate, its index and its users' work want some too."""


class Choice(Struct, frozen=True):
    """The model to serve. `pull`: it must be fetched first; `why` is read out to people."""

    model: LocalModel
    pull: bool
    why: Text


def choose(
    wish: str, models: Sequence[LocalModel], installed: Collection[str], free_bytes: int | None
) -> Choice:
    """The model for `wish`: `auto`, `none`, `small` or a name.

    `models` is best first. `installed` are names whose file is there already. Unknown free memory chooses as
    little memory would. Raises `ConfigurationError` for a name that is unknown or does not fit.
    """
    free_gb = 0.0 if free_bytes is None else free_bytes / 1e9
    plumbing = next(model for model in models if model.plumbing)
    match wish:
        case "none":
            return Choice(plumbing, pull=False, why=NOTHING_WISHED)
        case "auto" | "small":
            return unasked(wish, models, installed, free_gb, plumbing)
        case _:
            return named(wish, models, installed, free_bytes)


def unasked(
    wish: str, models: Sequence[LocalModel], installed: Collection[str], free_gb: float, plumbing: LocalModel
) -> Choice:
    """The best that fits; the smallest for `small`; what is installed before what is not."""
    fit = [model for model in models if eligible(model) and model.min_free_gb <= free_gb * SHARE]
    if wish == SMALL:
        fit.sort(key=lambda model: model.min_free_gb)
    here = [model for model in fit if model.name in installed]
    if wish == AUTO and here:
        return Choice(here[0], pull=False, why=best_installed(here[0], free_gb))
    if fit:
        return Choice(fit[0], pull=fit[0].name not in installed, why=best_fit(wish, fit[0], free_gb))
    return Choice(plumbing, pull=False, why=nothing_fits(models, free_gb))


def eligible(model: LocalModel) -> bool:
    """Whether a model may be chosen without its name being said."""
    return model.commercial and model.korean and not model.plumbing and model.active <= MOST_ACTIVE


def named(
    wish: str, models: Sequence[LocalModel], installed: Collection[str], free_bytes: int | None
) -> Choice:
    """The model of that name, where it fits."""
    model = find(wish, models)
    if free_bytes is not None and model.min_free_gb * 1e9 > free_bytes:
        raise ConfigurationError(too_large(model, free_bytes / 1e9), f"MODEL={wish}")
    return Choice(model, pull=not model.plumbing and model.name not in installed, why=by_name(model))


def find(name: str, models: Sequence[LocalModel]) -> LocalModel:
    """The model called `name`. Raises `ConfigurationError` with the nearest name."""
    for model in models:
        if model.name == name.lower():
            return model
    near = get_close_matches(name.lower(), [model.name for model in models], n=1, cutoff=0.4)
    hint_ko = f" `{near[0]}`{particle(near[0], '을/를')} 찾으셨나요?" if near else ""
    hint_en = f" Did you mean `{near[0]}`?" if near else ""
    raise ConfigurationError(
        Text(
            ko=f"목록에 없는 모델 이름입니다.{hint_ko} `haechi model list` 에서 고르거나 auto, none, small 을 쓰세요.",
            en=f"No model of that name is on the list.{hint_en} Choose one from `haechi model list`, or auto, none or small.",
        ),
        name,
    )


NOTHING_WISHED: Final = Text(
    ko="MODEL=none: 모델을 받지 않고 배관 점검용 모델을 씁니다.",
    en="MODEL=none: nothing is fetched, the plumbing model is used.",
)


def best_installed(model: LocalModel, free_gb: float) -> Text:
    """Why an installed model."""
    return Text(
        ko=f"{model.name}: 이미 있는 모델 가운데 비어 있는 메모리 {free_gb:.1f} GB 에 맞는 첫째입니다 "
        f"(약 {model.min_free_gb} GB 필요).",
        en=f"{model.name}: the first of the installed models that fits into {free_gb:.1f} GB of free memory "
        f"(needs about {model.min_free_gb} GB).",
    )


def best_fit(wish: str, model: LocalModel, free_gb: float) -> Text:
    """Why this one."""
    ko, en = ("가장 작은 것", "the smallest") if wish == SMALL else ("첫째", "the first on the list")
    return Text(
        ko=f"{model.name}: 한국어를 하고 상업적으로 쓸 수 있으며 비어 있는 메모리 {free_gb:.1f} GB 에 맞는 모델 가운데 "
        f"{ko}입니다 (약 {model.min_free_gb} GB 필요, 라이선스 {model.licence}).",
        en=f"{model.name}: {en} of the models that know Korean, may be used commercially and fit into {free_gb:.1f} GB "
        f"of free memory (needs about {model.min_free_gb} GB, licence {model.licence}).",
    )


def nothing_fits(models: Sequence[LocalModel], free_gb: float) -> Text:
    """Why only the plumbing model."""
    least = min((model.min_free_gb for model in models if eligible(model)), default=0.0)
    return Text(
        ko=f"비어 있는 메모리 {free_gb:.1f} GB 에 맞는 모델이 없어 (최소 약 {least} GB) 배관 점검용 모델을 씁니다.",
        en=f"No model fits into {free_gb:.1f} GB of free memory (the least needs about {least} GB), so the plumbing "
        "model is used.",
    )


def by_name(model: LocalModel) -> Text:
    """Chosen because it was asked for; what its licence forbids is said."""
    if model.commercial:
        return Text(
            ko=f"{model.name}: 이름으로 골랐습니다 (라이선스 {model.licence}).",
            en=f"{model.name}: chosen by name (licence {model.licence}).",
        )
    return Text(
        ko=f"{model.name}: 이름으로 골랐습니다. 라이선스({model.licence})가 상업적 이용을 금지합니다: {model.licence_source}",
        en=f"{model.name}: chosen by name. Its licence ({model.licence}) forbids commercial use: {model.licence_source}",
    )


def too_large(model: LocalModel, free_gb: float) -> Text:
    """It would not fit."""
    return Text(
        ko=f"모델 {model.name} 에는 메모리 약 {model.min_free_gb} GB 가 필요한데 {free_gb:.1f} GB 가 비어 있습니다. "
        "다른 프로그램을 끝내거나 `MODEL=small` 을 쓰세요.",
        en=f"Model {model.name} needs about {model.min_free_gb} GB of memory and {free_gb:.1f} GB are free. "
        "End other programs or use `MODEL=small`.",
    )
