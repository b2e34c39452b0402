"""`haechi doctor`: looks at everything the gate stands on, and says how to mend what is not well."""

import http.client
import shutil
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer
from msgspec import json

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.app.cli import doctor_engine, doctor_guards, lenient
from haechi.app.cli.common import (
    DATA,
    FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    console,
)
from haechi.app.cli.configuration import checked
from haechi.app.cli.finding import Finding
from haechi.app.processes.people import owner_of
from haechi.app.processes.presence import running
from haechi.app.processes.users import acting_as
from haechi.app.settings.due import due
from haechi.app.settings.model import Settings
from haechi.app.wiring import today
from haechi.domain.errors import ConfigurationError, HaechiError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

LEAST_DISK: Final = 1 << 30
PRODUCT_BORN: Final = datetime(2026, 11, 1, tzinfo=UTC).timestamp()


def doctor(
    *, config: ConfigOption = None, data: DataOption = DATA, as_json: JsonOption = False, lang: LangOption
) -> None:
    """포트, 디스크, 시계, 원장, 차단 수단, 엔진을 살피고 고칠 방법을 말합니다. · Look at all the gate stands on; say the mend.

    [dim]haechi doctor[/dim]
    """
    data_dir = data.resolve()
    findings = list(examine(config, data_dir))
    healthy = all(finding.ok is not False for finding in findings)
    if as_json:
        rows = [{"name": f.name, "ok": f.ok, "what": f.what.say(lang), **f.facts} for f in findings]
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


def examine(config: Path | None, data_dir: Path) -> Iterator[Finding]:
    """Every look, in the order in which a start would meet them. None keeps the others from being taken."""
    settings, problems = _configuration(config)
    yield from problems
    found = running(data_dir)
    if found is not None and not _of_this_computer(found["host"]):
        yield Finding("gate", False, ELSEWHERE)
        found = None
    else:
        yield _gate(found) if found is not None else _port(settings)
    yield _disk(data_dir)
    yield _clock()
    with acting_as(owner_of(data_dir)):
        ledger = _ledger(data_dir)
    yield ledger
    yield from doctor_guards.examine(settings, found)
    yield doctor_engine.engine(settings, data_dir, found)
    yield _facts(settings)


def _configuration(config: Path | None) -> tuple[Settings, list[Finding]]:
    """The settings, as far as they can be had, and what is wrong with them."""
    try:
        settings, missing = lenient.settings(config)
    except ConfigurationError as error:
        return Settings(), [_wrong(error)]
    unset = [
        Finding(
            "environment",
            False,
            Text(
                ko=f"환경 변수 {with_particle(name, '이/가')} 없습니다. haechi 를 시작하는 곳에서 설정하거나 key_file 을 쓰세요.",
                en=f"{name} is not set. Set it where haechi is started, or use key_file.",
            ),
        )
        for name in missing
    ]
    try:
        checked(settings)
    except ConfigurationError as error:
        return settings, [_wrong(error), *unset]
    return settings, [Finding("configuration", True, Text(ko="맞습니다.", en="is right.")), *unset]


def _wrong(error: ConfigurationError) -> Finding:
    return Finding("configuration", False, error.text, {"where": error.where})


def _port(settings: Settings) -> Finding:
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
                    ko=f"{with_particle(listen.port, '을/를')} 다른 프로그램이 쓰고 있습니다. `--port` 로 다른 번호를 고르세요.",
                    en=f"{listen.port} is used by another program. Choose another with `--port`.",
                ),
            )
    return Finding(
        "port",
        True,
        Text(ko=f"{with_particle(listen.port, '이/가')} 비어 있습니다.", en=f"{listen.port} is free."),
    )


def _gate(found: dict[str, Any]) -> Finding:
    """A haechi runs on this data directory: is it ready?"""
    try:
        body = _ready(found)
    except (OSError, http.client.HTTPException, ValueError) as error:
        kind = type(error).__name__
        text = Text(ko=f"돌고 있으나 대답하지 않습니다 ({kind}).", en=f"runs but does not answer ({kind}).")
        return Finding("gate", False, text)
    if body.get("ready"):
        return Finding("gate", True, Text(ko="돌고 있으며 준비되었습니다.", en="is running and ready."))
    wrong = ", ".join(name for name, value in body.items() if name != "ready" and value is not True)
    return Finding(
        "gate",
        False,
        Text(
            ko=f"돌고 있으나 준비되지 않았습니다: {wrong or 'ready'}",
            en=f"is running but not ready: {wrong or 'ready'}",
        ),
    )


def _of_this_computer(host: str) -> bool:
    """Whether a haechi here can listen there: the gate can write the file that says so, and is to send nobody away."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True


ELSEWHERE: Final = Text(
    ko="run/haechi.json 의 주소가 이 컴퓨터의 것이 아니어서 묻지 않았습니다. 누군가 고쳤습니다: `haechi down` 뒤에 다시 시작하고 "
    "데이터 폴더를 살피세요.",
    en="the address in run/haechi.json is not one of this computer's, so nobody was asked. Somebody changed it: run "
    "`haechi down`, start again, and look at the data directory.",
)


def _ready(found: dict[str, Any]) -> dict[str, Any]:
    connection = doctor_engine.connection(found, 2)
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


def _facts(settings: Settings) -> Finding:
    """Are the facts and the law that clouds are cleared by still known?"""
    found = due(settings, today())
    closed = [each for each in found if each.state == "closed"]
    if not found:
        return Finding("facts", True, Text(ko="모두 유효합니다.", en="are all known."))
    first, more = (closed or found)[0].text, len(found) - 1
    ko, en = (f" 외 {more}건: `haechi check`", f" {more} more: `haechi check`") if more else ("", "")
    return Finding("facts", False if closed else None, Text(ko=first.ko + ko, en=first.en + en))
