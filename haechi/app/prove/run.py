"""One proof from beginning to end: a directory that is gone afterwards, the course, the report, its two files."""

import asyncio
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from haechi.adapters.stores.signing import InstallationKey
from haechi.app.prove import course
from haechi.app.prove.ground import Ground, standing
from haechi.app.prove.page import page
from haechi.app.prove.report import Report, canonical, report, signed
from haechi.app.prove.twin import live_settings
from haechi.app.wiring import today
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text


def proof(config: Path | None, data_dir: Path, only: list[str], lang: Language) -> Report:
    """Run it all, or the parts named, and sign. Raises `ConfigurationError`."""
    live = live_settings(config, today())
    key = InstallationKey(data_dir)  # before anything slow: where it cannot be had there is no proof
    began = time.monotonic()

    async def walk(where: Path) -> Report:
        _end_on_sigterm()
        async with standing(live, today(), where) as ground:
            with _Bar(ground, only, lang):
                useful = await course.run(ground, only)
            return report(ground, useful, only, int((time.monotonic() - began) * 1000))

    with tempfile.TemporaryDirectory(prefix="haechi-prove-", ignore_cleanup_errors=True) as where:
        try:
            return signed(uvloop.run(walk(Path(where))), key)
        except asyncio.CancelledError:  # a polite end is told as Ctrl-C is
            raise KeyboardInterrupt from None


def _end_on_sigterm() -> None:
    """A polite end ends what was started, too."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


class _Bar:
    """How far the proof has come, on standard error."""

    def __init__(self, ground: Ground, only: list[str], lang: Language) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[trials]}"),
            TimeElapsedColumn(),
            console=Console(file=sys.stderr),  # the very stream: parts of a proof turn it aside for a moment
            transient=True,
        )
        self._trials = 0
        self._word = "건" if lang == "ko" else "trials"
        self._task = self._progress.add_task("…", total=len(course.chosen(only)) - 1, trials="")
        self._part = ""
        self._ground = ground

    def __enter__(self) -> None:
        self._ground.news = self._hear
        self._progress.start()

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _hear(self, area: str) -> None:
        self._trials += 1
        part = area.partition("/")[0]
        self._progress.update(
            self._task,
            description=area,
            trials=f"{self._trials} {self._word}",
            advance=int(part != self._part),
        )
        self._part = part


def write_files(made: Report, out: Path) -> tuple[Path, Path]:
    """The report for programs and for people. A directory that is made for them is this user's alone."""
    stamp = datetime.fromisoformat(made["made_at"]).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    plain, people = out / f"proof-{stamp}.json", out / f"proof-{stamp}.html"
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        plain.write_bytes(canonical(made) + b"\n")
        people.write_text(page(made), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            Text(
                ko=f"{out} 에 보고서를 쓸 수 없습니다 ({type(error).__name__}). --out 으로 다른 폴더를 고르세요.",
                en=f"The report cannot be written to {out} ({type(error).__name__}). Choose another --out.",
            ),
            "--out",
        ) from None
    return plain, people
