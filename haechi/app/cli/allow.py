"""`haechi allow`: reviewed exceptions for false alarms, with two pairs of eyes."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from haechi.adapters.stores import exceptions
from haechi.adapters.stores.exceptions import Exemption
from haechi.adapters.stores.keys import SqliteKeyRing
from haechi.adapters.stores.layout import ledger_file
from haechi.app.cli.common import DATA, DataOption, JsonOption, LangOption, say, told
from haechi.app.cli.output import give, show_table
from haechi.app.inspection import eyes_of
from haechi.app.wiring import SystemClock
from haechi.catalogue.obligations import legal_floor
from haechi.domain.errors import HaechiError
from haechi.domain.text import Text
from haechi.gateway.classify.classify import classify

app = typer.Typer(
    help="잘못 걸린 것을 두 사람이 확인하고 예외로 둡니다 · Exceptions for false alarms, reviewed by a second person.",
    no_args_is_help=True,
)

LONGEST: Final = 1 << 20
LONGEST_REASON: Final = 300
KeyFile = Annotated[
    Path, typer.Option("--key-file", help="내 해치 키가 든 파일 · file with your own haechi key.")
]
Id = Annotated[str, typer.Argument(help="예외 번호 · Id of the exception (`haechi allow list`).")]
HEADS: Final = [
    Text(ko=ko, en=en)
    for ko, en in (
        ("번호", "Id"),
        ("상태", "State"),
        ("범위", "Scope"),
        ("종류", "Kinds"),
        ("요청", "Requested by"),
        ("승인", "Approved by"),
        ("만료", "Expires"),
        ("이유", "Reason"),
    )
]
STATES: Final = {
    "requested": Text(ko="승인 대기", en="requested"),
    "in force": Text(ko="유효", en="in force"),
    "expired": Text(ko="만료", en="expired"),
    "revoked": Text(ko="철회", en="revoked"),
}


@app.command()
def request(
    *,
    reason: Annotated[str, typer.Option("--reason", help="왜 잘못 걸린 것인지 · why it is a false alarm.")],
    key_file: KeyFile,
    kind: Annotated[
        str | None, typer.Option("--kind", help="걸린 종류, 예: phone · the kind that was found.")
    ] = None,
    document: Annotated[
        bool, typer.Option("--document", help="글 전체를 예외로 · the whole text, not one value in it.")
    ] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="며칠 동안 · for how many days.")] = 90,
    data_dir: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """표준 입력의 글에서 걸린 값 하나(또는 글 전체)를 예외로 요청합니다. 다른 사람이 승인해야 효력이 생깁니다. ·
    Ask for an exception for the value found in the text on standard input (or the whole text); another person has
    to approve it.

    [dim]haechi allow request --kind phone --reason "switchboard" --key-file my.key < sentence.txt[/dim]
    """
    with told(lang, as_json):
        by = _person(data_dir, key_file)
        text = _given()
        found = _found(text)
        if document:
            scope, value, kinds = "document", text, frozenset(found)
            _refuse_floor(kinds)
        else:
            chosen = _chosen(found, kind)
            _refuse_floor(frozenset({chosen}))
            _refuse_hidden(found[chosen], text)
            scope, value, kinds = "value", _only(found[chosen], chosen), frozenset({chosen})
        name = exceptions.request(
            data_dir, "document" if scope == "document" else "value", value, kinds, _sayable(reason), by, days
        )
    if as_json:
        give({"id": name, "scope": scope, "kinds": sorted(kinds), "requested_by": by, "state": "requested"})
        return
    say(
        Text(
            ko=f"요청했습니다. 다른 사람이 자기 키로 승인해야 효력이 생깁니다: haechi allow approve {name}",
            en=f"Requested. It takes effect when another person approves it: haechi allow approve {name}",
        ),
        lang,
    )
    print(name)


@app.command()
def approve(
    name: Id, *, key_file: KeyFile, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption
) -> None:
    """다른 사람이 요청한 예외를 승인합니다. 1초 안에 효력이 생깁니다. · Approve what somebody else asked for.

    [dim]haechi allow approve x1a2b3c4d --key-file my.key[/dim]
    """
    with told(lang, as_json):
        by = _person(data_dir, key_file)
        asked = _known(data_dir, name)
        if asked.requested_by == by:
            raise HaechiError(
                Text(
                    ko="자기가 요청한 예외는 승인할 수 없습니다. 다른 사람이 자기 키로 승인해야 합니다.",
                    en="Nobody approves his own request. Another person has to, with a key of his own.",
                )
            )
        if not exceptions.approve(data_dir, name, by):
            state = STATES[asked.state(SystemClock.now())]
            raise HaechiError(
                Text(
                    ko=f"승인할 수 없습니다. 지금 상태: {state.ko}.",
                    en=f"It cannot be approved. Its state is: {state.en}.",
                )
            )
    if as_json:
        give({"id": name, "approved_by": by, "state": "in force"})
    else:
        say(Text(ko=f"승인했습니다: {name}", en=f"Approved: {name}"), lang)


@app.command()
def revoke(
    name: Id, *, key_file: KeyFile, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption
) -> None:
    """예외를 거둡니다. 한 사람이면 됩니다. · Take an exception back; one person is enough.

    [dim]haechi allow revoke x1a2b3c4d --key-file my.key[/dim]
    """
    with told(lang, as_json):
        by = _person(data_dir, key_file)
        _known(data_dir, name)
        if not exceptions.revoke(data_dir, name, by):
            raise HaechiError(Text(ko="이미 거둔 예외입니다.", en="It was revoked before."))
    if as_json:
        give({"id": name, "revoked_by": by, "state": "revoked"})
    else:
        say(Text(ko=f"거두었습니다: {name}", en=f"Revoked: {name}"), lang)


SCOPES: Final = {
    "value": Text(ko="값 하나", en="value"),
    "document": Text(ko="글 전체", en="document"),
}


@app.command(name="list")
def list_exceptions(*, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """모든 예외를 봅니다. 값은 보관하지 않습니다. · List all exceptions; the values are not kept.

    [dim]haechi allow list --json[/dim]
    """
    with told(lang, as_json):
        known = exceptions.listed(data_dir)
    now = SystemClock.now()
    if as_json:
        give({"exceptions": [_row(each, now) for each in known]})
        return
    rows = [
        [
            each.id,
            STATES[each.state(now)].say(lang),
            SCOPES[each.scope].say(lang),
            ", ".join(each.kinds),
            each.requested_by,
            each.approved_by or "",
            (_iso(each.expires_at) or "")[:10],
            each.reason,
        ]
        for each in known
    ]
    show_table([head.say(lang) for head in HEADS], rows)


def _person(data_dir: Path, key_file: Path) -> str:
    """Who acts: the name of the key, which only its holder has."""
    try:
        secret = key_file.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HaechiError(
            Text(
                ko=f"키 파일을 읽을 수 없습니다 ({type(error).__name__}): {key_file}",
                en=f"The key file cannot be read ({type(error).__name__}): {key_file}",
            )
        ) from None
    ring = SqliteKeyRing(ledger_file(data_dir))
    try:
        name = ring.name_of(secret)
    finally:
        ring.close()
    if name is None:
        raise HaechiError(
            Text(
                ko="이 키는 쓸 수 없습니다. `haechi keys create 이름` 으로 사람마다 키를 만드세요.",
                en="This key is not valid. Make one for each person: `haechi keys create NAME`.",
            )
        )
    return name


def _given() -> str:
    """The text on standard input: a command line would stay in the shell's history."""
    raw = sys.stdin.buffer.read(LONGEST + 1)
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        text = ""
    if not text or len(raw) > LONGEST:
        raise HaechiError(
            Text(
                ko="걸린 글을 표준 입력으로 주세요 (UTF-8, 1 MiB 까지): haechi allow request … < 글.txt",
                en="Give the text on standard input (UTF-8, up to 1 MiB): haechi allow request … < text.txt",
            )
        )
    return text


def _found(text: str) -> dict[str, set[str]]:
    """Kinds that are found in `text`, with their values."""
    found: dict[str, set[str]] = {}
    for finding in classify(text, eyes_of()).findings:
        found.setdefault(finding.kind, set()).add(text[finding.start : finding.end])
    if not found:
        raise HaechiError(
            Text(
                ko="이 글에서는 아무것도 걸리지 않습니다. 예외가 필요 없습니다.",
                en="Nothing is found in this text. It needs no exception.",
            )
        )
    return found


def _chosen(found: dict[str, set[str]], kind: str | None) -> str:
    if kind is None and len(found) == 1:
        return next(iter(found))
    if kind in found:
        return str(kind)
    kinds = ", ".join(sorted(found))
    raise HaechiError(
        Text(
            ko=f"--kind 로 하나를 고르세요. 이 글에서 걸린 종류: {kinds}",
            en=f"Choose one with --kind. Found in this text: {kinds}",
        )
    )


def _only(values: set[str], kind: str) -> str:
    if len(values) == 1:
        return next(iter(values))
    raise HaechiError(
        Text(
            ko=f"이 글에는 {kind} 값이 여럿입니다. 값이 하나만 든 글을 주세요.",
            en=f"This text holds several values of {kind}. Give a text with only one.",
        )
    )


def _refuse_hidden(values: set[str], text: str) -> None:
    """A value that shows only once escapes are undone has no place of its own in `text`: it would cover nothing."""
    scanned = _as_written(text)
    if not values <= scanned:
        raise HaechiError(
            Text(
                ko="이 글에서는 값이 이스케이프나 JSON 안에만 있습니다. 값을 그대로 적은 문장을 주거나 --document 를 쓰세요.",
                en="In this text the value shows only once escapes or JSON are undone. Give a sentence with the plain "
                "value, or use --document.",
            )
        )


def _as_written(text: str) -> set[str]:
    """What detectors find in the very words of `text`."""
    looking = eyes_of()
    studied = looking.study(text) if looking.study is not None else []
    return {text[hit.start : hit.end] for hit in (*looking.rules(text), *studied)}


def _refuse_floor(kinds: frozenset[str]) -> None:
    if floor := sorted(kinds & legal_floor()):
        raise HaechiError(
            Text(
                ko=f"법이 정한 항목은 예외로 둘 수 없습니다: {', '.join(floor)}. 글에서 그 값을 빼거나 "
                "사내 모델을 쓰세요.",
                en=f"The law itself names {', '.join(floor)}: there is no exception. Take it out of the text, or use a "
                "model at home.",
            )
        )


def _sayable(reason: str) -> str:
    """The reason as it may be kept: short, printable, and without what it is about."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise HaechiError(
            Text(
                ko=f"이유는 1자에서 {LONGEST_REASON}자까지 적습니다.",
                en=f"A reason has 1 to {LONGEST_REASON} printable characters.",
            )
        )
    if classify(reason, eyes_of()).findings:
        raise HaechiError(
            Text(
                ko="이유에는 값을 적지 마세요. 원장에 그대로 남습니다.",
                en="Leave the value out of the reason: it is kept as it is.",
            )
        )
    return reason


def _known(data_dir: Path, name: str) -> Exemption:
    for each in exceptions.listed(data_dir):
        if each.id == name:
            return each
    raise HaechiError(
        Text(
            ko="그런 예외가 없습니다. `haechi allow list` 로 확인하세요.",
            en="There is no such exception. See `haechi allow list`.",
        )
    )


def _row(each: Exemption, now: float) -> dict[str, object]:
    return {
        "id": each.id,
        "state": each.state(now),
        "scope": each.scope,
        "kinds": list(each.kinds),
        "reason": each.reason,
        "requested_by": each.requested_by,
        "requested_at": _iso(each.requested_at),
        "expires_at": _iso(each.expires_at),
        "approved_by": each.approved_by,
        "approved_at": _iso(each.approved_at),
        "revoked_by": each.revoked_by,
        "revoked_at": _iso(each.revoked_at),
    }


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, tz=UTC).isoformat(timespec="seconds")
