"""`haechi check --replay`: recorded requests under a new policy. Reads the ledger; sends nothing, writes nothing."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text as Cell

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.questions import questions
from haechi.app.cli.common import WRONG_USE, console, say, told
from haechi.app.cli.configuration import PRETEND
from haechi.app.cli.output import give, printable
from haechi.app.replay import Move, Replay
from haechi.app.settings.compile import policy
from haechi.app.settings.model import Settings
from haechi.app.wiring import today
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text

CHANGE_WORDS: Final = {
    "newly out": Text(ko="새로 나감", en="newly out"),
    "newly home": Text(ko="새로 사내", en="newly home"),
    "newly refused": Text(ko="새로 거절", en="newly refused"),
    "other cloud": Text(ko="클라우드가 바뀜", en="other cloud"),
    "unknown model": Text(ko="없는 모델", en="unknown model"),
    "other home": Text(ko="사내 목적지가 바뀜", en="other home"),
}

ASSUMED: Final = (
    Text(
        ko="등급과 종류는 기록된 그대로입니다. 글은 원장에 없으므로 다시 검사하지 않습니다.",
        en="Levels and kinds are as recorded: no text is in the ledger, so nothing is scanned again.",
    ),
    Text(
        ko="무엇이 발견된 요청은 부른 모델 이름을 남기지 않으므로 설정의 첫 모델 이름(대개 auto)을 부른 것으로 봅니다.",
        en="Where something was found, the model that was asked for is not kept: it is taken as the first name of the "
        "configuration (auto, as a rule).",
    ),
    Text(
        ko="두 설정 모두 오늘 날짜로 판정합니다. 그날의 계약과 사실이 아닙니다.",
        en="Both configurations are judged as of today, not with the contracts and facts of that day.",
    ),
)


def replay(settings: Settings, new: Settings, span: str, data: Path, lang: Language, as_json: bool) -> None:
    """Decide the records of `span` under `settings` and under `new`, and show what moves."""
    with told(lang, as_json, WRONG_USE):
        since, until = between(span)
    with told(lang, as_json):
        day = today()
        found = Replay(policy(settings, PRETEND, day), policy(new, PRETEND, day))
        for asked in questions(ledger_file(data), since.timestamp(), until.timestamp()):
            found.add(asked)
    if as_json:
        give(_answer(found, since, until, lang))
    else:
        _show(found, lang)


def between(span: str) -> tuple[datetime, datetime]:
    """`FROM..TO` in local time: a day counts whole, a moment as it is; an end that is left out is open.

    Raises `ConfigurationError`.
    """
    first, dots, last = span.partition("..")
    try:
        since, until = _start(first), _end(last)
    except (ValueError, OverflowError):
        dots, since, until = "", _FIRST, _LAST
    if dots and since >= until:
        raise ConfigurationError(
            Text(
                ko="끝이 시작보다 앞섭니다. FROM..TO 의 두 날짜를 바꾸세요.",
                en="The end is before the start. Exchange the two dates of FROM..TO.",
            ),
            "--replay",
        )
    if not dots:
        raise ConfigurationError(
            Text(
                ko="--replay 는 FROM..TO 입니다. 예: 2026-11-01..2026-11-30, 2026-11-01.., 2026-11-01T09:00..2026-11-01T18:00",
                en="--replay takes FROM..TO, such as 2026-11-01..2026-11-30, 2026-11-01.. or "
                "2026-11-01T09:00..2026-11-01T18:00",
            ),
            "--replay",
        )
    return since, until


_FIRST: Final = datetime(1970, 1, 2).astimezone()
_LAST: Final = datetime(9999, 1, 1).astimezone()


def _start(text: str) -> datetime:
    return datetime.fromisoformat(text.strip()).astimezone() if text.strip() else _FIRST


def _end(text: str) -> datetime:
    text = text.strip()
    if not text:
        return _LAST
    if len(text) == len("2026-11-30"):
        following = date.fromisoformat(text) + timedelta(days=1)
        return datetime.combine(following, datetime.min.time()).astimezone()
    return datetime.fromisoformat(text).astimezone()


def _share(count: int, found: Replay) -> float:
    return round(count / found.records, 6) if found.records else 0.0


def _answer(found: Replay, since: datetime, until: datetime, lang: Language) -> dict[str, Any]:
    counts = found.counts()
    return {
        "from": since.isoformat() if since != _FIRST else None,
        "to": until.isoformat() if until != _LAST else None,
        "records": found.records,
        "counts": {change.replace(" ", "_"): count for change, count in counts.items()},
        "moves": [_move(move, found, lang) for move in found.moves],
        "recorded_otherwise": [
            {"recorded": ended, "decides": decides, "count": count, "share": _share(count, found)}
            for (ended, decides), count in sorted(found.otherwise.items(), key=lambda each: -each[1])
        ],
        "model_assumed": found.model_assumed,
        "model_unknown": found.model_unknown,
        "assumed": [each.say(lang) for each in ASSUMED],
        "warning": _warning(counts["newly out"], found).say(lang) if counts["newly out"] else None,
    }


def _move(move: Move, found: Replay, lang: Language) -> dict[str, Any]:
    return {
        "change": move.change.replace(" ", "_"),
        "level": move.level,
        "from": move.was,
        "to": move.becomes,
        "count": move.count,
        "share": _share(move.count, found),
        "rule": move.rule,
        "missing": move.missing and move.missing.path,
        "missing_what": move.missing and move.missing.what.say(lang),
        "examples": move.examples,
    }


def _warning(count: int, found: Replay) -> Text:
    share = f"{_share(count, found):.1%}"
    return Text(
        ko=f"주의: 지금은 나가지 않는 요청 {count:,}건({share})이 새 설정에서는 클라우드로 나갑니다.",
        en=f"Mind: {count:,} requests ({share}) that stay now would go to a cloud under the new configuration.",
    )


def _show(found: Replay, lang: Language) -> None:
    moved = sum(found.counts().values())
    say(
        Text(
            ko=f"기록 {found.records:,}건을 두 설정으로 다시 판정했습니다: 달라짐 {moved:,}건 ({_share(moved, found):.1%}). "
            "보낸 것은 없습니다.",
            en=f"{found.records:,} records decided under both configurations: {moved:,} move ({_share(moved, found):.1%}). "
            "Nothing was sent.",
        ),
        lang,
    )
    heads = Text(ko="변화 등급 지금 새_설정 건수 비율 이유", en="change level now new count share because")
    table = Table()
    for head in heads.say(lang).split():
        table.add_column(head.replace("_", " "), overflow="fold")
    for move in found.moves:
        table.add_row(*(Cell(printable(cell)) for cell in _cells(move, found, lang)))
    if found.moves:
        console.print(table)
    for move in found.moves:
        word = CHANGE_WORDS[move.change].say(lang)
        say(
            Text(
                ko=f"  {word} 예: {' '.join(move.examples)}",
                en=f"  {word}, such as: {' '.join(move.examples)}",
            ),
            lang,
        )
    if found.otherwise:
        say(_otherwise(found), lang)
    for each in ASSUMED:
        say(each, lang)
    if out := found.counts()["newly out"]:
        say(_warning(out, found), lang)


def _cells(move: Move, found: Replay, lang: Language) -> tuple[str, ...]:
    because = move.rule
    if move.missing is not None:
        because += f" · {move.missing.path}"
    if move.change == "newly out":
        because = Text(ko=f"지금은 막음: {because}", en=f"held now by: {because}").say(lang)
    share = f"{_share(move.count, found):.1%}"
    word = CHANGE_WORDS[move.change].say(lang)
    return word, move.level, move.was, move.becomes, f"{move.count:,}", share, because


def _otherwise(found: Replay) -> Text:
    many = sum(found.otherwise.values())
    (ended, decides), most = max(found.otherwise.items(), key=lambda each: each[1])
    return Text(
        ko=f"정책과 별개로 {many:,}건은 지금 설정이 정하는 것과 다르게 기록되어 있습니다 (실패, 대체, 이전 설정). 가장 많은 "
        f"것: 기록 {ended}, 지금 {decides}, {most:,}건. 전부는 --json 에 있습니다.",
        en=f"Apart from the policy, {many:,} were recorded otherwise than the present configuration decides (failures, "
        f"fallbacks, earlier settings). Most often: recorded {ended}, now {decides}, {most:,}. All are in --json.",
    )
