"""The unmodified openai SDK, majors 2 and 3, over a gate with two workers, its door beside it or in it."""

import json
import subprocess
from typing import Any

import pytest

from tests.journey.site import ROOT, Cloud, Site


@pytest.fixture(
    scope="module",
    params=[(2, "site"), (3, "site"), (3, "split")],
    ids=["openai2", "openai3", "openai3-split"],
)
def told(request: pytest.FixtureRequest, cloud: Cloud) -> dict[str, Any]:
    major, where = request.param
    site: Site = request.getfixturevalue(where)
    python = ROOT / ".venv" / f"sdk{major}" / "bin" / "python"
    assert python.exists(), "run `make test`, which installs the SDKs"
    script = ROOT / "tests" / "journey" / "clients" / "openai_chat.py"
    ran = subprocess.run(
        [python, script, site.url, site.key], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    result: dict[str, Any] = json.loads(ran.stdout)
    assert result["version"].startswith(f"{major}.")
    return result


def test_the_sensitive_request_is_answered_at_home(told: dict[str, Any]) -> None:
    headers = told["sensitive"]["headers"]
    assert headers["x-haechi-route"] == "onprem/home/smollm2-135m-instruct"
    assert headers["x-haechi-level"] == "restricted"
    assert headers["x-haechi-kinds"] == "kr.rrn,person"
    assert headers["x-haechi-rule"] == "general.unique-id"
    assert headers["x-haechi-engine"] == "plumbing"
    assert headers["x-haechi-record"] == headers["x-request-id"] == told["sensitive"]["request_id"]
    assert told["sensitive"]["role"] == "assistant"


def test_the_ordinary_request_goes_to_the_cloud(told: dict[str, Any]) -> None:
    assert told["ordinary"]["headers"]["x-haechi-route"].startswith("cloud/gpt/")
    assert told["ordinary"]["headers"]["x-haechi-level"] == "internal"
    assert "x-haechi-missing" not in told["ordinary"]["headers"]
    assert told["ordinary"]["total"] > 0


@pytest.mark.parametrize("which", ["sensitive_streamed", "ordinary_streamed"])
def test_both_stream_with_usage_at_the_end(told: dict[str, Any], which: str) -> None:
    assert told[which]["text"]
    assert told[which]["last_has_no_choice"]
    assert told[which]["total"] > 0
    assert told[which]["finish"] in ("stop", "length")


def test_tools_are_called(told: dict[str, Any]) -> None:
    assert told["tools"]["name"] == "weather"
    assert told["tools"]["finish"] == "tool_calls"


def test_models_are_listed(told: dict[str, Any]) -> None:
    assert told["models"][0] == told["one_model"] == "auto"
    assert "gpt/flagship" in told["models"]
    assert "home/smollm2-135m-instruct" in told["models"]


@pytest.mark.parametrize(
    ("case", "kind", "status", "code", "param"),
    [
        ("wrong_key", "AuthenticationError", 401, "invalid_api_key", None),
        ("wrong_key_models", "AuthenticationError", 401, "invalid_api_key", None),
        ("unknown_model", "NotFoundError", 404, "model_not_found", "model"),
        ("unknown_route", "NotFoundError", 404, "unknown_url", None),
        ("wrong_type", "BadRequestError", 400, None, "temperature"),
        ("no_messages", "BadRequestError", 400, None, "messages"),
        ("widening", "BadRequestError", 400, None, "fallbacks"),
    ],
)
def test_errors_are_the_sdk_s_own(
    told: dict[str, Any], case: str, kind: str, status: int, code: str | None, param: str | None
) -> None:
    error = told["errors"][case]
    assert (error["class"], error["status"], error["code"], error["param"]) == (kind, status, code, param)
    assert error["shape"] == ["code", "message", "param", "type"]
    assert error["request_id"]


def test_nothing_sensitive_reached_the_cloud(told: dict[str, Any], cloud: Cloud) -> None:
    received = json.dumps(cloud.received, ensure_ascii=False)
    assert "날씨" in received
    assert "900101" not in received
    assert "홍길동" not in received
