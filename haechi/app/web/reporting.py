"""What is said on standard error when something of ours broke."""

import json
import sys

from haechi.domain.errors import HaechiError


def report_ours(error: BaseException) -> None:
    """Say on standard error that something of ours broke: its type and place, never its text, which may hold
    a customer's words."""
    if isinstance(error, HaechiError):
        return
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place is not None else "?"
    print(
        json.dumps({"level": "error", "error": type(error).__name__, "where": where}),
        file=sys.stderr,
        flush=True,
    )
