"""`haechi reload`: bring a changed configuration into force without a pause."""

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Final

import typer

from haechi.app.cli.common import DATA, FAILED, DataOption, JsonOption, LangOption, say, told
from haechi.app.cli.output import give
from haechi.app.processes.presence import running
from haechi.app.processes.reload import RELOADED, kept
from haechi.domain.errors import HaechiError
from haechi.domain.text import Text

WITHIN: Final = 90.0
"""Seconds: the new processes start, and the old ones finish their answers."""


def reload(*, data: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """바뀐 설정을 멈추지 않고 적용합니다. 잘못되었으면 이전 설정이 그대로 적용됩니다. · Bring the changed configuration
    into force without a pause; where it is wrong, the old one stays in force.

    [dim]haechi reload[/dim]
    """
    with told(lang, as_json):
        problem = _reloaded(data)
    news = RELOADED if problem is None else kept(Text(problem["ko"], problem["en"]), problem["where"])
    if as_json:
        where = problem["where"] if problem else None
        give({"in_force": problem is None, "where": where, "message": news.say(lang)})
    else:
        say(news, lang)
    raise typer.Exit(0 if problem is None else FAILED)


def _reloaded(data: Path) -> dict[str, str] | None:
    """Ask the haechi that runs on `data` to read its configuration anew; what was wrong with it, or `None`."""
    data_dir = data.resolve()
    before = running(data_dir)
    if before is None:
        raise HaechiError(
            Text(
                ko="이 데이터 폴더로 돌고 있는 haechi 가 없습니다. `haechi up` 으로 시작하세요.",
                en="No haechi runs on this data directory. Start it with `haechi up`.",
            )
        )
    with contextlib.suppress(ProcessLookupError):
        os.kill(before["pid"], signal.SIGHUP)
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        now = running(data_dir)
        if now is None:
            raise HaechiError(Text(ko="haechi 가 끝났습니다.", en="haechi has ended."))
        if now["reloads"] > before["begun"]:  # one that had begun may have read what the file was before
            problem: dict[str, str] | None = now["problem"]
            return problem
        time.sleep(0.05)
    raise HaechiError(
        Text(
            ko="아직 끝나지 않았습니다. 진행 중인 답이 긴지 haechi 의 메시지를 보세요.",
            en="It is not done yet. Long answers may be under way; see what haechi says.",
        )
    )
