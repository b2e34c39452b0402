"""The configuration that a command stands on: the file it named, else `haechi.yaml` here, else home alone."""

import ssl
from datetime import date
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from haechi.app.settings.compile import LocalEngine, problems
from haechi.app.settings.load import Sheet, read
from haechi.app.settings.model import Settings
from haechi.app.settings.own import wrong
from haechi.app.settings.problems import Problem, Problems, placed
from haechi.app.wiring import backends, today
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text

PRETEND: Final = LocalEngine("http://127.0.0.1:1", ("engine",))
"""Stands for the engine while the settings are checked, before there is one."""


def sheet_of(config: Path | None) -> Sheet:
    """The sheet to look at. Raises `ConfigurationError` where it cannot be read at all."""
    here = Path("haechi.yaml")
    path = config or (here if here.exists() else None)
    return read(path) if path is not None else Sheet(Settings())


def for_detectors(config: Path | None, *more: str) -> Settings:
    """What detectors need of the configuration, and the sections `more`; the rest of it may be wrong, or wait for secrets.
    Raises `Problems`."""
    sheet = sheet_of(config)
    needed = ("identifiers", "terms", "detection", *more)
    found = [each for each in sheet.faults if _at(each)[:1] in [(name,) for name in needed]]
    if found := [*found, *wrong(sheet.settings)]:
        problems = Problems(tuple(found))
        raise problems.located(sheet.name, sheet.marks) if sheet.name else problems
    return sheet.settings


def faults(sheet: Sheet, day: date) -> tuple[Problem, ...]:
    """Everything that is wrong with `sheet`, with lines, in the order of the file.

    What stands in a section that could not be read is not judged: it was left out of the settings.
    """
    ill = {_at(each)[:1] for each in sheet.faults}
    meant = [each for each in problems(sheet.settings, day) if _at(each)[:1] not in ill or _apart(each)]
    if not sheet.faults and not meant:
        meant = _unreachable(sheet.settings)
    if not meant:
        return sheet.faults
    lines = Problems(meant).located(sheet.name, sheet.marks).problems if sheet.name else tuple(meant)
    return tuple(sorted((*sheet.faults, *lines), key=lambda each: each.line or 0))


def sound(sheet: Sheet, day: date) -> Settings:
    """The settings of `sheet`, where nothing is wrong. Raises `Problems`."""
    if found := faults(sheet, day):
        raise Problems(found)
    return sheet.settings


def checked(settings: Settings) -> None:
    """Everything that can be said of settings before anything starts. Raises `Problems`."""
    sound(Sheet(settings), today())


def rows(found: tuple[Problem, ...], lang: Language) -> list[dict[str, Any]]:
    """Problems as programs read them."""
    return [
        {
            "file": each.file,
            "line": each.line,
            "problem": structs.replace(each, mend=Text(ko="", en="")).text.say(lang),
            "mend": each.mend.say(lang),
        }
        for each in found
    ]


def _apart(problem: Problem) -> bool:
    """Whether `problem` belongs to one destination that was read, beside another that was not."""
    return _at(problem)[:1] == ("destinations",) and len(_at(problem)) > 1


def _at(problem: Problem) -> tuple[str | int, ...]:
    return problem.mark or problem.path


def _unreachable(settings: Settings) -> list[Problem]:
    """What shows only when backends are made and files are opened: addresses, key files, certificates."""
    found: list[Problem] = []
    try:
        backends(settings, PRETEND)
    except ConfigurationError as error:
        found.append(placed(error))
    tls = settings.listen.tls
    for name in ("cert", "key") if tls is not None else ():
        try:
            Path(getattr(tls, name)).open("rb").close()
        except OSError as error:
            what = Text(
                ko=f"파일을 읽을 수 없습니다 ({type(error).__name__}).",
                en=f"The file cannot be read ({type(error).__name__}).",
            )
            mend = Text(ko="경로와 권한을 확인하세요.", en="Check its path and who may read it.")
            found.append(Problem(("listen", "tls", name), what, mend))
    if tls is not None and not found and not _fit(tls.cert, tls.key):
        what = Text(
            ko="cert 와 key 가 서로 맞는 PEM 파일이 아니거나 key 에 암호가 걸려 있습니다.",
            en="cert and key are not PEM files that fit each other, or the key has a passphrase.",
        )
        mend = Text(ko="함께 발급된 두 파일을 적으세요.", en="Give two files that were issued together.")
        found.append(Problem(("listen", "tls"), what, mend))
    return found


def _fit(cert: str, key: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password=lambda: "")
    except (ssl.SSLError, ValueError):
        return False
    return True
