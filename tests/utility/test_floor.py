"""Safety must not be bought with uselessness: of ordinary requests at least 97 % go to the cloud.

Measured in the same run as the leak tests, with a standard contract and nothing else configured.
"""

import json
from collections import Counter
from datetime import date
from typing import Any, Final

import orjson
import pytest
from msgspec import Struct

from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import eyes
from haechi.gateway.classify.classify import Classified, classify
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.targets import targets
from tests.utility.everyday import requests

FLOOR: Final = 0.97
CONFIGURATION: Final = """
destinations:
  home: {provider: fake, zone: onprem, models: [home-model]}
  gpt:  {provider: openai, key: k, contract: openai-api-standard}
"""


class Kept(Struct, frozen=True):
    """An ordinary request that stayed home, and what fired."""

    body: Any
    classified: Classified

    def __str__(self) -> str:
        fired = "; ".join(
            f"{finding.rule} at {finding.pointer}: {self._shown(finding.pointer)[finding.start : finding.end]!r}"
            for finding in self.classified.findings
        )
        asked = json.dumps(self.body["messages"][-1], ensure_ascii=False)[:100]
        return f"{fired or self.classified.label.kinds}\n      in {asked}"

    def _shown(self, pointer: str) -> str:
        """The text at a pointer; the texts here are made up, so they may be shown."""
        node: Any = self.body
        for step in pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            node = node[int(key) if isinstance(node, list) else key]
        return str(node)


@pytest.fixture(scope="module")
def everyday() -> list[Any]:
    return requests()


def test_there_are_enough_of_them_and_no_two_are_alike(everyday: list[Any]) -> None:
    told = [orjson.dumps(body["messages"]) for body in everyday]
    assert len(set(told)) == len(told) >= 300
    asked = Counter(body["messages"][-1].get("content") for body in everyday if "tools" not in body)
    assert asked.most_common(1)[0][1] == 1
    assert sum("tools" in body for body in everyday) >= 30
    assert (
        sum(any("가" <= letter <= "힣" for letter in json.dumps(b, ensure_ascii=False)) for b in everyday)
        >= 150
    )


def test_ordinary_work_goes_out(everyday: list[Any]) -> None:
    looking = eyes()
    rules = policy(parse(CONFIGURATION, "t", {}), None, date(2026, 11, 22))
    kept = []
    for body in everyday:
        decoded = decode(orjson.dumps(body))
        classified = classify(decoded.body, looking)
        decision = decide(classified.label, targets(decoded.chat.model, rules), Narrowing(), rules)
        if not decision.calls or decision.calls[0].destination != "gpt":
            kept.append(Kept(body, classified))
    share = 1 - len(kept) / len(everyday)
    fired = Counter(finding.rule for one in kept for finding in one.classified.findings)
    report = "\n  ".join(map(str, kept))
    print(
        f"{share:.1%} of {len(everyday)} ordinary requests go to the cloud; kept by {dict(fired)}\n  {report}"
    )
    assert share >= FLOOR, f"{share:.1%} of {len(everyday)}; kept by {dict(fired)}\n  {report}"
