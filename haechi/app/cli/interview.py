"""The questions of `haechi init`, one line each, at any terminal; every answer shows at once what it opens."""

import contextlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, TypeVar, get_args

import typer
from msgspec import structs

from haechi.app.cli.common import say
from haechi.app.cli.configuration import PRETEND
from haechi.app.settings.compile import policy
from haechi.app.settings.draft import (
    ASKED_CLASSES,
    ELSEWHERE,
    MEANS,
    Answers,
    CloudAnswer,
    text_of,
    variables,
)
from haechi.app.settings.load import sheet
from haechi.app.settings.model import WORDS, Profile
from haechi.app.settings.reachable import clearances
from haechi.app.wiring import today
from haechi.catalogue.contracts import presets
from haechi.domain.destination import TransferBasis
from haechi.domain.text import Language, Text
from haechi.gateway.decide.ageing import freshness

T = TypeVar("T")
A_YEAR: Final = timedelta(days=365)
VARIABLES: Final = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "gemini": "GEMINI_API_KEY"}
"""What providers' own documentation calls the variable."""


class Interview:
    """The questions in order. After each the reader sees what the answers so far let out."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang
        self._last: list[str] = []
        self._so_far = Answers()

    def answers(self) -> Answers:
        """Ask everything."""
        say(_WELCOME, self._lang)
        self._so_far = Answers(profile=self._choice(_PROFILE, get_args(Profile), "general"))
        self._site()
        for preset in self._presets():
            self._cloud(preset)
        return self._so_far

    def _site(self) -> None:
        profile, wanted = self._so_far.profile, ASKED_CLASSES[self._so_far.profile]
        if wanted:
            self._keep(classes=self._several(_CLASSES, wanted))
        if profile == "finance-kr" and (sandbox := self._line(_SANDBOX)):
            self._keep(
                sandbox_id=sandbox,
                sandbox_until=self._day(_SANDBOX_UNTIL, today() + A_YEAR, earliest=today()),
            )
        if profile == "public-kr":
            self._keep(nis_review=self._line(_NIS) or None)

    def _cloud(self, preset: str) -> None:
        """One cloud; what is known of it so far is shown after every answer."""
        known = presets()[preset]
        say(Text(ko=f"\n{known.name.ko}", en=f"\n{known.name.en}"), self._lang)
        before = self._so_far.clouds
        cloud = CloudAnswer(preset, key_env=self._variable(VARIABLES[known.provider]))
        if preset in ELSEWHERE:
            cloud = structs.replace(cloud, base_url=self._address())

        def keep(**more: Any) -> None:
            nonlocal cloud
            cloud = structs.replace(cloud, **more)
            self._keep(clouds=(*before, cloud))
            self._show()

        keep(valid_until=self._day(MEANS["valid_until"], today() + A_YEAR, earliest=today()))
        keep(attested_by=self._line(MEANS["attested_by"]) or None)
        keep(dpa_id=self._line(MEANS["dpa_id"]) or None)
        keep(transfer_basis=self._choice(_BASIS, ("-", *get_args(TransferBasis)), "-", {"-": None}))
        if cloud.attested_by is not None and freshness(known.facts, today()) != "fresh":
            say(_stale(known.facts.verified_on), self._lang)
            if (read := self._day(_READ, None, latest=today())) is not None:
                keep(verified_on=read)

    def _keep(self, **more: Any) -> None:
        self._so_far = structs.replace(self._so_far, **more)

    def _show(self) -> None:
        """What may go now and the one fact that is missing, where an answer has changed it."""
        found = may_go(self._so_far, text_of(self._so_far, self._lang), self._lang)
        lines = [
            _opened(row, self._lang) for row in found if row["zone"] == "cloud" and row["level"] in _TOLD
        ]
        for line in lines:
            if line not in self._last:
                say(Text(ko=line, en=line), self._lang)
        self._last = lines

    def _presets(self) -> tuple[str, ...]:
        for number, (name, preset) in enumerate(presets().items(), start=1):
            line = f"  {number}  {name:28} {preset.name.say(self._lang)}"
            say(Text(ko=line, en=line), self._lang)
        return self._several(_CLOUDS, tuple(presets()), listing=False)

    def _line(self, question: Text) -> str:
        """A line of text, or nothing. What looks like a variable would be read as one later."""

        def ask() -> str | None:
            said = typer.prompt(question.say(self._lang), default="", show_default=False, err=True).strip()
            return said if not said or (re.search(WORDS, said) and "$" not in said) else None

        return self._until_right(
            ask, Text(ko="보이는 글자로, $ 없이 적으세요.", en="Write signs that can be seen, without $.")
        )

    def _until_right(self, ask: Callable[[], T | None], mend: Text) -> T:
        while (answer := ask()) is None:
            say(mend, self._lang)
        return answer

    def _choice(
        self, question: Text, known: tuple[Any, ...], default: str, means: dict[str, None] | None = None
    ) -> Any:
        listed = " | ".join(known)

        def ask() -> str | None:
            said = typer.prompt(f"{question.say(self._lang)} [{listed}]", default=default, err=True).strip()
            return said if said in known else None

        chosen = self._until_right(
            ask, Text(ko=f"이 가운데 하나입니다: {listed}", en=f"One of these: {listed}")
        )
        return (means or {}).get(chosen, chosen)

    def _several(self, question: Text, known: tuple[Any, ...], *, listing: bool = True) -> tuple[Any, ...]:
        """Names or numbers, with commas or blanks between them; nothing is a fine answer."""
        numbered = {str(number): name for number, name in enumerate(known, start=1)} | {
            name: name for name in known
        }
        listed = " ".join(f"{number}={name}" for number, name in enumerate(known, start=1))
        shown = f" ({listed})" if listing else ""

        def ask() -> tuple[str, ...] | None:
            asked = Text(ko=question.ko + shown, en=question.en + shown)
            words = self._line(asked).replace(",", " ").split()
            return (
                tuple(dict.fromkeys(numbered[word] for word in words))
                if set(words) <= set(numbered)
                else None
            )

        return self._until_right(
            ask, Text(ko=f"번호나 이름입니다: {listed}", en=f"Numbers or names: {listed}")
        )

    def _day(
        self,
        question: Text,
        default: date | None,
        earliest: date = date.min,
        latest: date = date.max,
    ) -> Any:
        shown = default.isoformat() if default else ""

        def ask() -> date | str | None:
            said = typer.prompt(
                question.say(self._lang), default=shown, show_default=bool(shown), err=True
            ).strip()
            with contextlib.suppress(ValueError):
                day = date.fromisoformat(said) if said else None
                return "-" if day is None else day if earliest <= day <= latest else None
            return None

        mend = Text(ko=f"{today()} 처럼 적으세요.", en=f"Write it like {today()}.")
        if earliest > date.min:
            mend = Text(
                ko=f"{today()} 처럼, 오늘이나 그 뒤의 날짜를 적으세요.",
                en=f"Write it like {today()}, today or later.",
            )
        found = self._until_right(ask, mend)
        return None if found == "-" else found

    def _variable(self, default: str) -> str:
        def ask() -> str | None:
            said = typer.prompt(_KEY.say(self._lang), default=default, err=True).strip()
            return said if said.isidentifier() and said.isascii() else None

        return self._until_right(ask, _KEY_MEND)

    def _address(self) -> str:
        def ask() -> str | None:
            said = self._line(_ADDRESS)
            return said if said.startswith("https://") and " " not in said else None

        return self._until_right(
            ask,
            Text(
                ko="이 서비스에는 주소가 꼭 필요합니다. https:// 로 시작합니다.",
                en="This service needs its address. It begins with https://.",
            ),
        )


_TOLD: Final = ("internal", "confidential")
_WELCOME: Final = Text(
    ko="회사만 아는 사실을 묻습니다. 모르면 그냥 Enter: 빠진 사실로 남고, 그만큼 사내에 머뭅니다.",
    en="These are facts that only the company knows. Press Enter where you do not know: it stays open, and at home.",
)
_PROFILE: Final = Text(ko="업종 프로필", en="Profile")
_CLASSES: Final = Text(ko="다루는 데이터의 종류", en="Classes of data held")
_SANDBOX: Final = Text(ko="혁신금융서비스 지정 번호", en="Number of the sandbox designation")
_SANDBOX_UNTIL: Final = Text(ko="지정이 끝나는 날", en="The day on which it ends")
_NIS: Final = Text(ko="국가정보원 보안성 검토 번호", en="Number of the NIS security review")
_CLOUDS: Final = Text(
    ko="쓸 클라우드의 번호, 쉼표로 여럿 (없으면 Enter)",
    en="Numbers of the clouds to use, with commas (Enter for none)",
)
_BASIS: Final = Text(ko="국외 이전의 근거", en="Legal basis of the transfer")
_KEY: Final = Text(
    ko="제공사 키가 든 환경 변수의 이름", en="Name of the variable that holds the provider's key"
)
_KEY_MEND: Final = Text(
    ko="키가 아니라 변수의 이름입니다. 영문자, 숫자, _ 만 씁니다.",
    en="The name of the variable, not the key: letters, digits and _ only.",
)
_ADDRESS: Final = Text(ko="서비스의 주소 (base_url)", en="The service's address (base_url)")
_READ: Final = Text(
    ko="학습에 쓰지 않는다는 조항을 직접 다시 읽은 날 (없으면 Enter)",
    en="The day on which you read yourself that it does not train on your data (Enter if not)",
)


def _stale(read: date) -> Text:
    return Text(
        ko=f"프리셋의 사실은 {read} 에 확인한 것이라 오래되었습니다. 180일이 지나면 모르는 것으로 봅니다.",
        en=f"The preset's facts were read on {read}, which is long ago. After 180 days they count as unknown.",
    )


def may_go(answers: Answers, text: str, lang: Language) -> list[dict[str, Any]]:
    """What the configuration `text` would let out, without the keys that it reads."""
    settings = sheet(text, "haechi.yaml", dict.fromkeys(variables(answers), "set-later")).settings
    return clearances(policy(settings, PRETEND, today()), lang)


def _opened(row: dict[str, Any], lang: Language) -> str:
    """`  → gpt: confidential stays. Missing: the number of the data processing agreement`."""
    place = f"  → {row['destination']}: {row['level']}"
    if row["goes"]:
        return f"{place} {Text(ko='나감', en='goes out').say(lang)}"
    if not row["missing"]:
        return f"{place} {Text(ko='남음', en='stays').say(lang)}. {row['why']}"
    return f"{place} {Text(ko='남음. 빠진 사실', en='stays. Missing').say(lang)}: {row['missing_what']}"
