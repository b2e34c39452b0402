"""A text or a body of any form without the values in it, for somebody who keeps what puts them back himself.

    body, what was found ─> without values │ mapping │ how many went, stayed as not asked for, cannot be helped

On the road of a request what cannot be helped keeps it at home. Here a person is told, and decides.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct, structs

from haechi.catalogue.tokens import about_the_text
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.errors import BadRequest
from haechi.domain.label import Finding
from haechi.domain.mapping import Mapping
from haechi.domain.text import Text
from haechi.gateway.classify.classify import Classified, Covering
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.deidentify.replace import Plan, deidentify
from haechi.gateway.stand_ins import left_in


class TakenOut(Struct, frozen=True):
    """What became of a body. All three count by kind: `counts` places that were changed, `kept` findings of kinds that
    nobody asked for, `left` what is still said of the body or may not leave in any form."""

    body: Any
    mapping: Mapping
    counts: dict[str, int]
    kept: dict[str, int]
    left: dict[str, int]


def taken_out(
    body: Any,
    classified: Classified,
    eyes: Eyes,
    plan: Plan,
    kinds: frozenset[str] | None = None,
    covering: Covering | None = None,
) -> TakenOut:
    """`body` without what was found in it, or without its `kinds` alone. Raises `BadRequest` where a part of it could not
    be looked at.

    Numbers that never go outside are removed for good, whatever is asked: nobody is handed a mapping of them.
    """
    if classified.unreadable is not None:
        raise BadRequest(UNREADABLE, code="unreadable")
    wanted = [one for one in classified.findings if kinds is None or one.kind in kinds | NEVER_OUTSIDE]
    never = dict.fromkeys(NEVER_OUTSIDE, "remove")
    made = deidentify(body, wanted, structs.replace(plan, strategies=plan.strategies | never))
    again = left_in(made.body, made.replaced, eyes, covering)
    asked = {one.kind for one in wanted}
    still = Counter(one.kind for one in again.findings if one.kind in asked)
    left = Counter(one.kind for one in made.left) | still
    return TakenOut(
        made.body,
        made.mapping,
        _sorted(made.counts),
        _sorted(_kept(classified.findings, wanted)),
        _sorted(left),
    )


def _kept(findings: Iterable[Finding], wanted: list[Finding]) -> Counter[str]:
    """Findings of other kinds that stand where nothing was taken out."""
    gone: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in wanted:
        if not about_the_text(one.kind):
            gone[one.pointer].append((one.start, one.end))
    for spans in gone.values():
        spans.sort()
    asked = {one.kind for one in wanted}
    return Counter(
        one.kind for one in findings if one.kind not in asked and not _within(one, gone[one.pointer])
    )


def _within(one: Finding, spans: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (one.start, _FAR)) - 1
    return at >= 0 and one.end <= spans[at][1]


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


_FAR: Final = 1 << 62
UNREADABLE: Final = Text(
    ko="읽을 수 없는 부분이 있어 가명처리하지 않았습니다. 그 안에 무엇이 있는지 아무도 모릅니다. 그림, 첨부, 깨진 글자를 빼거나, "
    "글이 길면 나누어 주세요.",
    en="Nothing was taken out, because a part of it cannot be read, and nobody knows what stands there. Leave out images, "
    "attachments and broken characters, or give a long text in parts.",
)
