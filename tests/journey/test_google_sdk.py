"""The unmodified google-genai SDK over a gate with two workers: Gemini in, OpenAI and Gemini services behind."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fresh import contract
from tests.journey.conftest import with_cloud
from tests.journey.site import ROOT, Cloud, Site


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Site]:
    """A site with a destination of Gemini's wire, too."""
    terms = contract("google-cloud-gemini")
    more = f'  google: {{provider: gemini, base_url: "{cloud.url}", key: test-key, contract: {terms}}}\n'
    made = Site(tmp_path_factory.mktemp("google") / "data", with_cloud(cloud) + more)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def told(google: Site) -> dict[str, Any]:
    python = ROOT / ".venv" / "clients" / "bin" / "python"
    assert python.exists(), "run `make test`, which installs the SDKs"
    script = ROOT / "tests" / "journey" / "clients" / "google_genai.py"
    command = [str(python), str(script), google.url, google.key]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def test_each_goes_where_it_may(told: dict[str, Any]) -> None:
    assert told["sensitive"]["route"] == "onprem/home/smollm2-135m-instruct"
    assert told["sensitive"]["level"] == "restricted"
    assert told["ordinary"]["route"].startswith("cloud/gpt/")


@pytest.mark.parametrize("which", ["sensitive", "sensitive_streamed", "ordinary", "ordinary_streamed"])
def test_all_are_answered(told: dict[str, Any], which: str) -> None:
    assert told[which]["text"]
    assert told[which]["finish"] in ("STOP", "MAX_TOKENS")
    assert told[which]["total"] > 0


def test_tools_and_signed_thoughts_go_on_over_turns(told: dict[str, Any]) -> None:
    assert told["tools"]["name"] == "weather"
    assert told["tools"]["seals"] == ["hm1."]
    assert told["tools"]["second"] == "STOP"


def test_counts_and_models(told: dict[str, Any]) -> None:
    assert 10 < told["count"] < 60
    assert told["models"][0] == told["one_model"] == "models/auto"


@pytest.mark.parametrize(
    ("case", "code", "status"),
    [
        ("wrong_key", 401, "UNAUTHENTICATED"),
        ("unknown_model", 404, "NOT_FOUND"),
        ("too_hot", 400, "INVALID_ARGUMENT"),
    ],
)
def test_errors_are_the_sdk_s_own(told: dict[str, Any], case: str, code: int, status: str) -> None:
    error = told["errors"][case]
    assert (error["class"], error["code"], error["status"]) == ("ClientError", code, status)


def test_nothing_sensitive_reached_the_cloud(told: dict[str, Any], cloud: Cloud) -> None:
    received = json.dumps(cloud.received, ensure_ascii=False)
    assert "900101" not in received
    assert "홍길동" not in received
    assert "hm1." not in received
