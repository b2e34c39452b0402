"""What the tests of both rooms share: a detector that knows every value, and the way out and home in one line."""

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from haechi.domain.label import Finding, Level
from haechi.domain.mapping import Mapping
from haechi.gateway.deidentify.leaves import leaves
from haechi.gateway.deidentify.replace import TOKENS, Deidentified, Plan, deidentify
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import TEXT, Channel, Restorer

Values = dict[str, str]
"""Every value and its kind."""


class _All:
    def __contains__(self, pointer: object) -> bool:
        return True


def found(body: Any, values: Values) -> list[Finding]:
    """Every place of every value, also as JSON escapes it."""
    findings: list[Finding] = []
    for leaf in leaves(body, _All()):
        for value, kind in values.items():
            for written in {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}:
                findings += [
                    Finding(kind, leaf.pointer, *match.span(), Level.CONFIDENTIAL, 0.9, kind)
                    for match in re.finditer(re.escape(written), leaf.text)
                ]
    return findings


def out(body: Any, values: Values, plan: Plan = TOKENS) -> Deidentified:
    """The body on its way out."""
    return deidentify(body, found(body, values), plan)


def home(text: str, mapping: Mapping, channel: Channel = TEXT, cuts: Iterable[int] = ()) -> str:
    """An answer on its way home, cut at `cuts`."""
    restorer = Restorer(Live(mapping), channel)
    edges = [0, *sorted(cuts), len(text)]
    told = [piece for start, end in pairwise(edges) for piece in restorer.feed(text[start:end])]
    return "".join([*told, *restorer.finish()])


def said(text: str) -> dict[str, Any]:
    """A request that says `text`."""
    return {"model": "auto", "messages": [{"role": "user", "content": text}]}


def content(body: Any) -> str:
    """What a request says."""
    return str(body["messages"][0]["content"])
