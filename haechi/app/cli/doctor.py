"""`haechi doctor`: looks at everything the gate stands on, and says how to mend what is not well."""

import asyncio
import http.client
import importlib.util
import shutil
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer
from msgspec import Struct, json

from haechi.adapters.engine import plumbing, recognise
from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.pull import installed
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.app.cli.common import (
    DATA,
    FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    console,
)
from haechi.app.cli.up import read_settings
from haechi.app.processes.presence import running
from haechi.app.settings.due import due
from haechi.app.settings.model import Settings
from haechi.app.wiring import today
from haechi.catalogue.local_models import local_models
from haechi.domain.errors import ConfigurationError, HaechiError
from haechi.domain.text import Text

LEAST_DISK: Final = 1 << 30
PRODUCT_BORN: Final = datetime(2026, 11, 1, tzinfo=UTC).timestamp()


class Finding(Struct, frozen=True):
    """What one look found. `ok=None` is worth knowing, but no fault."""

    name: str
    ok: bool | None
    what: Text


def doctor(
    *, config: ConfigOption = None, data: DataOption = DATA, as_json: JsonOption = False, lang: LangOption
) -> None:
    """포트, 디스크, 시계, 원장, 엔진을 살피고 고칠 방법을 말합니다. · Look at what the gate stands on, and say the mend.

    [dim]haechi doctor[/dim]
    """
    data_dir = data.resolve()
    findings = examine(config, data_dir)
    healthy = all(finding.ok is not False for finding in findings)
    if as_json:
        rows = [{"name": f.name, "ok": f.ok, "what": f.what.say(lang)} for f in findings]
        print(json.encode({"ok": healthy, "findings": rows}).decode())
    else:
        for finding in findings:
            mark = {True: "✓", False: "✗", None: "·"}[finding.ok]
            console.print(
                f"{mark} {finding.name:14} {finding.what.say(lang)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
    raise typer.Exit(0 if healthy else FAILED)


def examine(config: Path | None, data_dir: Path) -> list[Finding]:
    """Every look, in the order in which a start would meet them."""
    try:
        settings = read_settings(config)
    except ConfigurationError as error:
        return [Finding("configuration", False, error.text)]
    looks: list[Callable[[], Finding]] = [
        lambda: _port(settings, data_dir),
        lambda: _disk(data_dir),
        _clock,
        lambda: _ledger(data_dir),
        lambda: _engine(data_dir),
        lambda: _facts(settings),
    ]
    return [Finding("configuration", True, Text(ko="맞습니다.", en="is right.")), *(look() for look in looks)]


def _port(settings: Settings, data_dir: Path) -> Finding:
    found = running(data_dir)
    if found is not None:
        return _gate(found)
    listen = settings.listen
    with socket.socket(socket.AF_INET6 if ":" in listen.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen.host, listen.port))
        except OSError:
            return Finding(
                "port",
                False,
                Text(
                    ko=f"{listen.port} 을(를) 다른 프로그램이 쓰고 있습니다. `--port` 로 다른 번호를 고르세요.",
                    en=f"{listen.port} is used by another program. Choose another with `--port`.",
                ),
            )
    return Finding(
        "port", True, Text(ko=f"{listen.port} 이(가) 비어 있습니다.", en=f"{listen.port} is free.")
    )


def _gate(found: dict[str, Any]) -> Finding:
    """A haechi runs on this data directory: is it ready?"""
    try:
        body = _ready(found)
    except (OSError, http.client.HTTPException, ValueError) as error:
        kind = type(error).__name__
        text = Text(ko=f"돌고 있으나 대답하지 않습니다 ({kind}).", en=f"runs but does not answer ({kind}).")
        return Finding("gate", False, text)
    words = ", ".join(f"{name}={value}" for name, value in body.items())
    return Finding(
        "gate", bool(body.get("ready")), Text(ko=f"돌고 있습니다: {words}", en=f"is running: {words}")
    )


def _ready(found: dict[str, Any]) -> dict[str, Any]:
    host, port = found["host"], found["port"]
    if found["tls"]:
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE  # our own gate on our own machine, asked for its health only
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=2, context=trusting
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        answer: dict[str, Any] = json.decode(connection.getresponse().read(65536))
        return answer
    finally:
        connection.close()


def _disk(data_dir: Path) -> Finding:
    place = next(parent for parent in (data_dir, *data_dir.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    gib = f"{free / (1 << 30):.1f} GiB"
    if free < LEAST_DISK:
        return Finding(
            "disk",
            False,
            Text(
                ko=f"{place} 에 {gib} 남았습니다. 원장을 쓸 수 없으면 요청도 거절됩니다: 자리를 비우세요.",
                en=f"{gib} left at {place}. Without room for the ledger requests are refused: make room.",
            ),
        )
    return Finding("disk", True, Text(ko=f"{place} 에 {gib} 남았습니다.", en=f"{gib} free at {place}."))


def _clock() -> Finding:
    now = time.time()
    said = datetime.fromtimestamp(now).astimezone().isoformat(timespec="seconds")
    if now < PRODUCT_BORN:
        return Finding(
            "clock",
            False,
            Text(
                ko=f"{said}: 시계가 늦습니다. 계약 만료일과 기록이 틀려집니다: 시각을 맞추세요.",
                en=f"{said}: the clock is behind. Contracts and records would be wrong: set the time.",
            ),
        )
    return Finding("clock", True, Text(ko=said, en=said))


def _ledger(data_dir: Path) -> Finding:
    file = ledger_file(data_dir)
    if not file.exists():
        return Finding(
            "ledger",
            None,
            Text(
                ko="아직 없습니다. 처음 시작할 때 만듭니다.", en="is not there yet; the first start makes it."
            ),
        )
    try:
        reader = SqliteReader(file)
        newest = reader.recent(1)
    except HaechiError as error:
        return Finding("ledger", False, error.text)
    if not newest:
        return Finding(
            "ledger", True, Text(ko="읽힙니다. 아직 기록이 없습니다.", en="can be read; no record yet.")
        )
    words = newest[0].intent.record
    return Finding(
        "ledger", True, Text(ko=f"읽힙니다. 마지막 기록: {words}", en=f"can be read. Last record: {words}")
    )


def _engine(data_dir: Path) -> Finding:
    found = asyncio.run(recognise.probe())
    if local := [each for each in found if each.local and each.models]:
        return Finding("engine", True, local[0].why)
    there = [name for name in installed(data_dir, local_models()) if name]
    free = free_memory()
    memory = f"{free / 1e9:.1f} GB" if free else "?"
    if importlib.util.find_spec("xllamacpp") is None:
        return Finding(
            "engine",
            False,
            Text(
                ko="이미 도는 엔진이 없고 xllamacpp 도 없습니다: `pip install 'haechi[engine]'`.",
                en="No engine runs and xllamacpp is not installed: `pip install 'haechi[engine]'`.",
            ),
        )
    real = [
        name for name in there if not any(model.name == name and model.plumbing for model in local_models())
    ]
    if real or plumbing.weights():
        names = ", ".join(real) or "SmolLM2 (plumbing)"
        return Finding(
            "engine",
            bool(real) or None,
            Text(ko=f"{names}, 빈 메모리 {memory}", en=f"{names}, free memory {memory}"),
        )
    return Finding(
        "engine",
        False,
        Text(
            ko="사내 모델이 없습니다: `haechi model pull NAME`.",
            en="There is no local model: `haechi model pull NAME`.",
        ),
    )


def _facts(settings: Settings) -> Finding:
    """Are the facts and the law that clouds are cleared by still known?"""
    found = due(settings, today())
    closed = [each for each in found if each.state == "closed"]
    if not found:
        return Finding("facts", True, Text(ko="모두 유효합니다.", en="are all known."))
    first, more = (closed or found)[0].text, len(found) - 1
    ko, en = (f" 외 {more}건: `haechi check`", f" {more} more: `haechi check`") if more else ("", "")
    return Finding("facts", False if closed else None, Text(ko=first.ko + ko, en=first.en + en))
