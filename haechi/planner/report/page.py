"""A plan as one page: what is recommended, three bars with their intervals, what moves it, the source's claims. No network."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from haechi.catalogue.claims import claims
from haechi.catalogue.costs import costs
from haechi.domain.text import Language, Text

WIDE: Final = 460
STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#1d2733}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "td,th{border-bottom:1px solid #d5dbe1;padding:.3em .6em;text-align:left;vertical-align:top}"
    "h2{margin:1.4em 0 .3em;font-size:1.1em}svg text{font-size:12px;fill:#1d2733}.big{font-size:1.5em}"
)
NAMES: Final = {
    "cloud": Text(ko="클라우드", en="Cloud"),
    "onprem": Text(ko="사내", en="On-prem"),
    "hybrid": Text(ko="하이브리드", en="Hybrid"),
}


def page(found: dict[str, Any], lang: Language, made: str) -> str:
    """HTML of the result of `plan run`; `made` says when and of what."""
    title = Text(ko="클라우드, 사내, 하이브리드", en="Cloud, on-prem or hybrid").say(lang)
    best = NAMES[found["recommendation"]].say(lang)
    parts = [
        f"<h1>{title}</h1><p class=big>{Text(ko='권고', en='Recommended').say(lang)}: <b>{best}</b></p>",
        _list(f"{each['text']} [{each['cite']}]" for each in found["because"]),
        _head(
            Text(
                ko="한 달 비용, 백만 원 (선은 90 % 구간)", en="Won a month, millions (lines: 90 % interval)"
            ),
            lang,
        ),
        _bars(found, lang),
        _options(found, lang),
        _head(
            Text(
                ko="가정 하나가 클라우드와 나눔의 차이를 움직이는 폭, 월 백만 원",
                en="How far one assumption moves cloud minus split, millions of won a month",
            ),
            lang,
        ),
        _tornado(found["tornado"]),
        _head(Text(ko="원문이 말한 것과 찾은 것", en="Document says, we find"), lang),
        _table((), ((each.says.say(lang), each.found.say(lang), each.source) for each in claims())),
        _head(Text(ko="가정", en="Assumptions"), lang),
        _table(
            (),
            (
                (
                    name,
                    f"{each.value:g} ({each.low:g} – {each.high:g}) {each.unit}",
                    f"{each.source}, {each.on}",
                )
                for name, each in costs().items()
            ),
        ),
        f"<p>{escape(made)}</p>",
    ]
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style>{''.join(parts)}</html>\n"
    )


def _head(text: Text, lang: Language) -> str:
    return f"<h2>{escape(text.say(lang))}</h2>"


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>" if head else f"<table>{body}</table>"


def _bars(found: dict[str, Any], lang: Language) -> str:
    most = max(each["p95"] for each in found["intervals"].values()) or 1
    lines = []
    for row, (name, each) in enumerate(found["options"].items()):
        between, y = found["intervals"][name], 10 + 34 * row
        width, low, high = (
            WIDE * value / most for value in (each["krw_month"], between["p5"], between["p95"])
        )
        lines.append(
            f'<text x="0" y="{y + 16}">{NAMES[name].say(lang)}</text>'
            f'<rect x="110" y="{y}" width="{width:.1f}" height="22" fill="#7aa6d8"/>'
            f'<path d="M{110 + low:.1f} {y + 11}H{110 + high:.1f}" stroke="#16304d" stroke-width="2"/>'
            f'<text x="{120 + max(high, width):.1f}" y="{y + 16}">{each["krw_month"] / 1e6:,.1f}</text>'
        )
    return f'<svg width="700" height="120" role="img">{"".join(lines)}</svg>'


def _options(found: dict[str, Any], lang: Language) -> str:
    heads = [
        Text(ko="방법", en="Option"),
        Text(ko="초기 투자, 백만 원", en="Initial investment, M KRW"),
        Text(ko="월, 달러", en="Month, USD"),
        Text(ko="36개월 NPV, 백만 원", en="NPV over 36 months, M KRW"),
        Text(ko="서버", en="Servers"),
        Text(ko="클라우드로", en="To the cloud"),
    ]
    rows = (
        (
            NAMES[name].say(lang),
            f"{each['capex_krw'] / 1e6:,.0f}",
            f"{each['usd_month']:,}",
            f"{each['npv_krw'] / 1e6:,.0f}",
            str(each["nodes"]),
            f"{each['cloud_share']:.1%}",
        )
        for name, each in found["options"].items()
    )
    return _table((head.say(lang) for head in heads), rows)


def _tornado(rows: list[dict[str, Any]]) -> str:
    values = [row[end] for row in rows for end in ("low_krw", "high_krw")]
    least, most = min(values), max(values)
    scale = WIDE / ((most - least) or 1)
    lines = []
    for number, row in enumerate(rows):
        first, last = sorted((row["low_krw"], row["high_krw"]))
        y, x, width = 4 + 22 * number, 130 + (first - least) * scale, max((last - first) * scale, 1)
        lines.append(
            f'<text x="0" y="{y + 12}">{escape(row["assumption"])}</text>'
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="14" fill="#d8a37a"/>'
            f'<text x="{x + width + 6:.1f}" y="{y + 12}">{first / 1e6:,.1f} … {last / 1e6:,.1f}</text>'
        )
    return f'<svg width="760" height="{22 * len(rows) + 8}" role="img">{"".join(lines)}</svg>'
