"""The unmodified anthropic SDK over a gate with two workers: Messages in, OpenAI and Anthropic services behind."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fresh import contract
from tests.journey.conftest import with_cloud
from tests.journey.site import ROOT, Cloud, Site


@pytest.fixture(scope="module")
def claude(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Site]:
    """A site with a destination of Anthropic's wire, too."""
    terms = contract("anthropic-commercial")
    more = f'  claude: {{provider: anthropic, base_url: "{cloud.url}", key: test-key, contract: {terms}}}\n'
    made = Site(tmp_path_factory.mktemp("claude") / "data", with_cloud(cloud) + more)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def told(claude: Site) -> dict[str, Any]:
    python = ROOT / ".venv" / "clients" / "bin" / "python"
    assert python.exists(), "run `make test`, which installs the SDKs"
    script = ROOT / "tests" / "journey" / "clients" / "anthropic_messages.py"
    command = [str(python), str(script), claude.url, claude.key]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def test_the_sensitive_request_is_answered_at_home(told: dict[str, Any]) -> None:
    headers = told["sensitive"]["headers"]
    assert headers["x-haechi-route"] == "onprem/home/smollm2-135m-instruct"
    assert headers["x-haechi-level"] == "restricted"
    assert headers["request-id"] == headers["x-haechi-record"] == told["sensitive"]["request_id"]


def test_the_ordinary_request_goes_to_the_cloud(told: dict[str, Any]) -> None:
    assert told["ordinary"]["headers"]["x-haechi-route"].startswith("cloud/gpt/")
    assert told["ordinary"]["text"]
    assert told["ordinary"]["usage"] > 0


@pytest.mark.parametrize("which", ["sensitive_streamed", "ordinary_streamed"])
def test_both_stream_in_order(told: dict[str, Any], which: str) -> None:
    said = told[which]
    assert said["text"]
    assert said["stop"] in ("end_turn", "max_tokens")
    assert said["events"][0] == "message_start"
    assert said["events"][-1] == "message_stop"
    assert said["usage"] > 0


def test_tools_and_signed_thoughts_go_on_over_turns(told: dict[str, Any]) -> None:
    said = told["tools"]
    assert (said["name"], said["stop"]) == ("weather", "tool_use")
    assert said["signatures"] == ["hm1."]
    assert "text" in said["second"] or "tool_use" in said["second"]
    assert said["streamed"][0] == "thinking"
    assert isinstance(said["streamed_input"], dict)


def test_counts_and_models(told: dict[str, Any]) -> None:
    assert 10 < told["count"] < 60
    assert told["models"][0] == told["one_model"] == "auto"
    assert "claude/opus" in told["models"]


@pytest.mark.parametrize(
    ("case", "kind", "status", "said"),
    [
        ("wrong_key", "AuthenticationError", 401, "authentication_error"),
        ("wrong_key_models", "AuthenticationError", 401, "authentication_error"),
        ("unknown_model", "NotFoundError", 404, "not_found_error"),
        ("server_tool", "BadRequestError", 400, "invalid_request_error"),
        ("no_messages", "BadRequestError", 400, "invalid_request_error"),
    ],
)
def test_errors_are_the_sdk_s_own(told: dict[str, Any], case: str, kind: str, status: int, said: str) -> None:
    error = told["errors"][case]
    assert (error["class"], error["status"], error["type"]) == (kind, status, said)
    assert error["request_id"]


def test_nothing_sensitive_reached_the_cloud(told: dict[str, Any], cloud: Cloud) -> None:
    received = json.dumps(cloud.received, ensure_ascii=False)
    assert "900101" not in received
    assert "홍길동" not in received
    assert "hm1." not in received
