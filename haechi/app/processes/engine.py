"""Which engine answers at home: one that runs already, else llama.cpp on a model that fits this machine.

Chosen before the event loop runs: a model may have to be fetched, and Ctrl-C must end that at once.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from haechi.adapters.engine import choose, plumbing, recognise
from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.process import Running, Spec, spec_of
from haechi.adapters.engine.pull import installed
from haechi.app.settings.compile import LocalEngine
from haechi.catalogue.local_models import LocalModel, local_models, plumbing_model
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

Say = Callable[[Text], None]
Fetch = Callable[[LocalModel], Path | None]
"""Fetch a model into the data directory; `None` where no hub answers."""

ASK_AGAIN_AFTER: Final = 24 * 3600.0
"""Seconds."""

NO_MODEL: Final = Text(
    ko="사내 모델이 없습니다. 민감한 요청은 503 으로 거절됩니다. `haechi model pull` 로 모델을 받으세요.",
    en="There is no local model. Sensitive requests will be refused with 503. Get one: `haechi model pull`.",
)
PLUMBING: Final = Text(
    ko="배관 점검용 모델로 시작합니다: 답의 내용은 믿지 마세요 (128 토큰까지). 진짜 모델은 `haechi model pull` 로 받습니다.",
    en="Starting with the plumbing model: do not trust what it says (at most 128 tokens). `haechi model pull` gets a "
    "real one.",
)


def choose_engine(wish: str, data_dir: Path, fetch: Fetch | None, say: Say) -> LocalEngine | Spec | None:
    """A running engine to use, or what to start; `None` where there is neither.

    `wish` is `auto`, `none`, `small` or the name of a curated model; only `auto` looks for what runs already.
    Without `fetch`, as in an air gap, only models that are here are used; one that was named and is not here is a
    mistake. Raises `ConfigurationError`.
    """
    if wish == choose.AUTO:
        for found in asyncio.run(recognise.probe()):
            say(found.why)
            if found.local and found.models:
                return LocalEngine(found.base_url, found.models)
    models = local_models()
    here = installed(data_dir, models)
    choice = choose.choose(wish, models, here, free_memory())
    say(choice.why)
    file = here.get(choice.model.name)
    silent = data_dir / "models" / "hub-silent"
    if choice.pull and fetch is None:
        if wish not in (choose.AUTO, choose.SMALL):
            raise ConfigurationError(not_here(choice.model.name), choice.model.name)
        say(NOTHING_FETCHED)
    elif choice.pull and fetch is not None and (wish != choose.AUTO or not _recent(silent)):
        file = fetch(choice.model)
        if file is None:
            silent.parent.mkdir(parents=True, exist_ok=True)
            silent.touch()
    if file is not None and not choice.model.plumbing:
        return spec_of(choice.model, file)
    weights = plumbing.weights()
    say(NO_MODEL if weights is None else PLUMBING)
    return None if weights is None else spec_of(plumbing_model(), weights)


NOTHING_FETCHED: Final = Text(
    ko="에어갭이므로 모델을 받지 않고, 있는 것으로 시작합니다.",
    en="This is an air gap: no model is fetched, and haechi starts with what is here.",
)


def not_here(model: str) -> Text:
    """In an air gap a model is brought, not fetched."""
    return Text(
        ko=f"모델 {with_particle(model, '이/가')} 여기 없고, 에어갭에서는 받지 않습니다. 인터넷이 되는 컴퓨터에서 "
        f"`haechi model pull {model}` 로 받아 데이터 폴더의 models 를 이곳의 데이터 폴더로 옮기세요.",
        en=f"The model {model} is not here, and an air gap fetches nothing. Get it with `haechi model pull {model}` on a "
        "computer that has a network, and carry `models` of its data directory into the one here.",
    )


def described(running: Running) -> LocalEngine:
    """A started engine as a destination sees it."""
    return LocalEngine(
        running.base_url, (running.model,), running.key, running.plumbing, running.max_output, ours=True
    )


def _recent(mark: Path) -> bool:
    """Whether the hub was asked in vain within a day: later starts do not wait for it again."""
    try:
        return time.time() - mark.stat().st_mtime < ASK_AGAIN_AFTER
    except OSError:
        return False
