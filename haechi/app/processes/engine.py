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


def choose_engine(wish: str, data_dir: Path, fetch: Fetch, say: Say) -> LocalEngine | Spec | None:
    """A running engine to use, or what to start; `None` where there is neither.

    `wish` is `auto`, `none`, `small` or the name of a curated model; only `auto` looks for what runs already.
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
    if choice.pull and (wish != choose.AUTO or not _recent(silent)):
        file = fetch(choice.model)
        if file is None:
            silent.parent.mkdir(parents=True, exist_ok=True)
            silent.touch()
    if file is not None and not choice.model.plumbing:
        return spec_of(choice.model, file)
    weights = plumbing.weights()
    say(NO_MODEL if weights is None else PLUMBING)
    return None if weights is None else spec_of(plumbing_model(), weights)


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
