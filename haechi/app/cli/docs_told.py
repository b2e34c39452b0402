"""What `haechi docs` says of lists and documents: rows by number, files by path, never a value."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from haechi.adapters.stores.company import KeptDocument, KeptList
from haechi.app.cli.common import say
from haechi.app.cli.output import give, show_table
from haechi.domain.label import Level
from haechi.domain.text import Language, Text

if TYPE_CHECKING:  # arrays take a fifth of a second to import
    from haechi.app.intake import Reading
    from haechi.gateway.classify.listing import Enrolled

Row = dict[str, object]

MOST_SHOWN: Final = 20
ROWS_SHOWN: Final = 5

OUTCOMES: Final = {
    "added": Text(ko="추가", en="added"),
    "unchanged": Text(ko="그대로", en="unchanged"),
    "unknown format": Text(ko="모르는 형식", en="unknown format"),
    "unreadable": Text(ko="읽을 수 없음", en="unreadable"),
    "too large": Text(ko="너무 큼", en="too large"),
    "no text": Text(ko="글이 없음", en="no text"),
}
SKIPPED: Final = {
    "empty": Text(ko="빈 값", en="empty"),
    "short": Text(ko="너무 짧음", en="too short"),
    "long": Text(ko="너무 김", en="too long"),
    "placeholder": Text(ko="자리만 채운 값", en="placeholder"),
    "title": Text(ko="직함이나 호칭", en="a title"),
    "not an e-mail": Text(ko="이메일이 아님", en="no e-mail address"),
}


def tell_list(kept: KeptList, enrolled: "Enrolled", as_json: bool, lang: Language) -> None:
    if as_json:
        give(
            {
                "collection": kept.collection,
                "column": kept.column,
                "kind": kept.kind,
                "level": Level(kept.level).word,
                "added": enrolled.values,
                "doubtful": enrolled.doubtful,
                "skipped": {reason: len(rows) for reason, rows in enrolled.skipped.items()},
                "skipped_rows": {reason: rows[:MOST_SHOWN] for reason, rows in enrolled.skipped.items()},
            }
        )
        return
    say(
        Text(
            ko=f"등록했습니다: {kept.collection} ({kept.kind}, {Level(kept.level).word}, {enrolled.values:,}개)",
            en=f"Added: {kept.collection} ({kept.kind}, {Level(kept.level).word}, {enrolled.values:,})",
        ),
        lang,
    )
    if enrolled.doubtful:
        say(
            Text(
                ko=f"{enrolled.doubtful:,}개는 흔한 낱말이나 흔한 수와 같아, 직함이나 항목 이름이 곁에 있을 때만 찾습니다.",
                en=f"{enrolled.doubtful:,} are ordinary words or common numbers: found only beside a title or a field's name.",
            ),
            lang,
        )
    for reason, rows in enrolled.skipped.items():
        name, where = (
            SKIPPED[reason],
            ", ".join(map(str, rows[:ROWS_SHOWN])) + (" …" if rows[ROWS_SHOWN:] else ""),
        )
        say(
            Text(
                ko=f"뺀 값 {len(rows):,}개, {name.ko}: 데이터 {where}행",
                en=f"Left out {len(rows):,}, {name.en}: data rows {where}",
            ),
            lang,
        )


def tell_documents(
    collection: str, level: Level, reading: "Reading", interrupted: bool, as_json: bool, lang: Language
) -> None:
    if as_json:
        give(
            {
                "collection": collection,
                "level": level.word,
                "files": dict(reading.counts),
                "troubles": [{"path": name, "why": why} for name, why in reading.troubles],
                "interrupted": interrupted,
            }
        )
        return
    for name, why in reading.troubles[:MOST_SHOWN]:
        say(Text(ko=f"건너뜀, {OUTCOMES[why].ko}: {name}", en=f"Skipped, {OUTCOMES[why].en}: {name}"), lang)
    if (more := len(reading.troubles) - MOST_SHOWN) > 0:
        say(Text(ko=f"건너뜀, 그 밖에 {more:,}개", en=f"Skipped, {more:,} more"), lang)
    counts = ", ".join(
        f"{OUTCOMES[outcome].say(lang)} {count:,}" for outcome, count in reading.counts.items()
    )
    said = counts or Text(ko="파일이 없습니다", en="no files").say(lang)
    say(Text(ko=f"{collection}: {said}", en=f"{collection}: {said}"), lang)
    if interrupted:
        say(
            Text(
                ko="중단했습니다. 여기까지는 효력이 있으며, 같은 명령을 다시 실행하면 이어서 합니다.",
                en="Interrupted. What was read so far holds; run the same command again to go on.",
            ),
            lang,
        )


def collection_rows(
    lists: Sequence[KeptList], documents: Sequence[KeptDocument], *, one_by_one: bool
) -> list[Row]:
    """A row for each list, and for the documents of a collection and level, or for each of them."""
    rows: list[Row] = [
        _row(each.collection, "list", each.kind, each.level, each.entries, each.added_at)
        | {"column": each.column}
        for each in lists
    ]
    if one_by_one:
        return rows + [
            _row(each.collection, "document", "fingerprint", each.level, 1, each.added_at)
            | {"path": each.path}
            for each in documents
        ]
    groups: dict[tuple[str, int], list[float]] = {}
    for each in documents:
        groups.setdefault((each.collection, each.level), []).append(each.added_at)
    return rows + [
        _row(name, "documents", "fingerprint", level, len(times), max(times))
        for (name, level), times in groups.items()
    ]


def _row(collection: str, holds: str, kind: str, level: int, count: int, added_at: float) -> Row:
    added = datetime.fromtimestamp(added_at, tz=UTC).isoformat(timespec="seconds")
    return {
        "collection": collection,
        "holds": holds,
        "kind": kind,
        "level": Level(level).word,
        "count": count,
        "added_at": added,
    }


def show_collections(rows: Sequence[Row], lang: Language) -> None:
    """The table of collections."""
    shown = [
        [
            *(str(row[field]) for field in ("collection", "kind", "level", "count")),
            str(row["added_at"])[:10],
            str(row.get("column") or row.get("path") or ""),
        ]
        for row in rows
    ]
    show_table([head.say(lang) for head in HEADS], shown)


HEADS: Final = [
    Text(ko=ko, en=en)
    for ko, en in (
        ("모음", "Collection"),
        ("종류", "Kind"),
        ("등급", "Level"),
        ("개수", "Count"),
        ("등록", "Added"),
        ("열·경로", "Column, path"),
    )
]
