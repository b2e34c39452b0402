"""Second looks at numbers of other countries."""

from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, Verdict


def ssn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The ranges that were issued; there is no check digit, so the name of another number beats it."""
    area, group, serial = (int(part or 0) for part in groups)
    if area in (0, 666) or area >= 900 or not group or not serial:
        return NO
    return DOUBTFUL
