"""The road of one assessment: answers → figures → each workload's place → one verdict, with what the source says beside it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from haechi.catalogue.architectures import architecture
from haechi.catalogue.costs import costs
from haechi.catalogue.devices import device, exchange, quantisation
from haechi.domain.text import Language, Text
from haechi.planner.fleet.engine import replica_of
from haechi.planner.fleet.roofline import Point
from haechi.planner.money.monthly import SECONDS, Node, break_even_calls, home
from haechi.planner.recommend.answers import Answers
from haechi.planner.recommend.document import DOCUMENT, says
from haechi.planner.recommend.verdict import DELAY, STALE, UNSURE, Figures, Placed, Reason, overall, place

Dollars = Callable[[str, float, float], float | None]
"""Model, input and output tokens to US dollars a call; `None` where the model has no price."""
LOCAL_MODEL = "llama-3.1-70b"


def node_for(input_tokens: float, output_tokens: float) -> Node:
    """A server of 8 H100 that runs two copies of a 70B at 8 bits, from the table of costs."""
    known = {name: cost.value for name, cost in costs().items()}
    shape, card, quant = architecture(LOCAL_MODEL), device("h100-sxm"), quantisation("fp8")
    if shape is None or card is None or quant is None:  # the catalogue's own tests hold that it is there
        raise LookupError(LOCAL_MODEL)
    rate = 0.0
    if (copy := replica_of(Point(shape, card, quant, 4, input_tokens, output_tokens, 1.0, 1.0))) is not None:
        seconds = input_tokens / copy.prompt_tokens_per_s + output_tokens * copy.step_s[-1] / copy.slots
        rate = 2 * known["usable_share"] / seconds
    return Node(
        known["node_capex"],
        known["amortisation"],
        known["maintenance"],
        known["node_power"],
        known["electricity"],
        known["pue"],
        rate,
    )


def figures_of(answers: Answers, dollars: Dollars) -> Figures | None:
    """Won a month in the cloud and at home; `None` without calls, a price, or a speed."""
    call = dollars(answers.cloud_model, answers.input_tokens, answers.output_tokens)
    node = node_for(answers.input_tokens, answers.output_tokens)
    if call is None or not answers.month or node.calls_per_s <= 0:
        return None
    won = call * exchange().krw_per_usd
    peak, staff = costs()["peak_over_mean"].value, costs()["staff"].value
    built = home(node, answers.month / SECONDS * peak, staff)
    even = break_even_calls(node, won, staff, peak)
    return Figures(answers.month * won, built.month_krw, even, built.nodes * node.capex_krw)


def assess(answers: Answers, dollars: Dollars, today: date, lang: Language) -> dict[str, Any]:
    """The verdict as one JSON object."""
    figures = figures_of(answers, dollars)
    placed = place(answers, figures, today)
    verdict = overall(placed)
    general = [Reason(UNSURE, DOCUMENT), Reason(STALE if verdict != "cloud" else DELAY, DOCUMENT)]
    if not placed:
        text = Text(
            ko="할 일을 하나도 적지 않았습니다: workloads 를 적으세요.",
            en="No work was named: give workloads.",
        )
        general.insert(
            0, Reason(text, Text(ko="해치의 원칙: 모르면 사내", en="haechi's principle: unknown stays home"))
        )
    needed = figures.capex_krw if figures else costs()["node_capex"].value
    return {
        "verdict": verdict,
        "workloads": [_told(each, lang) for each in placed],
        "because": [_reason(each, lang) for each in _unique(placed, general)],
        "document_says": says(answers, needed, lang),
        "figures_say": _figures(figures, answers, lang),
    }


def _unique(placed: tuple[Placed, ...], general: list[Reason]) -> list[Reason]:
    return list(dict.fromkeys([*(reason for each in placed for reason in each.because), *general]))


def _told(placed: Placed, lang: Language) -> dict[str, Any]:
    return {
        "workload": placed.workload,
        "verdict": placed.verdict,
        "because": [_reason(each, lang) for each in placed.because],
        "missing": [each.say(lang) for each in placed.missing],
    }


def _reason(reason: Reason, lang: Language) -> dict[str, str]:
    return {"text": reason.text.say(lang), "cite": reason.cite.say(lang)}


def _figures(figures: Figures | None, answers: Answers, lang: Language) -> dict[str, Any]:
    if figures is None:
        said = Text(
            ko="호출 수나 가격이 없어 말할 수 없습니다.",
            en="Nothing: calls or the price of the model are missing.",
        )
        return {"verdict": "unknown", "why": said.say(lang)}
    rate = exchange()
    cheaper = "onprem" if figures.onprem_krw < figures.cloud_krw else "cloud"
    return {
        "verdict": cheaper,
        "calls_per_month": answers.month,
        "cloud_krw_month": round(figures.cloud_krw),
        "onprem_krw_month": round(figures.onprem_krw),
        "onprem_capex_krw": round(figures.capex_krw),
        "break_even_calls_month": None
        if figures.break_even_calls is None
        else round(figures.break_even_calls),
        "krw_per_usd": rate.krw_per_usd,
        "krw_per_usd_on": rate.on.isoformat(),
        "quality": Text(
            ko="70B 와 클라우드 모델의 품질이 같다고 보지 않았습니다. 재어 보세요.",
            en="That a 70B is as good as the cloud model is not assumed: measure it.",
        ).say(lang),
    }
