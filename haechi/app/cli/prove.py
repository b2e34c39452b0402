"""`haechi prove`: tries to make a second instance of this installation leak, and signs what it saw."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from msgspec import json

from haechi.app.cli.common import (
    DATA,
    FAILED,
    WRONG_USE,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    console,
    errors,
    say,
    told,
)
from haechi.app.prove.words import LEFT, PARTS, passed, verdict
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text

if TYPE_CHECKING:
    from haechi.app.prove.selftest import Result

# What proves is imported where it is used: other commands do not wait for it.

NO_SPLIT: Final = Text(
    ko="deploy: split 의 구멍은 시험하지 않았습니다: 이 컴퓨터에는 차단 수단이 없어 split 이 시작하지 않습니다 "
    "(`haechi doctor`).",
    en="Holes of deploy: split were not tried: this host has no guards, and without them split mode does not start "
    "(`haechi doctor`).",
)
SHOWN: Final = 20
"""Findings that are printed; the report has all of them."""


def prove(
    *,
    config: ConfigOption = None,
    data: DataOption = DATA,
    out: Annotated[
        Path | None, typer.Option("--out", help="보고서 폴더 · where the report goes (DATA/proofs).")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=f"일부만 · some parts only: {', '.join(PARTS)}."),
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="보고서의 서명 확인 · check the signature of a report.")
    ] = None,
    public: Annotated[
        Path | None,
        typer.Option("--public-key", help="확인에 쓸 공개 키 · the public key to check with."),
    ] = None,
    self_test: Annotated[
        bool,
        typer.Option(
            "--self-test", help="알려진 구멍을 심어 모두 찾는지 · plant known holes; all must be found."
        ),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """사본을 띄워 새게 해 보고 결과에 서명합니다. · Try to make a second instance leak, and sign the result.

    [dim]haechi prove --config haechi.yaml --out proofs[/dim]
    """
    with told(lang, as_json, WRONG_USE):
        _check_words(only or [], public, verify)
    with told(lang, as_json):
        if verify is not None:
            raise typer.Exit(_verify(verify, public, data.resolve(), as_json, lang))
        if self_test:
            raise typer.Exit(_self_test(as_json, lang))
        from haechi.app.prove import run

        made = run.proof(config, data.resolve(), only or [], lang)
        files = run.write_files(made, out or data.resolve() / "proofs")
    if as_json:
        print(json.encode(made, order="deterministic").decode())
    else:
        _show(made, files, lang)
    raise typer.Exit(0 if passed(made) else FAILED)


def _check_words(only: list[str], public: Path | None, verify: Path | None) -> None:
    if unknown := sorted(set(only) - PARTS.keys()):
        parts = ", ".join(PARTS)
        raise ConfigurationError(
            Text(
                ko=f"--only {unknown[0]}: 그런 부분이 없습니다. 쓸 수 있는 말: {parts}",
                en=f"--only {unknown[0]}: there is no such part. Known ones: {parts}",
            ),
            "--only",
        )
    if public is not None and verify is None:
        raise ConfigurationError(
            Text(
                ko="--public-key 는 --verify 와 함께 쓰입니다.",
                en="--public-key goes with --verify.",
            ),
            "--public-key",
        )


def _show(made: dict[str, Any], files: tuple[Path, Path], lang: Language) -> None:
    lines = [verdict(made).say(lang)]
    lines += [
        f"  {leak['area']}: {leak['trial']} [{leak['kind']}] → {leak['where']} ({leak['form']})"
        for leak in made["found"][:SHOWN]
    ]
    lines += [f"  {LEFT[name].say(lang)}" for name in made["left_behind"]]
    lines += [
        f"  {name}: {row['arrived']} {'건의 평범한 업무가 닿음' if lang == 'ko' else 'everyday requests arrived'}"
        for name, row in made["useful"].items()
        if row["cleared"]
    ]
    lines += [
        f"{made['milliseconds'] / 1000:.1f} s · policy {made['policy_version']}",
        f"Ed25519 {made['signature']['fingerprint']}",
        *map(str, files),
    ]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _verify(file: Path, public: Path | None, data_dir: Path, as_json: bool, lang: Language) -> int:
    """Check a report offline. A key that only the report itself names vouches for nothing."""
    from haechi.adapters.stores.signing import fingerprint, public_key, public_key_file
    from haechi.app.prove.report import holds, read

    made = read(file)
    here = public_key_file(data_dir)
    if public is None and not here.exists():
        raise ConfigurationError(
            Text(
                ko="어떤 공개 키로 확인할지 모릅니다. 보고서 안의 키는 스스로를 보증하지 못합니다: 설치본의 "
                "keys/installation.pub 을 따로 받아 --public-key 로 지정하세요.",
                en="It is not known which public key to check with. A key inside a report cannot vouch for itself: get "
                "the installation's keys/installation.pub by another way and name it with --public-key.",
            ),
            "--public-key",
        )
    known = public_key(public or here)
    good = holds(made, known)
    if as_json:
        answer = {"signature": good, "fingerprint": fingerprint(known), "passed": good and passed(made)}
        print(json.encode(answer).decode())
    elif good:
        say(Text(ko="서명이 맞습니다.", en="The signature is right."), lang)
        say(verdict(made), lang)
    else:
        say(
            Text(
                ko="서명이 맞지 않습니다: 보고서가 바뀌었거나 다른 키로 서명되었습니다. 믿지 마세요.",
                en="The signature is wrong: the report was changed, or another key signed it. Do not trust it.",
            ),
            lang,
        )
    return 0 if good else FAILED


def _self_test(as_json: bool, lang: Language) -> int:
    """Plant every hole in turn."""
    import asyncio

    from haechi.app.prove import selftest

    def tell(result: "Result") -> None:
        mark = "✓" if result.found else "✗"
        errors.print(
            f"{mark} {result.hole:32} {result.leaks:5} {result.milliseconds / 1000:5.1f} s",
            highlight=False,
            markup=False,
        )

    holes = selftest.for_this_host()
    skipped = [hole.name for hole in selftest.EVERY if hole not in holes]
    results = asyncio.run(selftest.run(tell, holes))
    missed = [result.hole for result in results if not result.found]
    if as_json:
        print(json.encode({"holes": results, "missed": missed, "skipped": skipped}).decode())
    else:
        if skipped:
            say(NO_SPLIT, lang)
        say(
            Text(
                ko=f"구멍 {len(results)}개 가운데 {len(results) - len(missed)}개를 찾았습니다.",
                en=f"{len(results) - len(missed)} of {len(results)} holes were found.",
            ),
            lang,
        )
    return 0 if not missed else FAILED
