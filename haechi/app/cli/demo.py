"""`haechi demo`: three requests on the real road, without keys, network or model.

The cloud and the engine are haechi's own fake backends; classifier, policy, clearance, release and ledger are
the ones that guard a site. What left is printed byte for byte, as the fake cloud received it.
"""

import asyncio
from typing import Any, Final

from msgspec import Struct, json
from rich.cells import set_cell_size

from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.stores.memory import MemoryLabels, MemoryLedger
from haechi.adapters.telemetry.nothing import NoMeter
from haechi.app.cli.common import JsonOption, LangOption, console
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web import errors
from haechi.app.web.dialects import openai
from haechi.app.wiring import SystemClock, SystemNames, eyes, no_prices, today
from haechi.catalogue.reasons import say as say_reason
from haechi.domain.decision import Decision
from haechi.domain.text import Language, Text
from haechi.gateway.admit.narrowing import NOTHING_ASKED
from haechi.gateway.flow import Road

CONFIGURATION: Final = """
profile: general
destinations:
  home:  {provider: fake, zone: onprem, models: [home-model]}
  cloud:
    provider: fake
    zone: cloud
    models: [cloud-model]
    contract:
      preset: openai-api-standard
      dpa_id: D-17
      transfer_basis: policy_notice
      attested_by: ciso@corp.example
      valid_until: 9999-12-31
"""

SCENES: Final = (
    (
        Text(ko="머무는 요청", en="A request that stays"),
        "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘",
    ),
    (
        Text(ko="나가는 요청", en="A request that goes"),
        "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다",
    ),
    (
        Text(ko="가명으로 나가는 요청", en="A request that goes without its values"),
        "고객 김민수(010-1234-5678)에게 보낼 예약 안내 문자를 써줘",
    ),
)


class Scene(Struct):
    """What happened to one request."""

    title: str
    prompt: str
    decision: Decision
    route: str
    left: list[bytes]
    answer: str
    record: str


def demo(*, as_json: JsonOption = False, lang: LangOption) -> None:
    """세 가지 요청으로 무엇이 나가고 무엇이 머무는지 보입니다. · Show what leaves and what stays, byte for byte.

    [dim]haechi demo[/dim]
    """
    scenes = asyncio.run(play(lang))
    if as_json:
        print(json.encode({"scenes": [_plain(scene, lang) for scene in scenes]}).decode())
        return
    for scene in scenes:
        _show(scene, lang)


async def play(lang: Language) -> list[Scene]:
    """Walk every scene on one road."""
    settings = parse(CONFIGURATION, "demo", {})
    compiled = policy(settings, None, today())
    cloud, home = FakeBackend("cloud", outside=True), FakeBackend("home")
    ledger = MemoryLedger()
    road = Road(
        policy=lambda: compiled,
        eyes=eyes(settings),
        backends={"cloud": cloud, "home": home},
        ledger=ledger,
        clock=SystemClock(),
        names=SystemNames(),
        meter=NoMeter(),
        price=no_prices,
        status=errors.status,
        labels=MemoryLabels(),
    )
    return [await _scene(road, cloud, title.say(lang), prompt) for title, prompt in SCENES]


async def _scene(road: Road, cloud: FakeBackend, title: str, prompt: str) -> Scene:
    before = len(cloud.received)
    body = json.encode({"model": "auto", "messages": [{"role": "user", "content": prompt}]})
    decoded = openai.decode(body)
    journey = road.judge(road.classify(decoded.body), decoded.body, decoded.chat, NOTHING_ASKED, "demo")
    answer = await road.answer(journey)
    left = list(cloud.received[before:])
    return Scene(
        title, prompt, journey.decision, journey.route, left, answer.choices[0].message.text, journey.record
    )


def _plain(scene: Scene, lang: Language) -> dict[str, Any]:
    label = scene.decision.label
    return {
        "title": scene.title,
        "prompt": scene.prompt,
        "level": label.level.word,
        "kinds": sorted(label.kinds),
        "route": scene.route,
        "rule": scene.decision.rule,
        "because": [say_reason(reason, lang) for reason in scene.decision.because],
        "left": [body.decode() for body in scene.left],
        "answer": scene.answer,
    }


def _show(scene: Scene, lang: Language) -> None:
    label = scene.decision.label
    console.rule(f"[bold]{scene.title}")
    kinds = ", ".join(sorted(label.kinds)) or "–"
    rows = [
        (Text(ko="요청", en="request"), scene.prompt),
        (Text(ko="등급", en="level"), f"{label.level.word}  ({kinds})"),
        (Text(ko="길", en="route"), scene.route),
        *((Text(ko="까닭", en="because"), say_reason(reason, lang)) for reason in scene.decision.because),
        (Text(ko="답", en="answer"), scene.answer),
    ]
    for name, value in rows:
        console.print(
            f"{set_cell_size(name.say(lang), 8)}  {value}", highlight=False, markup=False, soft_wrap=True
        )
    sent = b"".join(scene.left)
    head = Text(ko=f"밖으로 나간 바이트: {len(sent)}", en=f"bytes that left: {len(sent)}").say(lang)
    console.print(f"\n{head}", style="bold", highlight=False)
    if sent:
        console.print(sent.decode(), style="yellow", highlight=False, markup=False, soft_wrap=True)
    console.print()
