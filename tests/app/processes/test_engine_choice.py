"""Without a hub, as in an air gap, only models that are here are used; one that was named is not replaced."""

from pathlib import Path

import pytest

from haechi.adapters.engine import choose, recognise
from haechi.app.processes import engine
from haechi.app.processes.engine import choose_engine
from haechi.catalogue.local_models import local_models
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text


@pytest.fixture(autouse=True)
def _a_large_empty_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "PORTS", ())
    monkeypatch.setattr(engine, "free_memory", lambda: 10**12)

    async def nothing() -> tuple[()]:
        return ()

    monkeypatch.setattr(recognise, "probe", nothing)


@pytest.mark.parametrize("wish", [choose.AUTO, choose.SMALL])
def test_nothing_is_fetched_and_the_start_goes_on(wish: str, tmp_path: Path) -> None:
    said: list[Text] = []
    chosen = choose_engine(wish, tmp_path, None, said.append)
    assert engine.NOTHING_FETCHED in said
    assert chosen is None or chosen.plumbing
    assert not (tmp_path / "models" / "hub-silent").exists()  # a later start with a network asks at once


def test_a_model_that_was_named_and_is_not_here_is_a_mistake(tmp_path: Path) -> None:
    name = next(model.name for model in local_models() if not model.plumbing)
    with pytest.raises(ConfigurationError, match=f"haechi model pull {name}"):
        choose_engine(name, tmp_path, None, lambda _: None)
