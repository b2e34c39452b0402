"""`haechi assess`: cloud, on-prem or hybrid, work by work, with law, the source's lines and the customer's own figures."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from haechi.app.cli.common import WRONG_USE, JsonOption, LangOption, told
from haechi.app.cli.output import give, show_table
from haechi.app.settings import draft
from haechi.app.wiring import today
from haechi.catalogue.contracts import presets
from haechi.catalogue.prices import PICO_PER_TOKEN, price
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text
from haechi.planner.assess import assess as assessed
from haechi.planner.recommend.answers import ASKED, Answers, questions

PROFILES = {"finance": "finance-kr", "medical": "medical-kr", "public": "public-kr", "defence": "public-kr"}
PROVIDERS = ("anthropic", "openai", "gemini")


def assess(
    *,
    ask: Annotated[
        bool, typer.Option("--questions", help="질문과 선택지를 봅니다 · print the questions.")
    ] = False,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="답, YAML · the answers, YAML (id: answer).")
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="쓸 haechi.yaml · the haechi.yaml to write.")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """클라우드, 사내, 하이브리드를 일마다 근거와 함께 정합니다. · Cloud, on-prem or hybrid, work by work, with reasons.

    [dim]haechi assess --questions[/dim]

    [dim]haechi assess --answers answers.yaml --write haechi.yaml[/dim]
    """
    if ask:
        _questions(as_json, lang)
        return
    with told(lang, as_json, WRONG_USE):
        given = _answers(answers)
        found = assessed(given, dollars, today(), lang)
        if write is not None:
            _write(write, given, lang)
    if as_json:
        give(found)
    else:
        _show(found, lang)


def dollars(model: str, input_tokens: float, output_tokens: float) -> float | None:
    """US dollars of one call by the list of prices; `None` where it does not know the model."""
    for provider in PROVIDERS:
        if (known := price(provider, model)) is not None:
            rates = known.rates(int(input_tokens))
            return (rates.input * input_tokens + rates.output * output_tokens) / PICO_PER_TOKEN / 1e6
    return None


def _questions(as_json: bool, lang: Language) -> None:
    asked = questions()
    if as_json:
        give({"questions": asked})
        return
    heads = ["id", Text(ko="질문", en="Question").say(lang), Text(ko="답", en="Answer").say(lang)]
    show_table(
        heads, [[each["id"], each[lang], ", ".join(each["choices"]) or each["type"]] for each in asked]
    )


def _answers(path: Path | None) -> Answers:
    if path is None:
        raise ConfigurationError(
            Text(
                ko="`haechi assess --questions` 로 질문을 보고, 답을 YAML(id: 답)로 적어 --answers 로 주세요.",
                en="see `haechi assess --questions`, write the answers as YAML (id: answer) and give them by --answers.",
            )
        )
    try:
        raw = msgspec.yaml.decode(path.read_bytes(), type=dict[str, Any])
        for name in raw:
            if name not in ASKED:
                near = get_close_matches(name, ASKED, 1, 0.3) or ["sector"]
                raise ConfigurationError(
                    Text(
                        ko=f"모르는 질문: {name[:60]}. 가까운 것: {near[0]}",
                        en=f"unknown question {name[:60]}. Nearest: {near[0]}",
                    ),
                    str(path),
                )
        found = msgspec.convert(raw, Answers)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(Text(ko="읽을 수 없습니다.", en="cannot be read."), str(path)) from error
    except (msgspec.DecodeError, ValueError) as error:
        said = str(error).splitlines()[0][:200]
        raise ConfigurationError(
            Text(ko=f"고쳐 주세요: {said}", en=f"mend this: {said}"), str(path)
        ) from error
    _agree(found, str(path))
    return found


def _agree(given: Answers, where: str) -> None:
    """Answers that contradict each other, and contracts that nobody knows."""
    month, day = given.calls_per_month, given.calls_per_day
    if month is not None and day is not None and not 0.8 * month <= day * 30.4 <= 1.25 * month:
        raise ConfigurationError(
            Text(
                ko="calls_per_month 와 calls_per_day 가 맞지 않습니다. 하나만 적으세요.",
                en="calls_per_month and calls_per_day contradict each other: give one of them.",
            ),
            where,
        )
    if unknown := [each for each in given.contracts if each not in presets()]:
        listed = ", ".join(presets())
        raise ConfigurationError(
            Text(
                ko=f"모르는 계약: {unknown[0][:60]}. 아는 것: {listed}",
                en=f"unknown contract {unknown[0][:60]}. Known: {listed}",
            ),
            where,
        )


def _write(path: Path, given: Answers, lang: Language) -> None:
    """A first haechi.yaml; what a contract needs and was not asked here is left open, so it clears nothing yet."""
    clouds = tuple(draft.CloudAnswer(each) for each in given.contracts if each not in draft.ELSEWHERE)
    profile: Any = PROFILES.get(given.sector or "", "general")
    finance = profile == "finance-kr"
    drawn = draft.Answers(
        profile=profile,
        clouds=clouds,
        sandbox_id=given.sandbox_id if finance else None,
        sandbox_until=given.sandbox_until if finance else None,
        nis_review=given.nis_review if profile == "public-kr" else None,
    )
    try:
        with path.open("x", encoding="utf-8") as sink:
            sink.write(draft.text_of(drawn, lang))
    except OSError as error:
        raise ConfigurationError(
            Text(
                ko="쓸 수 없거나 이미 있습니다. 다른 이름을 주세요.",
                en="cannot be written, or is there already: give another name.",
            ),
            str(path),
        ) from error


def _show(found: dict[str, Any], lang: Language) -> None:
    typer.echo(Text(ko=f"판정: {found['verdict']}", en=f"Verdict: {found['verdict']}").say(lang))
    heads = [
        Text(ko="일", en="Work"),
        Text(ko="어디", en="Where"),
        Text(ko="까닭", en="Why"),
        Text(ko="먼저 있어야 할 것", en="First needed"),
    ]
    rows = [
        [each["workload"], each["verdict"], _lines(each["because"]), ", ".join(each["missing"])]
        for each in found["workloads"]
    ]
    show_table([head.say(lang) for head in heads], rows)
    typer.echo(_lines(found["because"]))
    for name in ("document_says", "figures_say"):
        typer.echo(f"{name}: {msgspec.json.encode(found[name]).decode()}")


def _lines(reasons: list[dict[str, str]]) -> str:
    return "\n".join(f"{each['text']} [{each['cite']}]" for each in reasons)
