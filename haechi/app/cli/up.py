"""`haechi up` and `haechi down`."""

import asyncio
import os
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from msgspec import json, structs

from haechi.adapters.engine.hub import NoHub
from haechi.adapters.engine.process import Spec
from haechi.adapters.stores.keys import ensure_first_key
from haechi.adapters.stores.layout import first_key_file
from haechi.app.cli.common import (
    DATA,
    FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    console,
    errors,
    say,
    told,
)
from haechi.app.cli.configuration import sheet_of, sound
from haechi.app.cli.model import fetch
from haechi.app.processes.engine import choose_engine
from haechi.app.processes.mcp import require_sdk
from haechi.app.processes.presence import end, running
from haechi.app.processes.supervisor import Site
from haechi.app.settings.compile import LocalEngine, warnings
from haechi.app.settings.due import due
from haechi.app.settings.model import Settings
from haechi.app.wiring import today
from haechi.catalogue.local_models import LocalModel
from haechi.domain.text import Language, Text

EXAMPLE: Final = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
STOP_WITHIN: Final = 40.0
"""Seconds that `down` waits: answers under way are finished first."""


def up(
    *,
    config: ConfigOption = None,
    data: DataOption = DATA,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="포트 · port (0: 아무거나, any).")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", help="auto | none | small | NAME (`haechi model list`).")
    ] = "auto",
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=256, help="작업자 수 · number of workers.")
    ] = None,
    airgap: Annotated[
        bool, typer.Option("--airgap", help="밖으로 나갈 길 없이 · with no way out of the building.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """해치를 시작합니다. Ctrl-C 로 끝냅니다. · Start haechi; Ctrl-C ends it.

    [dim]haechi up --config haechi.yaml --port 8484[/dim]
    """
    with told(lang, as_json):
        read = partial(read_settings, config, port, workers, airgap=airgap)
        settings = read()
        for warning in warnings(settings):
            say(warning.text, lang)
        for each in due(settings, today()):
            say(each.text, lang)
        site = Site(settings, data.resolve(), lambda text: say(text, lang))
        site.reserve()
        try:
            with site.as_owner():
                engine = _engine(settings, model, site.data_dir, lang)
            asyncio.run(_up(site, engine, read, as_json, lang))
        finally:
            site.release()


def down(*, data: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """돌고 있는 해치를 끝냅니다. · End the haechi that runs on this data directory.

    [dim]haechi down[/dim]
    """
    data_dir = data.resolve()
    found = running(data_dir)
    if found is None:
        stopped, news = True, Text(ko="돌고 있는 haechi 가 없습니다.", en="No haechi is running here.")
    else:
        stopped, news = end(data_dir, found["pid"], STOP_WITHIN), Text(ko="끝냈습니다.", en="Stopped.")
    if not stopped:
        news = Text(
            ko="아직 끝나지 않았습니다. 진행 중인 답이 있는지 보세요.",
            en="It has not ended yet; answers may be under way.",
        )
    if as_json:
        print(json.encode({"was_running": found is not None, "stopped": stopped}).decode())
    else:
        say(news, lang)
    raise typer.Exit(0 if stopped else FAILED)


def read_settings(
    config: Path | None, port: int | None = None, workers: int | None = None, *, airgap: bool = False
) -> Settings:
    """The settings to run with: a named file, else `haechi.yaml` here, else home alone. Fully checked."""
    sheet = sheet_of(config)
    settings = sheet.settings
    if port is not None:
        settings = structs.replace(settings, listen=structs.replace(settings.listen, port=port))
    if workers is not None:
        settings = structs.replace(settings, workers=workers)
    if airgap:
        settings = structs.replace(settings, airgap=True)
    sound(structs.replace(sheet, settings=settings), today())
    require_sdk(settings)
    return settings


async def _up(
    site: Site,
    engine: LocalEngine | Spec | None,
    read: Callable[[], Settings],
    as_json: bool,
    lang: Language,
) -> None:
    await site.start(engine)
    try:
        if site.settings.keys.auth == "required":
            with site.as_owner():
                ensure_first_key(site.data_dir)
        _announce(site, as_json, lang)
        await site.run(read)
        say(
            Text(
                ko="끝내는 중입니다. 진행 중인 답은 마칩니다.", en="Stopping; answers under way are finished."
            ),
            lang,
        )
    finally:
        await site.stop()


def _engine(settings: Settings, wish: str, data_dir: Path, lang: Language) -> LocalEngine | Spec | None:
    """The engine for `engine: auto`, where any destination says so."""
    if not any(entry.engine for entry in settings.destinations.values()):
        return None

    def fetched(model: LocalModel) -> Path | None:
        pulled = fetch(model, data_dir, lang=lang, console=errors, ask=False)
        if isinstance(pulled, NoHub):
            say(pulled.why, lang)
            return None
        return pulled.path

    return choose_engine(wish, data_dir, None if settings.airgap else fetched, lambda text: say(text, lang))


def _announce(site: Site, as_json: bool, lang: Language) -> None:
    listen = site.settings.listen
    scheme = "https" if listen.tls else "http"
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.host, listen.host)  # noqa: S104  said, not bound
    host = f"[{reachable}]" if ":" in reachable else reachable
    url = f"{scheme}://{host}:{site.port}/v1"
    curl = curl_line(url, site.data_dir, site.settings.keys.auth == "required")
    if as_json:
        facts: dict[str, Any] = {"url": url, "curl": curl, "data": str(site.data_dir), "pid": os.getpid()}
        print(json.encode(facts).decode(), flush=True)
        return
    text = Text(
        ko=f"\n해치가 지키고 있습니다  {url}\n데이터                 {site.data_dir}\n\n이 줄을 붙여 넣어 보세요:\n",
        en=f"\nhaechi is on guard  {url}\ndata                {site.data_dir}\n\nPaste this line to try it:\n",
    )
    console.print(text.say(lang), highlight=False, markup=False, soft_wrap=True)
    console.print(curl, highlight=False, markup=False, soft_wrap=True)
    say(Text(ko="\nCtrl-C 로 끝냅니다.", en="\nCtrl-C ends it."), lang)


def curl_line(url: str, data_dir: Path, with_key: bool) -> str:
    """A line to paste. It reads the key from its file, so that no key stands in a terminal's history."""
    body = json.encode({"model": "auto", "messages": [{"role": "user", "content": EXAMPLE}]}).decode()
    quoted = shlex.quote(str(first_key_file(data_dir)))
    key = f' -H "Authorization: Bearer $(cat {quoted})"' if with_key else ""
    return f"curl -i {url}/chat/completions{key} -H 'content-type: application/json' -d '{body}'"
