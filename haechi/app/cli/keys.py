"""`haechi keys`: who may call."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from haechi.adapters.stores import keys
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.private import data_directory
from haechi.app.cli.common import DATA, DataOption, JsonOption, LangOption, say, told
from haechi.app.cli.output import give, show_table
from haechi.app.processes.people import owner_of
from haechi.app.processes.users import acting_as
from haechi.domain.errors import HaechiError
from haechi.domain.text import Language, Text

app = typer.Typer(help="호출 키 · The keys callers come with.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(help="키 이름, 예: 팀이나 앱 · Name of the key, such as a team or an app.")
]

ONLY_NOW = Text(
    ko="이 키는 지금만 볼 수 있습니다. 안전한 곳에 보관하세요.",
    en="This key is shown only now. Keep it in a safe place.",
)
HEADS = [Text(ko="이름", en="Name"), Text(ko="만든 때", en="Created"), Text(ko="폐기한 때", en="Revoked")]


@app.command()
def create(name: Name, *, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """키를 만들어 한 번만 보여 줍니다. · Make a key and show it once.

    [dim]haechi keys create billing-app[/dim]
    """
    with told(lang, as_json), acting_as(owner_of(data_dir)):
        data_directory(data_dir)
        secret = keys.create(ledger_file(data_dir), name)
    _hand_over(name, secret, as_json, lang)


@app.command(name="list")
def list_keys(*, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """모든 키를 봅니다. 키 값은 보관하지 않습니다. · List all keys; the keys themselves are not kept.

    [dim]haechi keys list --json[/dim]
    """
    with told(lang, as_json), acting_as(owner_of(data_dir)):
        known = keys.listed(ledger_file(data_dir))
    if as_json:
        give(
            {
                "keys": [
                    {"name": key.name, "created_at": _iso(key.created_at), "revoked_at": _iso(key.revoked_at)}
                    for key in known
                ]
            }
        )
    else:
        show_table(
            [head.say(lang) for head in HEADS],
            [[key.name, _local(key.created_at), _local(key.revoked_at)] for key in known],
        )


@app.command()
def revoke(name: Name, *, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """키를 폐기합니다. 1초 안에 효력이 생깁니다. · Revoke a key; it stops opening within a second.

    [dim]haechi keys revoke billing-app[/dim]
    """
    with told(lang, as_json), acting_as(owner_of(data_dir)):
        if not keys.revoke(ledger_file(data_dir), name):
            raise _unknown(name)
    if as_json:
        give({"name": name, "revoked": True})
    else:
        print(Text(ko=f"폐기했습니다: {name}", en=f"Revoked: {name}").say(lang))


@app.command()
def rotate(name: Name, *, data_dir: DataOption = DATA, as_json: JsonOption = False, lang: LangOption) -> None:
    """같은 이름의 새 키로 교체하고 이전 키를 폐기합니다. · Replace a key by a fresh one and revoke the old one.

    옮기는 동안 둘 다 쓰려면 다른 이름으로 create 한 뒤 revoke 하세요. · To use both for a while, create one
    under another name and revoke the first one later.

    [dim]haechi keys rotate billing-app[/dim]
    """
    with told(lang, as_json), acting_as(owner_of(data_dir)):
        secret = keys.rotate(ledger_file(data_dir), name)
        if secret is None:
            raise _unknown(name)
    _hand_over(name, secret, as_json, lang)


def _hand_over(name: str, secret: str, as_json: bool, lang: Language) -> None:
    """The key alone on standard output, so that it can be piped into a vault."""
    if as_json:
        give({"name": name, "key": secret})
    else:
        say(ONLY_NOW, lang)
        print(secret)


def _unknown(name: str) -> HaechiError:
    return HaechiError(
        Text(
            ko=f"‘{name}’ 이름으로 사용 중인 키가 없습니다. `haechi keys list` 로 확인하세요.",
            en=f"No key called “{name}” is in use. See `haechi keys list`.",
        )
    )


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, tz=UTC).isoformat(timespec="seconds")


def _local(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, tz=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
