"""Which engine answers at home: one that runs already, else llama.cpp on a model that fits this machine."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from haechi.adapters.engine import choose, hub, plumbing, recognise
from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.process import LocalEngine as EngineProcess
from haechi.adapters.engine.process import Running, Spec
from haechi.app.settings.compile import LocalEngine
from haechi.catalogue.local_models import LocalModel, local_models
from haechi.domain.text import Text

Say = Callable[[Text], None]
Fetch = Callable[[LocalModel, Path], Path | None]
"""Fetch a model into the data directory; `None` where no hub answers."""

ASK_AGAIN_AFTER: Final = 24 * 3600.0
"""Seconds."""


class Engine:
    """How to get an engine. `wish` is `auto`, `none`, `small` or the name of a curated model."""

    def __init__(self, wish: str, fetch: Fetch) -> None:
        self.wish = wish
        self._fetch = fetch

    async def find_or_start(
        self, data_dir: Path, say: Say
    ) -> tuple[LocalEngine | None, EngineProcess | None]:
        """The engine to use, and its process where we started one. `None` where there is none to be had."""
        if self.wish == choose.AUTO:
            for found in await recognise.probe():
                say(found.why)
                if found.local and found.models:
                    return LocalEngine(found.base_url, found.models), None
        spec = await asyncio.to_thread(self._spec, data_dir, say)
        if spec is None:
            return None, None
        process = EngineProcess(spec, free_memory=free_memory)
        return self.described(await process.start(say)), process

    @staticmethod
    def described(running: Running) -> LocalEngine:
        """A started engine as a destination sees it."""
        return LocalEngine(
            running.base_url, (running.model,), running.key, running.plumbing, running.max_output
        )

    def _spec(self, data_dir: Path, say: Say) -> Spec | None:
        models = local_models()
        installed = hub.installed(data_dir, models)
        choice = choose.choose(self.wish, models, installed, free_memory())
        say(choice.why)
        model, file = choice.model, installed.get(choice.model.name)
        silent = data_dir / "models" / "hub-silent"
        if choice.pull and (self.wish != choose.AUTO or not _recent(silent)):
            file = self._fetch(model, data_dir)
            if file is None:
                silent.parent.mkdir(parents=True, exist_ok=True)
                silent.touch()
        if file is not None and not model.plumbing:
            return Spec(model.name, file, context=model.context)
        return _plumbing(models, say)


def _recent(mark: Path) -> bool:
    """Whether the hub was asked in vain within a day: later starts do not wait for it again."""
    try:
        return time.time() - mark.stat().st_mtime < ASK_AGAIN_AFTER
    except OSError:
        return False


def _plumbing(models: tuple[LocalModel, ...], say: Say) -> Spec | None:
    file = plumbing.weights()
    model = next(each for each in models if each.plumbing)
    if file is None:
        say(
            Text(
                ko="사내 모델이 없습니다. 민감한 요청은 503 으로 거절됩니다. `haechi model pull` 로 모델을 받으세요.",
                en="There is no local model. Sensitive requests will be refused with 503. Get one: `haechi model pull`.",
            )
        )
        return None
    say(
        Text(
            ko=f"{model.name}: 배관 점검용 모델입니다. 답의 내용은 믿지 마세요 (128 토큰까지). "
            "진짜 모델은 `haechi model pull` 로 받습니다.",
            en=f"{model.name}: a plumbing model. Do not trust what it says (at most 128 tokens). "
            "`haechi model pull` gets a real one.",
        )
    )
    return Spec(model.name, file, plumbing=True, max_output=model.max_output)
