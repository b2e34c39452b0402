"""A first `haechi.yaml` from a customer's answers. Pure: answers in, text out; the text is read by the real loader.

What is not answered is left out, never guessed: `check` then names it as the missing fact.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, structs

from haechi.app.settings.model import VARIABLE, Profile, Section, Words
from haechi.app.settings.problems import Path, Problem, did_you_mean
from haechi.catalogue.contracts import presets
from haechi.domain.destination import TransferBasis
from haechi.domain.text import Language, Text

Variable = Annotated[str, Meta(pattern=VARIABLE)]
DataClass = Literal["credit", "emr", "genome", "nct", "phi", "health"]

NAMES: Final = {"openai": "gpt", "anthropic": "claude", "gemini": "gemini"}
ELSEWHERE: Final = frozenset({"azure-openai-standard"})
"""Presets of services that stand at an address of the customer's own, and not at the wire's."""

ASKED_CLASSES: Final[dict[str, tuple[DataClass, ...]]] = {
    "general": (),
    "finance-kr": ("credit",),
    "medical-kr": ("emr", "health", "genome", "phi"),
    "public-kr": (),
}
"""The data classes of which the law of a profile speaks."""


class CloudAnswer(Section, frozen=True):
    """One cloud: its preset, where the key is, and the customer's side of the contract."""

    preset: str
    base_url: Words | None = None
    key_env: Variable | None = None
    key_file: Words | None = None
    dpa_id: Words | None = None
    transfer_basis: TransferBasis | None = None
    attested_by: Words | None = None
    valid_until: date | None = None
    verified_on: date | None = None


class Answers(Section, frozen=True):
    """Everything that `haechi init` asks."""

    profile: Profile = "general"
    clouds: tuple[CloudAnswer, ...] = ()
    classes: tuple[DataClass, ...] = ()
    sandbox_id: Words | None = None
    sandbox_until: date | None = None
    nis_review: Words | None = None


def contradictions(answers: Answers) -> Iterator[Problem]:
    """What is wrong with the answers themselves, before any file is made of them."""
    yield from _variables_in((), answers)
    for number, cloud in enumerate(answers.clouds):
        yield from _variables_in(("clouds", number), cloud)
        if cloud.preset not in presets():
            what = Text(ko="모르는 계약 프리셋입니다.", en="This contract preset is not known.")
            yield Problem(("clouds", number, "preset"), what, did_you_mean(cloud.preset, presets()))
        elif cloud.preset in ELSEWHERE and cloud.base_url is None:
            yield Problem(
                ("clouds", number),
                Text(
                    ko="이 서비스는 회사마다 주소가 다릅니다.",
                    en="This service stands at an address of your own.",
                ),
                Text(ko="base_url 을 적으세요.", en="Give its base_url."),
            )


def _variables_in(path: Path, answers: Section) -> Iterator[Problem]:
    """Answers that would be read as a variable's name later, and so turn into a secret in plain sight."""
    for name, value in structs.asdict(answers).items():
        if isinstance(value, str) and "$" in value:
            yield Problem(
                (*path, name),
                Text(
                    ko="`$` 는 환경 변수의 표시라서 답에 쓸 수 없습니다.",
                    en="`$` marks a variable of the environment and cannot stand in an answer.",
                ),
                Text(
                    ko="`$` 없이 적으세요. 키는 --key-env 나 --key-file 로 알립니다.",
                    en="Write it without `$`. A key is told by --key-env or --key-file.",
                ),
            )


def text_of(answers: Answers, lang: Language) -> str:
    """The configuration, with comments in the reader's language."""
    lines = [
        _note(lang, "haechi init 이 만들었습니다. 고친 뒤에는 `haechi check` 로 검사합니다.",
              "Made by haechi init. After a change, `haechi check` looks at it."),
        "", f"profile: {answers.profile}", *_site(answers, lang), "",
        "destinations:",
        "  " + _note(lang, "사내 모델: 이 컴퓨터의 엔진", "the model at home: the engine of this machine"),
        "  home: {engine: auto}",
    ]  # fmt: skip
    for name, cloud in zip(names(answers.clouds), answers.clouds, strict=True):
        lines += ["", *("  " + line for line in _cloud(name, cloud, lang))]
    lines += [
        "", _note(lang, "호출자가 쓰는 모델 이름. auto 는 허용된 첫 클라우드로, 마지막으로 사내로 갑니다.",
                  "Names for callers. auto goes to the first cloud that is cleared, home last."),
        "models:", "  auto: {route: true}",
        "", _note(lang, "호출에는 키가 필요합니다: `haechi keys create NAME`",
                  "Callers need a key: `haechi keys create NAME`"),
        "keys: {auth: required}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def names(clouds: Sequence[CloudAnswer]) -> list[str]:
    """A destination's name for each cloud: `gpt`, `claude`; a second one of a provider is `gpt-2`."""
    found: list[str] = []
    for cloud in clouds:
        preset = presets()[cloud.preset]
        name = "azure" if cloud.preset in ELSEWHERE else NAMES[preset.provider]
        same = sum(each == name or each.startswith(f"{name}-") for each in found)
        found.append(f"{name}-{same + 1}" if same else name)
    return found


def variables(answers: Answers) -> list[str]:
    """The environment variables that the configuration reads."""
    return [cloud.key_env for cloud in answers.clouds if cloud.key_env is not None]


def _site(answers: Answers, lang: Language) -> Iterator[str]:
    given: list[str] = []
    if answers.classes:
        given.append(f"  classes: [{', '.join(answers.classes)}]")
    if answers.sandbox_id is not None:
        until = f", valid_until: {answers.sandbox_until}" if answers.sandbox_until else ""
        given.append(f"  sandbox: {{id: {_quoted(answers.sandbox_id)}{until}}}")
    if answers.nis_review is not None:
        given.append(f"  nis_review: {_quoted(answers.nis_review)}")
    if given:
        yield ""
        yield _note(lang, "법이 묻는 회사의 사실", "what the law asks of the site")
        yield "site:"
        yield from given


def _cloud(name: str, cloud: CloudAnswer, lang: Language) -> Iterator[str]:
    preset = presets()[cloud.preset]
    yield f"# {preset.name.say(lang)}"
    yield f"{name}:"
    yield f"  provider: {preset.provider}"
    if cloud.base_url is not None:
        yield f"  base_url: {_quoted(cloud.base_url)}"
    if cloud.key_file is not None:
        yield f"  key_file: {_quoted(cloud.key_file)}"
    elif cloud.key_env is not None:
        yield f"  key: ${{{cloud.key_env}}}  " + _note(lang, "환경 변수에서", "from the environment")
    yield "  contract:"
    yield f"    preset: {_quoted(cloud.preset)}  " + _note(lang, "제공사 쪽 사실", "the provider's side")
    for field in ("dpa_id", "transfer_basis", "attested_by", "valid_until"):
        value = getattr(cloud, field)
        note = MEANS[field].say(lang)
        yield (
            f"    {field}: {_written(value)}  # {note}" if value is not None else f"    # {field}:  # {note}"
        )
    if cloud.verified_on is not None:
        yield "    " + _note(lang, "제공사의 사실을 다시 확인한 날. 180일이 지나면 모르는 것으로 봅니다.",
                             "when the provider's facts were read again; after 180 days they are unknown")  # fmt: skip
        yield f"    facts: {{trains: false, verified_on: {cloud.verified_on}}}"


MEANS: Final = {
    "dpa_id": Text(ko="처리 위탁 계약 번호", en="number of the data processing agreement"),
    "transfer_basis": Text(
        ko="국외 이전의 근거: consent law policy_notice certification equivalence",
        en="legal basis of the transfer: consent law policy_notice certification equivalence",
    ),
    "attested_by": Text(ko="계약을 확인한 책임자", en="who attested the contract"),
    "valid_until": Text(
        ko="계약이 끝나거나 다시 확인할 날", en="when the contract ends or is to be checked again"
    ),
}


def _note(lang: Language, ko: str, en: str) -> str:
    return "# " + Text(ko=ko, en=en).say(lang)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else _quoted(str(value))


def _quoted(text: str) -> str:
    """Text as YAML takes it for text whatever it holds; a dollar sign would be read as a variable's."""
    return json.dumps(text, ensure_ascii=False)
