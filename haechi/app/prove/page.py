"""The report as one page for people: self-contained, no scripts, Korean and English in one file, printable."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from haechi.app.prove.report import Report
from haechi.app.prove.words import LEFT, NOT_PROVEN, PARTS, STYLE, WATCHED, fault, passed, verdict
from haechi.domain.text import Language, Text


def page(made: Report) -> str:
    """The whole page."""
    switch = "".join(
        f'<input class="tongue" type="radio" name="tongue" id="{tongue}"{" checked" if tongue == "ko" else ""}>'
        f'<label for="{tongue}">{name}</label> '
        for tongue, name in (("ko", "한국어"), ("en", "English"))
    )
    languages: tuple[Language, ...] = ("ko", "en")
    said = "".join(
        f'<main class="{lang}" lang="{lang}">{"".join(_said(made, lang))}</main>' for lang in languages
    )
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>haechi prove · {escape(made['made_at'])}</title><style>{STYLE}</style></head>"
        f"<body>{switch}{said}</body></html>\n"
    )


def _said(made: Report, lang: Language) -> Iterator[str]:
    def say(ko: str, en: str) -> str:
        return escape(ko if lang == "ko" else en)

    yield f"<h1>{say('반출 차단 증명', 'Proof that nothing leaves that must not')}</h1>"
    yield f'<p class="verdict {"good" if passed(made) else "bad"}">{escape(verdict(made).say(lang))}</p>'
    yield _pairs(
        (say("만든 때", "made at"), made["made_at"]),
        (say("걸린 시간", "duration"), f"{made['milliseconds'] / 1000:.1f} s"),
        (say("프로필", "profile"), made["profile"]),
        (say("배치", "deployment"), made["deploy"]),
        (say("운영 설정의 정책 판", "policy version of the live configuration"), made["policy_version"]),
        (say("범위", "extent"), say("전체", "whole") if made["whole"] else ", ".join(made["parts"])),
    )
    yield f"<h2>{say('무엇을 시험했나', 'What was tried')}</h2>"
    yield _counts(say("부분", "part"), made["areas"], lang)
    yield _grid(
        [say("식별자 종류", "kind"), say("시도", "tried"), say("누출", "leaks")],
        ([kind, row["tried"], row["leaks"]] for kind, row in made["by_kind"].items()),
    )
    yield f"<h2>{say('고장', 'Faults')}</h2>"
    yield _counts(say("고장", "fault"), made["faults"], lang)
    if made["skipped"]:
        yield f"<p>{say('이 시스템에서 시험하지 못함', 'Not tried on this system')}: {escape(', '.join(made['skipped']))}</p>"
    yield f"<h2>{say('무엇을 지켜봤나', 'What was watched')}</h2>{_points(WATCHED, lang)}"
    yield f"<h2>{say('쓸모: 평범한 업무가 닿은 곳', 'Usefulness: where ordinary work arrived')}</h2>"
    yield _useful(made, lang)
    yield f"<h2>{say('발견', 'Findings')}</h2>"
    yield _found(made, lang)
    yield f"<h2>{say('이 보고서가 증명하지 않는 것', 'What this does not prove')}</h2>"
    yield _points((*(LEFT[name] for name in made["left_behind"]), *NOT_PROVEN), lang)
    yield f"<h2>{say('해시, 판, 서명', 'Hashes, versions, signature')}</h2>"
    yield _pairs(*made["hashes"].items(), *made["versions"].items(), *made["signature"].items())
    check = "haechi prove --verify REPORT.json --public-key installation.pub"
    yield f"<p>{say('확인', 'Check')}: <code>{check}</code></p>"


def _useful(made: Report, lang: Language) -> str:
    if not made["useful"]:
        none = Text(
            ko="클라우드 목적지가 없는 설정입니다. 나갈 곳이 없으므로 누출 0건은 당연합니다.",
            en="This configuration has no cloud destination. With nowhere to go, no leak is no surprise.",
        )
        return f"<p>{escape(none.say(lang))}</p>"
    heads = (
        ["목적지", "평범한 업무 허용", "닿은 요청"]
        if lang == "ko"
        else ["destination", "cleared for ordinary work", "arrived"]
    )
    return _grid(
        heads,
        ([name, "✓" if row["cleared"] else "–", row["arrived"]] for name, row in made["useful"].items()),
    )


def _found(made: Report, lang: Language) -> str:
    if not made["found"]:
        return f"<p>{'없음' if lang == 'ko' else 'none'}</p>"
    heads = (
        ["부분", "시도", "종류", "어디서", "형태"]
        if lang == "ko"
        else ["part", "trial", "kind", "where", "form"]
    )
    return _grid(
        heads, ([leak[name] for name in ("area", "trial", "kind", "where", "form")] for leak in made["found"])
    )


def _counts(head: str, rows: dict[str, dict[str, int]], lang: Language) -> str:
    absent = "해당 없음" if lang == "ko" else "not applicable"
    heads = [head, "시도", "누출", "ms"] if lang == "ko" else [head, "tried", "leaks", "ms"]

    def named(name: str) -> str:
        return f"{name}: {PARTS[name].say(lang)}" if name in PARTS else fault(name).say(lang)

    return _grid(
        heads,
        (
            [named(name), row["tried"], row["leaks"], row["milliseconds"]]
            if row["tried"] or name != "door"  # there is none where everything runs in the worker
            else [named(name), absent, "–", "–"]
            for name, row in rows.items()
        ),
    )


def _grid(heads: list[str], rows: Iterable[list[Any]]) -> str:
    def cell(tag: str, value: Any) -> str:
        number = ' class="n"' if isinstance(value, int) else ""
        return f"<{tag}{number}>{escape(str(value))}</{tag}>"

    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "".join(f"<tr>{''.join(cell('td', value) for value in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _pairs(*rows: tuple[str, Any]) -> str:
    cells = "".join(
        f"<tr><th>{escape(str(name))}</th><td><code>{escape(str(value))}</code></td></tr>"
        for name, value in rows
    )
    return f"<table>{cells}</table>"


def _points(texts: Iterable[Text], lang: Language) -> str:
    return f"<ul>{''.join(f'<li>{escape(text.say(lang))}</li>' for text in texts)}</ul>"
