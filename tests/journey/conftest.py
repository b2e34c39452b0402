"""One site with a recording cloud for all journeys that do not break anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fresh import contract
from tests.journey.site import Cloud, Site


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("cloud") / "received.jsonl")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site") / "data", with_cloud(cloud))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def split(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Site]:
    """The same with a door of its own."""
    made = Site(tmp_path_factory.mktemp("split") / "data", "deploy: split" + with_cloud(cloud))
    yield made
    made.stop()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Site]:
    """A site with nothing but its plumbing engine."""
    made = Site(tmp_path / "data")
    yield made
    made.stop()


def with_cloud(cloud: Cloud) -> str:
    """A configuration with one cloud destination under a no-training contract."""
    return f"""
destinations:
  home: {{engine: auto}}
  gpt:  {{provider: openai, base_url: "{cloud.url}/v1", key: test-key, contract: {contract("openai-api-standard")}}}
"""
