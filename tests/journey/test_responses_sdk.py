"""Responses through the unmodified openai SDK: events, stored conversations of one key, tools; two workers."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.journey.site import ROOT, Cloud, Site

GONE = {"class": "NotFoundError", "status": 404, "code": "response_not_found"}
NOTHING_BEFORE = GONE | {"code": "previous_response_not_found"}


@pytest.fixture(scope="module")
def told(site: Site, cloud: Cloud) -> dict[str, Any]:
    made = [sys.executable, "-m", "haechi", "keys", "create", "another", "--data", str(site.data), "--json"]
    created = subprocess.run(made, capture_output=True, text=True, check=True, cwd=ROOT)
    python = ROOT / ".venv" / "sdk3" / "bin" / "python"
    assert python.exists(), "run `make test`, which installs the SDKs"
    script = ROOT / "tests" / "journey" / "clients" / "openai_responses.py"
    command = [str(python), str(script), site.url, site.key, json.loads(created.stdout)["key"]]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def test_each_goes_where_it_may(told: dict[str, Any]) -> None:
    assert told["sensitive"]["headers"]["x-haechi-route"] == "onprem/home/smollm2-135m-instruct"
    assert told["ordinary"]["headers"]["x-haechi-route"].startswith("cloud/gpt/")
    assert told["ordinary"]["id"] == f"resp_{told['ordinary']['headers']['x-haechi-record']}"
    assert told["ordinary"]["text"]
    assert told["ordinary"]["total"] > 0
    assert told["ordinary"]["status"] in ("completed", "incomplete")


def test_events_come_in_order_with_rising_numbers(told: dict[str, Any]) -> None:
    names = [name.removeprefix("response.") for name in told["streamed"]["names"]]
    assert names[:4] == ["created", "in_progress", "output_item.added", "content_part.added"]
    assert names[-4:-1] == ["output_text.done", "content_part.done", "output_item.done"]
    assert names[-1] in ("completed", "incomplete")
    assert told["streamed"]["numbers"] == list(range(len(names)))
    assert told["streamed"]["text"]


def test_a_stored_conversation_belongs_to_its_key_and_keeps_its_label(told: dict[str, Any]) -> None:
    said = told["conversation"]
    assert said["second_level"] == "restricted"
    assert said["second_route"].startswith("onprem/")
    assert said["read"]
    assert said["items"] == 3  # question, answer, question
    assert said["others"] == said["others_delete"] == said["unkept"] == said["deleted"] == GONE
    assert said["others_next"] == said["deleted_next"] == NOTHING_BEFORE
    assert said["cancel"]["status"] == 400


def test_tools(told: dict[str, Any]) -> None:
    assert told["tools"]["name"] == "weather"
    assert told["tools"]["second"] == "completed"
    assert told["tools"]["streamed"][-1] == "response.function_call_arguments.done"


def test_structured_output(told: dict[str, Any]) -> None:
    assert isinstance(json.loads(told["json"]), dict)


@pytest.mark.parametrize("case", ["web_search", "background"])
def test_what_only_a_provider_can_do_is_refused(told: dict[str, Any], case: str) -> None:
    assert told[case]["status"] == 400


def test_moderations_say_what_is_sensitive(told: dict[str, Any]) -> None:
    assert told["moderation"] == [[True, ["kr.rrn", "person"]], [False, []]]


def test_nothing_sensitive_reached_the_cloud(told: dict[str, Any], cloud: Cloud) -> None:
    received = json.dumps(cloud.received, ensure_ascii=False)
    assert "900101" not in received
    assert "홍길동" not in received
