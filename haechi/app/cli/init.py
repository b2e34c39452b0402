"""`haechi init`: the customer's side, asked in one screen; every answer shows at once what it opens."""

import contextlib
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from haechi.app.cli.common import WRONG_USE, JsonOption, LangOption, say, told
from haechi.app.cli.configuration import faults
from haechi.app.cli.interview import VARIABLES, Interview, may_go
from haechi.app.cli.output import give
from haechi.app.settings.draft import MEANS, Answers, contradictions, text_of, variables
from haechi.app.settings.load import read_as, sheet
from haechi.app.settings.problems import Problems
from haechi.app.wiring import today
from haechi.catalogue.contracts import presets
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text


def init(
    *,
    config: Annotated[Path, typer.Option("--config", help="쓸 파일 · the file to write.")] = Path(
        "haechi.yaml"
    ),
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="묻지 않고 답을 이 YAML 에서 · take the answers from this YAML."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="general | finance-kr | medical-kr | public-kr")
    ] = None,
    cloud: Annotated[
        list[str] | None,
        typer.Option(
            "--cloud", help="클라우드의 계약 프리셋, 여러 번 가능 · contract preset of a cloud, repeatable."
        ),
    ] = None,
    dpa_id: Annotated[
        str | None, typer.Option("--dpa-id", help=f"{MEANS['dpa_id'].ko} · {MEANS['dpa_id'].en}.")
    ] = None,
    transfer_basis: Annotated[
        str | None,
        typer.Option("--transfer-basis", help="consent | law | policy_notice | certification | equivalence"),
    ] = None,
    attested_by: Annotated[
        str | None,
        typer.Option("--attested-by", help=f"{MEANS['attested_by'].ko} · {MEANS['attested_by'].en}."),
    ] = None,
    valid_until: Annotated[
        str | None,
        typer.Option("--valid-until", help=f"{MEANS['valid_until'].ko} · {MEANS['valid_until'].en}."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="서비스의 주소 · the service's address.")
    ] = None,
    key_env: Annotated[
        str | None,
        typer.Option(
            "--key-env",
            help="제공사 키가 든 환경 변수의 이름 · name of the variable that holds the provider's key.",
        ),
    ] = None,
    key_file: Annotated[
        str | None,
        typer.Option("--key-file", help="제공사 키가 든 파일 · file that holds the provider's key."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="있는 파일을 대신함 · replace a file that exists.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """회사만 아는 사실을 묻고 haechi.yaml 을 씁니다. · Ask for what only the company knows, and write haechi.yaml.

    [dim]haechi init[/dim]

    [dim]haechi init --profile general --cloud anthropic-commercial --valid-until 2027-06-30[/dim]
    """  # fmt: skip
    with told(lang, as_json, WRONG_USE):
        if config.exists() and not force:
            raise _exists(config)
    side = {
        "dpa_id": dpa_id, "transfer_basis": transfer_basis, "attested_by": attested_by,
        "valid_until": valid_until, "key_env": key_env, "key_file": key_file, "base_url": base_url,
    }  # fmt: skip
    options = {"profile": profile, "clouds": [*(cloud or [])], **side}
    with told(lang, as_json), _together():
        given = _given(answers, options) if answers or any(options.values()) else _asked(lang, as_json)
        if wrong := [*contradictions(given)]:
            raise Problems(wrong)
        text = text_of(given, lang)
        _write(config, _checked(text, str(config), given), force)
    _tell(config, given, text, lang, as_json)


@contextlib.contextmanager
def _together() -> Iterator[None]:
    """All problems of the answers at once: there is no file yet that `haechi check` could show them of."""
    try:
        yield
    except Problems as error:
        told_all = [problem.text for problem in error.problems]
        raise ConfigurationError(
            Text(ko="\n".join(text.ko for text in told_all), en="\n".join(text.en for text in told_all))
        ) from None


def _given(file: Path | None, options: dict[str, Any]) -> Answers:
    """The answers of a file, else of the options. Raises `ConfigurationError`."""
    if file is not None:
        if any(options.values()):
            raise ConfigurationError(
                Text(
                    ko="--answers 와 다른 답을 함께 줄 수 없습니다. 하나만 고르세요.",
                    en="--answers and other answers do not go together. Choose one.",
                ),
                "--answers",
            )
        return read_as(Answers, file)
    side = {name: options[name] for name in options if name not in ("profile", "clouds") and options[name]}
    clouds = []
    for preset in options["clouds"]:
        known = presets().get(preset)
        key = (
            {}
            if {"key_env", "key_file"} & set(side) or known is None
            else {"key_env": VARIABLES[known.provider]}
        )
        clouds.append({"preset": preset, **key, **side})
    if side and not clouds:
        raise ConfigurationError(
            Text(
                ko="계약과 키의 답은 클라우드에 딸립니다: --cloud 프리셋을 적으세요.",
                en="Answers about contract and key belong to a cloud: name one with --cloud PRESET.",
            ),
            "--cloud",
        )
    return read_as(Answers, {"profile": options["profile"] or "general", "clouds": clouds})


def _checked(text: str, name: str, answers: Answers) -> str:
    """`text`, where `haechi check` has nothing against it. Raises `Problems`."""
    found = faults(sheet(text, name, dict.fromkeys(variables(answers), "set-later")), today())
    if found:
        raise Problems(found)
    return text


def _write(path: Path, text: str, force: bool) -> None:
    """All or nothing; a file that came into being meanwhile is not replaced either, unless that is asked for."""
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if force:
                Path(made).replace(path)
            else:
                os.link(made, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(made).unlink()
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise ConfigurationError(
            Text(
                ko=f"파일을 쓸 수 없습니다 ({type(error).__name__}). 폴더와 권한을 확인하세요.",
                en=f"The file cannot be written ({type(error).__name__}). Check the directory and its permissions.",
            ),
            str(path),
        ) from None


def _tell(path: Path, answers: Answers, text: str, lang: Language, as_json: bool) -> None:
    found = may_go(answers, text, lang)
    if as_json:
        give({"written": str(path), "profile": answers.profile, "set": variables(answers), "may_go": found})
        return
    say(Text(ko=f"설정을 썼습니다: {path}", en=f"{path} is written."), lang)
    for name in variables(answers):
        if name not in os.environ:
            say(_put_key(name), lang)
    option = "" if path == Path("haechi.yaml") else f" --config {shlex.quote(str(path))}"
    say(
        Text(
            ko=f"다음: haechi check{option}, 그리고 haechi up{option}",
            en=f"Next: haechi check{option}, then haechi up{option}",
        ),
        lang,
    )


def _put_key(name: str) -> Text:
    return Text(
        ko=f"시작하기 전에 환경 변수 {name} 에 키를 넣으세요.",
        en=f"Put the key into the variable {name} before the start.",
    )


def _exists(path: Path) -> ConfigurationError:
    return ConfigurationError(
        Text(
            ko="이미 있는 파일입니다. 덮어쓰려면 --force, 다른 이름이면 --config 를 쓰세요.",
            en="This file exists. Use --force to replace it, or --config for another name.",
        ),
        str(path),
    )


def _asked(lang: Language, as_json: bool) -> Answers:
    """Ask at the terminal, one line each; prompts go to standard error. Empty answers stay open."""
    if not sys.stdin.isatty():
        raise ConfigurationError(
            Text(
                ko="물어볼 터미널이 없습니다. --answers FILE.yaml 이나 --profile, --cloud 로 답을 주세요.",
                en="There is no terminal to ask at. Give the answers with --answers FILE.yaml, or --profile and --cloud.",
            )
        )
    try:
        return Interview(lang).answers()
    except typer.Abort:
        raise KeyboardInterrupt from None
