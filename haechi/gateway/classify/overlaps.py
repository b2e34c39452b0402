"""Which of several findings at one place speak for it.

The label asks for all findings. Who shows them, or takes values out, needs each place once: a finding that lies wholly
within another one is left out (of equal spans the stricter stays, then the surer). Partial overlaps both stay, so no
character that was found goes uncovered. A passage (a topic, an excerpt) is about the text and hides no value in it.
"""

from collections.abc import Iterable

from haechi.domain.label import Finding


def resolved(findings: Iterable[Finding]) -> list[Finding]:
    """`findings` without those that others speak for, in order of place. n log n."""
    kept: list[Finding] = []
    pointer, reached = None, 0
    for finding in sorted(findings, key=_longest_first):
        if _is_passage(finding.kind):
            kept.append(finding)
            continue
        if finding.pointer != pointer:
            pointer, reached = finding.pointer, -1
        if finding.end > reached:
            kept.append(finding)
            reached = finding.end
    return kept


def _longest_first(finding: Finding) -> tuple[str, int, int, int, bool, float]:
    """Of equal spans and levels a rule is surer than the study of names: `(인비)` is a mark, and a surname with a name."""
    is_person = finding.kind == "person"
    return (finding.pointer, finding.start, -finding.end, -finding.level, is_person, -finding.confidence)


def _is_passage(kind: str) -> bool:
    return kind == "fingerprint" or kind.startswith("topic.")
