"""What a model service does on its own is a destination of its own: closed, unless a policy line opens it."""

import asyncio
from datetime import date
from typing import Any

import orjson
import pytest

from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.stores.memory import MemoryLabels, MemoryLedger
from haechi.adapters.telemetry.nothing import NoMeter
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web import errors
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import SystemClock, SystemNames, detectors, no_prices
from haechi.catalogue.reasons import say
from haechi.domain.chat import LONGEST_URL
from haechi.domain.decision import Call
from haechi.domain.destination import Clearance, Destination, Service
from haechi.domain.errors import ConfigurationError, Forbidden, NotCleared
from haechi.domain.label import ORDINARY, UNREADABLE, Label, Level
from haechi.domain.releasable import Receipt, release
from haechi.gateway.admit.narrowing import NOTHING_ASKED, Asked
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.flow import Road
from haechi.gateway.journey import Journey

SCAN = detectors().scan
RRN = "900101-1234568"
PICTURE = "https://pictures.example/cat.png"
SEARCH: dict[str, Any] = {"web_search_options": {}}


def house(home: str = "", cloud: str = "", other: str = "") -> str:
    return f"""
destinations:
  home:  {{provider: fake, zone: onprem, models: [home-model], services: {{{home}}}}}
  cloud: {{provider: fake, models: [cloud-model], contract: openai-api-standard, services: {{{cloud}}}}}
  other: {{provider: fake, models: [other-model], contract: anthropic-commercial, services: {{{other}}}}}
"""


def body(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "auto", "messages": [{"role": "user", "content": list(parts) or "안녕"}], **more}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def picture(url: str = PICTURE) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def file(**fields: str) -> dict[str, Any]:
    return {"type": "file", "file": fields}


class Scene:
    """A road over fakes with one house's policy."""

    def __init__(self, config: str) -> None:
        compiled = policy(parse(config, "t", {}), None, date(2026, 11, 22))
        self.ledger, self.labels = MemoryLedger(), MemoryLabels()
        self.road = Road(
            policy=lambda: compiled,
            eyes=Eyes(SCAN),
            backends={name: FakeBackend(name, outside=name != "home") for name in compiled.destinations},
            ledger=self.ledger,
            clock=SystemClock(),
            names=SystemNames(),
            meter=NoMeter(),
            price=no_prices,
            status=errors.status,
            labels=self.labels,
        )

    def judge(self, request: dict[str, Any], asked: Asked = NOTHING_ASKED) -> Journey:
        decoded = decode(orjson.dumps(request))
        return self.road.judge(self.road.classify(decoded.body), decoded.body, decoded.chat, asked, "tester")

    def places(self, request: dict[str, Any], asked: Asked = NOTHING_ASKED) -> list[str]:
        return [call.destination for call in self.judge(request, asked).decision.calls]

    def answer(self, request: dict[str, Any]) -> str:
        return asyncio.run(self.road.answer(self.judge(request))).choices[0].message.text


@pytest.mark.parametrize(
    ("request_", "needs"),
    [
        (body(), set()),
        (body(text("안녕")), set()),
        (body(**SEARCH), {"web_search"}),
        (body(picture()), {"fetch"}),
        (body(picture(PICTURE.upper())), {"fetch"}),
        (body(picture("file:///etc/passwd")), {"fetch"}),
        (body(picture("gs://bucket/cat.png")), {"fetch"}),
        (body(picture(" https://pictures.example/cat.png")), {"fetch"}),
        (body(picture("http:/10.0.0.1/cat.png")), {"fetch"}),  # spellings that some reader understands
        (body(picture("http:\\\\10.0.0.1\\cat.png")), {"fetch"}),
        (body(picture("//10.0.0.1/cat.png")), {"fetch"}),
        (body(picture("\ufeffhttps://pictures.example/cat.png")), {"fetch"}),
        (body(picture("https://pictures.example/?" + "a" * LONGEST_URL)), {"fetch"}),
        (body(picture("data:image/png;base64,iVBO")), set()),
        (body(picture("DATA:image/png;base64,iVBO")), set()),
        (body(file(file_id="file-1")), {"storage"}),
        (body(file(file_data="https://files.example/a.pdf")), {"fetch"}),
        (body(file(file_data="JVBERi0xLjQ=")), set()),
        (body(file(file_data="data:application/pdf;base64,AA==", filename="a.pdf")), set()),
        (body(picture(), file(file_id="file-1"), **SEARCH), {"fetch", "storage", "web_search"}),
    ],
)
def test_what_a_request_needs_beside_an_answer(request_: dict[str, Any], needs: set[Service]) -> None:
    assert decode(orjson.dumps(request_)).chat.services == needs


@pytest.mark.parametrize("request_", [body(**SEARCH), body(picture()), body(file(file_id="file-1"))])
@pytest.mark.parametrize("asked", [NOTHING_ASKED, Asked(home_only=True)])
def test_without_a_policy_line_every_service_is_refused_everywhere_at_home_too(
    request_: dict[str, Any], asked: Asked
) -> None:
    scene = Scene(house())
    journey = scene.judge(request_, asked)
    assert journey.decision.refused
    assert journey.decision.rule == "service"
    with pytest.raises(Forbidden) as refused:
        asyncio.run(scene.road.answer(journey))
    assert "haechi.yaml" in refused.value.text.en
    assert [row for row in scene.ledger.rows if type(row).__name__ == "Attempt"] == []


@pytest.mark.parametrize(
    ("home", "cloud", "other", "request_", "goes"),
    [
        ("", "web_search: internal", "", body(**SEARCH), ["cloud"]),
        ("", "", "web_search: internal", body(**SEARCH), ["other"]),
        ("", "web_search: internal", "web_search: internal", body(**SEARCH), ["cloud", "other"]),
        ("", "web_search: public", "", body(**SEARCH), []),  # up to a level
        ("", "fetch: internal", "", body(**SEARCH), []),  # one does not stand for another
        ("", "fetch: internal", "", body(picture(), **SEARCH), []),  # all that are needed
        ("", "fetch: internal, web_search: confidential", "", body(picture(), **SEARCH), ["cloud"]),
        ("", "storage: internal", "", body(file(file_id="f")), ["cloud"]),
        ("fetch: restricted", "fetch: internal", "", body(picture()), ["cloud", "home"]),
        ("fetch: restricted", "fetch: internal", "", body(text(RRN), picture()), ["home"]),
        ("fetch: internal", "fetch: internal", "", body(text(RRN), picture()), []),
        ("", "fetch: confidential", "", body(text(RRN), picture()), []),  # clearance comes first
        ("", "fetch: confidential", "", body(picture(f"https://x.example/?rrn={RRN}")), []),  # a URL is text
        ("fetch: restricted", "fetch: internal", "", body(picture("data:image/png;base64,iVBO")), ["home"]),
    ],
)
def test_a_policy_line_opens_a_service_at_one_destination_up_to_a_level(
    home: str, cloud: str, other: str, request_: dict[str, Any], goes: list[str]
) -> None:
    assert Scene(house(home, cloud, other)).places(request_) == goes


@pytest.mark.parametrize(
    ("model", "cloud", "goes"),
    [
        ("cloud/gpt-4o-search-preview", "", []),
        ("cloud/gpt-4o-search-preview", "web_search: internal", ["cloud"]),
        ("cloud/gpt-4o-search-preview", "fetch: internal", []),
        ("cloud/GPT-4o-Search-Preview-2025-03-11", "", []),
        ("cloud/o4-mini-deep-research", "", []),
        ("cloud/perplexity/sonar-pro", "", []),
        ("cloud/some-model:online", "", []),
        ("cloud/gpt-4o", "", ["cloud"]),
        ("home/home-model", "", ["home"]),
    ],
)
def test_a_model_that_searches_by_itself_needs_the_line_too(model: str, cloud: str, goes: list[str]) -> None:
    assert Scene(wired(cloud)).places(body(model=model)) == goes


def test_what_must_stay_stays_whatever_the_model_does() -> None:
    assert Scene(wired("")).places(body(text(RRN), model="cloud/gpt-4o-search-preview")) == ["home"]


def wired(services: str) -> str:
    return f"""
destinations:
  home:  {{provider: fake, zone: onprem, models: [home-model]}}
  cloud: {{provider: openai, key: k, contract: openai-api-standard, services: {{{services}}}}}
"""


def test_a_home_that_may_fetch_serves_what_a_cloud_may_not() -> None:
    assert Scene(house(home="fetch: internal")).places(body(picture())) == ["home"]


def test_a_refusal_names_the_one_missing_line() -> None:
    decision = Scene(house()).judge(body(**SEARCH)).decision
    assert decision.missing is not None
    assert decision.missing.path == "destinations.cloud.services.web_search"
    said = " ".join(say(reason, "ko") for reason in decision.because)
    assert "웹 검색" in said
    assert "destinations.cloud.services.web_search" in said


@pytest.mark.parametrize("url", ["https://x.example/?" + "a" * LONGEST_URL, "http:/10.0.0.1/?a"])
def test_an_address_that_is_long_or_strange_is_content_and_still_asks_to_be_fetched(url: str) -> None:
    journey = Scene(house(cloud="fetch: internal")).judge(body(picture(url)))
    assert journey.decision.label.covers(UNREADABLE)
    assert journey.decision.refused
    assert Scene(house(home="fetch: restricted", cloud="fetch: internal")).places(body(picture(url))) == [
        "home"
    ]


def test_a_file_that_has_an_id_and_content_is_content_too() -> None:
    journey = Scene(house(cloud="storage: internal")).judge(
        body(file(file_id="f", file_data="data:;base64,AA"))
    )
    assert journey.decision.label.covers(UNREADABLE)
    assert journey.decision.refused


def test_what_home_fetched_nobody_has_seen_so_the_answer_is_restricted_from_then_on() -> None:
    scene = Scene(house(home="fetch: restricted"))
    said = scene.answer(body(text("이 그림을 길게 설명해 줘"), picture()))
    later = scene.judge(body(text(said)))
    assert later.decision.label.level is Level.RESTRICTED
    assert [call.destination for call in later.decision.calls] == ["home"]


def test_the_release_asks_again() -> None:
    place = Destination("cloud", "cloud", "openai", ("m",), services={"fetch": Level.INTERNAL})

    def let(needs: set[Service], label: Label = ORDINARY) -> bytes:
        cleared = Clearance(Level.CONFIDENTIAL)
        return release(b"{}", Call("cloud", "m"), place, cleared, label, Receipt("r"), "v", needs).body

    assert let({"fetch"}) == b"{}"
    for needs, label in (({"web_search"}, ORDINARY), ({"fetch"}, Label(Level.CONFIDENTIAL))):
        with pytest.raises(NotCleared):
            let(needs, label)  # type: ignore[arg-type]


def test_restricted_text_is_never_allowed_for_a_service_in_a_cloud() -> None:
    with pytest.raises(ConfigurationError, match="fetch"):
        Scene(house(cloud="fetch: restricted"))


@pytest.mark.parametrize(
    ("part", "opaque"),
    [
        (picture(), False),
        ({"type": "image", "source": {"type": "url", "url": PICTURE}}, False),
        ({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}}, True),
        ({"type": "image", "source": {"type": "url", "url": "data:image/png;base64,iVBO"}}, True),
        ({"type": "image_url", "image_url": {"url": "iVBO"}}, True),
        ({"type": "image_url", "image_url": {"url": 5}}, True),
        ({"type": "image_url", "image_url": PICTURE}, True),
        ({"type": "file", "file": {"file_id": 5}}, True),
        ({"type": "input_audio", "input_audio": {"data": PICTURE, "format": "wav"}}, True),
    ],
)
def test_what_only_says_where_something_lies_is_text(part: dict[str, Any], opaque: bool) -> None:
    assert classify({"a": [part]}, Eyes(SCAN)).label.covers(UNREADABLE) is opaque
