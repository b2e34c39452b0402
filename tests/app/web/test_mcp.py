"""The tools for clients of the Model Context Protocol, without the protocol: `tests/journey/test_mcp.py` speaks it."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import structs

from haechi.app.processes.mcp import mcp_of, require_sdk
from haechi.app.settings.load import parse
from haechi.app.web.dialects.dialect import Failure
from haechi.app.web.dialects.table import dialect_of
from haechi.app.web.mcp import PATH
from haechi.app.web.mcp_tools import TOOLS, Ceilings, schema_of
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text


@pytest.mark.parametrize(
    ("text", "key", "ceiling"),
    [
        ("mcp: {}", "anybody", Level.INTERNAL),
        ("mcp: {ceiling: public}", "anybody", Level.PUBLIC),
        ("mcp: {keys: {analyst: confidential}}", "analyst", Level.CONFIDENTIAL),
        ("mcp: {keys: {analyst: confidential}}", "Analyst", Level.INTERNAL),
        ("mcp: {ceiling: confidential, keys: {bot: public}}", "bot", Level.PUBLIC),
        ("mcp: {keys: {'김 과장': restricted}}", "김 과장", Level.RESTRICTED),
    ],
)
def test_a_key_reads_up_to_its_ceiling(text: str, key: str, ceiling: Level) -> None:
    made = mcp_of(parse(text, "haechi.yaml", {}))
    assert made is not None
    assert made.ceilings.of(key) is ceiling


def test_nothing_said_means_off_and_a_low_ceiling() -> None:
    assert mcp_of(parse("", "haechi.yaml", {})) is None
    assert Ceilings().of("anybody") is Level.INTERNAL


@pytest.mark.parametrize("text", ["mcp: {ceiling: secret}", "mcp: {keys: {a: all}}", "mcp: {celing: public}"])
def test_what_is_no_ceiling_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(text, "haechi.yaml", {})


def test_a_missing_package_is_told_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    require_sdk(parse("", "haechi.yaml", {}))
    with pytest.raises(ConfigurationError, match="make mcp"):
        require_sdk(parse("mcp: {}", "haechi.yaml", {}))


def test_the_gate_does_without_the_sdk_where_it_is_off() -> None:
    code = "import sys, haechi.app.web.app; print('mcp' in sys.modules, 'pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_tools_say_what_they_are_in_both_languages() -> None:
    assert list(TOOLS) == ["inspect", "deidentify", "explain"]
    for tool in TOOLS.values():
        assert tool.says.ko != tool.says.en
        assert tool.title.ko != tool.title.en
        assert schema_of(tool)["additionalProperties"] is False
        assert "$ref" not in json.dumps(schema_of(tool))
    for language in ("ko", "en"):
        page = Path(__file__).parents[3] / "docs" / "howto" / language / "mcp.md"
        assert all(f"| `{name}` |" in page.read_text(encoding="utf-8") for name in TOOLS)


def test_an_error_is_said_as_json_rpc_says_it() -> None:
    failure = Failure(
        401, Text(ko="키", en="key"), "authentication_error", "invalid_api_key", None, "ko", "r1"
    )
    said = json.loads(dialect_of(PATH, {}).encode_error(failure))
    assert said["jsonrpc"] == "2.0"
    assert said["id"] is None
    assert said["error"]["message"] == "키"
    plain = json.loads(dialect_of("/v1/models", {}).encode_error(structs.replace(failure, language="en")))
    assert plain["error"]["message"] == "key"
