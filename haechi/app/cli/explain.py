"""`haechi explain`: why a request went where it went."""

from typing import Annotated

import typer

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SHORTEST_PREFIX, SqliteReader
from haechi.app.cli.common import DATA, DataOption, JsonOption, LangOption, told
from haechi.app.cli.output import give, printable
from haechi.app.processes.people import owner_of
from haechi.app.processes.users import acting_as
from haechi.domain.errors import HaechiError
from haechi.domain.korean import particle
from haechi.domain.text import Text
from haechi.gateway.record import explain as explanation


def explain(
    record: Annotated[
        str, typer.Argument(help="x-haechi-record 헤더의 값 또는 앞부분 · That header's value, or its start.")
    ],
    *,
    data_dir: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """한 요청의 결정을 설명합니다. · Explain the decision about one request.

    [dim]haechi explain r01m82je4h4y --lang ko[/dim]
    """
    with told(lang, as_json), acting_as(owner_of(data_dir)):
        found = SqliteReader(ledger_file(data_dir)).find(record)
        if found is None:
            raise _not_found(record)
    if as_json:
        give(explanation.explain(found))
    else:
        print(printable(explanation.tell(found, lang)))


def _not_found(record: str) -> HaechiError:
    return HaechiError(
        Text(
            ko=f"‘{record}’{particle(record, '으로/로')} 시작하는 기록이 없거나 둘 이상입니다. "
            f"{SHORTEST_PREFIX}자 이상 입력하거나 "
            "`haechi ledger show` 에서 찾으세요.",
            en=f"No record, or more than one, starts with “{record}”. Give at least {SHORTEST_PREFIX} "
            "characters, or look it up with `haechi ledger show`.",
        )
    )
