"""`haechi plan fit`: does a model fit into the memory of these cards."""

from typing import Annotated, Final

import typer

from haechi.app.cli.common import WRONG_USE, JsonOption, LangOption, told
from haechi.app.cli.output import give, show_table
from haechi.app.cli.plan_words import device_of, model_of, quantisation_of
from haechi.domain.text import Text
from haechi.planner.fleet.fit import fit as fitted

MOST_CARDS: Final = 4096
MOST_TOKENS: Final = 100_000_000


def fit(
    *,
    model: Annotated[str, typer.Option("--model", help="모델 · model.")],
    gpu: Annotated[str, typer.Option("--gpu", help="장치 · device.")],
    count: Annotated[
        int, typer.Option("--count", min=1, max=MOST_CARDS, help="몇 장 · number of devices.")
    ] = 1,
    quant: Annotated[str, typer.Option("--quant", help="가중치 형식 · format of the weights.")] = "bf16",
    context: Annotated[
        int, typer.Option("--context", min=1, max=MOST_TOKENS, help="요청마다 토큰 · tokens per sequence.")
    ] = 8192,
    batch: Annotated[
        int, typer.Option("--batch", min=1, max=1_000_000, help="동시 요청 · sequences at the same time.")
    ] = 1,
    kv: Annotated[str, typer.Option("--kv", help="캐시 형식 · format of the cache: bf16, fp8.")] = "bf16",
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """모델이 메모리에 들어가는지 봅니다. · Does a model fit into memory?

    [dim]haechi plan fit --model llama-3.1-70b --gpu rtx-4090 --count 2 --quant q4_k_m --context 8192[/dim]
    """
    with told(lang, as_json, WRONG_USE):
        shape, card, weights = model_of(model), device_of(gpu), quantisation_of(quant)
        found = fitted(shape, card, count, weights, context, batch, quantisation_of(kv).bytes)
    names = ("weights_gb", "kv_gb", "other_gb", "available_gb")
    figures = {name: getattr(found, name) for name in names}
    if as_json:
        give({"fits": found.fits, **figures, "why": found.why.say(lang)})
        return
    heads = [
        Text(ko="들어감", en="Fits"),
        Text(ko="가중치 GB", en="Weights GB"),
        Text(ko="캐시 GB", en="Cache GB"),
        Text(ko="나머지 GB", en="Other GB"),
        Text(ko="있는 것 GB", en="Available GB"),
    ]
    said = Text(ko="예", en="yes") if found.fits else Text(ko="아니요", en="no")
    row = [said.say(lang), *(f"{each:,.2f}" for each in figures.values())]
    show_table([head.say(lang) for head in heads], [row])
    typer.echo(found.why.say(lang))
