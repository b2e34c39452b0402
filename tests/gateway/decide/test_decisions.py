from datetime import date

import pytest

from haechi.app.settings.compile import policy
from haechi.app.settings.model import DestinationSettings, Settings
from haechi.domain.errors import UnknownModel
from haechi.domain.label import ORDINARY, Label, Level
from haechi.gateway.decide import decisions
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.decisions import Decisions
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.targets import targets

RRN = Label(Level.RESTRICTED, frozenset({"kr.rrn"}))


@pytest.fixture
def house() -> Policy:
    url = "http://127.0.0.1:9/v1"
    home = DestinationSettings(provider="openai", zone="onprem", base_url=url, models=("m",))
    gpt = DestinationSettings(provider="openai", base_url=url, key="k", contract="openai-api-standard")
    return policy(Settings(destinations={"home": home, "gpt": gpt}), None, date(2026, 1, 1))


@pytest.mark.parametrize("model", ["auto", "m", "gpt/any-model", "gpt/" + "x" * 100])
def test_what_is_remembered_is_what_would_be_decided(house: Policy, model: str) -> None:
    remembered = Decisions(house)
    for _ in range(2):
        for label in (ORDINARY, RRN):
            for home_only in (False, True):
                fresh = decide(label, targets(model, house), Narrowing(home_only), house)
                assert remembered.of(model, label, Narrowing(home_only)) == fresh


def test_an_unknown_model_stays_unknown(house: Policy) -> None:
    remembered = Decisions(house)
    for _ in range(2):
        with pytest.raises(UnknownModel):
            remembered.of("nobody-has-this", ORDINARY)


def test_callers_cannot_make_memory_grow(house: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "MOST", 3)
    remembered = Decisions(house)
    for number in range(20):
        remembered.of(f"gpt/{number}", ORDINARY)
        remembered.of(f"gpt/{number}" + "x" * 100, ORDINARY)
        assert len(remembered._made) <= 3
