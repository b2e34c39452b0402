"""The road of one plan: a load → capacity of a node → money under many draws → a recommendation with its reasons."""

from typing import Any, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from haechi.catalogue.costs import costs
from haechi.catalogue.devices import exchange
from haechi.domain.text import Language, Text
from haechi.planner.assess import node_for
from haechi.planner.money.draws import (
    Load,
    Option,
    break_even_month,
    cheapest,
    drawn,
    least_nodes,
    most_nodes,
    option,
    tornado,
)
from haechi.planner.money.monthly import break_even_calls

DRAWS: Final = 10_000
ASSUMPTIONS: Final = Text(
    ko="costs.toml 의 가정과 날짜", en="the assumptions of costs.toml, with their dates"
)


class Demand(Struct, frozen=True):
    """Calls a second in windows of equal length, mean tokens, the share that must stay, dollars of a call in the cloud."""

    rates: NDArray[np.float64]
    input_tokens: float
    output_tokens: float
    sensitive: float
    call_usd: float
    cloud_model: str


def daily(mean: float, peak_over_mean: float) -> NDArray[np.float64]:
    """A day in windows of ten minutes whose peak is so many times its mean."""
    hours = np.cos(np.linspace(0, 2 * np.pi, 144, endpoint=False))
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        shape = np.exp(middle * (hours - 1))
        low, high = (middle, high) if shape.max() / shape.mean() < peak_over_mean else (low, middle)
    return np.asarray(mean * shape / shape.mean())


def plan(demand: Demand, lang: Language, draws: int = DRAWS) -> dict[str, Any]:
    """Cloud, home and hybrid in won and dollars, with intervals over `draws` worlds."""
    rate = exchange().krw_per_usd
    bounds = {name: (cost.low, cost.value, cost.high) for name, cost in costs().items()}
    node = node_for(demand.input_tokens, demand.output_tokens)
    share = costs()["usable_share"]
    low = node.calls_per_s * share.low / share.value
    load = Load(demand.rates, demand.sensitive, demand.call_usd * rate, node.calls_per_s, low, share.value)
    world = drawn(bounds, draws)
    cloud = option(replace(load, sensitive=0.0), 0, world)
    built, split = option(load, max(most_nodes(load), least_nodes(load)), world), cheapest(load, world)
    options = {"cloud": cloud, "onprem": built, "hybrid": split}
    allowed = {name: each for name, each in options.items() if name != "cloud" or demand.sensitive == 0}
    best = min(allowed, key=lambda name: float(allowed[name].month_krw.mean()))
    if best == "hybrid":  # a split that sends nothing, or everything, out has another name
        best = "onprem" if split.spill == 0 else "cloud" if split.nodes == 0 else "hybrid"
    calls = break_even_calls(node, load.call_krw, costs()["staff"].value, costs()["peak_over_mean"].value)
    capex = built.nodes * node.capex_krw
    owned = float(np.median(built.month_krw)) - capex / node.months
    month = break_even_month(
        float(load.rates.mean()) * 2_628_000 * load.call_krw, capex, owned, costs()["price_decline"].value
    )
    return {
        "options": {name: _told(each, rate, node.capex_krw) for name, each in options.items()},
        "break_even": {"calls_month": None if calls is None else round(calls), "month": month},
        "intervals": {name: _interval(each) for name, each in options.items()},
        "tornado": [
            {"assumption": name, "low_krw": round(one), "high_krw": round(other)}
            for name, one, other in tornado(load, split.nodes, bounds)
        ],
        "recommendation": best,
        "because": _because(demand, options, world, load, lang),
    }


def _told(found: Option, rate: float, capex: float) -> dict[str, Any]:
    month, npv = float(found.month_krw.mean()), float(found.npv_krw.mean())
    return {
        "krw_month": round(month),
        "usd_month": round(month / rate),
        "npv_krw": round(npv),
        "npv_usd": round(npv / rate),
        "capex_krw": round(found.nodes * capex),
        "nodes": found.nodes,
        "cloud_share": round(found.spill, 4),
    }


def _interval(found: Option) -> dict[str, int]:
    return {f"p{p}": round(float(np.percentile(found.month_krw, p))) for p in (5, 50, 95)}


def _because(
    demand: Demand, options: dict[str, Option], world: Any, load: Load, lang: Language
) -> list[dict[str, str]]:
    does = f"{load.node_calls_per_s:,.1f}"
    surer = float(np.mean(options["hybrid"].month_krw <= options["cloud"].month_krw))
    said = [
        (
            Text(
                ko=f"{len(world['staff']):,}번의 추첨 가운데 {surer:.0%}에서 하이브리드가 클라우드보다 비싸지 않습니다.",
                en=f"In {surer:.0%} of {len(world['staff']):,} draws hybrid costs no more than the cloud alone.",
            ),
            ASSUMPTIONS,
        ),
        (
            Text(
                ko=f"호출 한 건은 {demand.cloud_model} 로 {load.call_krw:,.2f}원, 서버 한 대는 초당 {does}건입니다.",
                en=f"A call costs {load.call_krw:,.2f} won by {demand.cloud_model}; a server does {does} a second.",
            ),
            Text(ko="genai-prices, speeds.toml, costs.toml", en="genai-prices, speeds.toml, costs.toml"),
        ),
        (
            Text(
                ko="70B 의 품질이 클라우드 모델과 같다고 보지 않았습니다. 큰 투자 전에 재고, 전문가와 상담하세요.",
                en="That a 70B is as good as the cloud model is not assumed: measure, and ask an expert before large spending.",
            ),
            Text(ko="원문 A06 (2026-01-06)", en="source document A06 (2026-01-06)"),
        ),
    ]
    if demand.sensitive > 0:
        text = Text(
            ko=f"민감한 {demand.sensitive:.0%}는 나가지 않으므로 클라우드만으로는 안 됩니다.",
            en=f"The sensitive {demand.sensitive:.0%} never leaves, so the cloud alone is no choice.",
        )
        said.insert(0, (text, Text(ko="해치의 약속 1", en="haechi's promise 1")))
    return [{"text": text.say(lang), "cite": cite.say(lang)} for text, cite in said]
