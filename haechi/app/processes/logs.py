"""What libraries have to say, as one line of JSON on standard error, once a second for each place in their code.

A line names the logger, the place, the type of an exception and where it was raised: never arguments or the
text of an exception, which may hold what a caller sent. Without a bound, every broken request could fill a disk.
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from types import TracebackType

EVERY: Final = 1.0
_CONSTANT: Final = ("uvicorn", "asyncio", "haechi")
"""Loggers whose messages, before arguments are filled in, are words of their code."""


class TerseHandler(logging.Handler):
    """Writes bounded lines. How many of a kind were left out stands in its next line."""

    def __init__(self, stream: TextIO | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)
        self._stream = stream
        self._monotonic = monotonic
        self._last: dict[tuple[str, int], float] = {}
        self._left_out: dict[tuple[str, int], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        kind = (record.pathname, record.lineno)
        now = self._monotonic()
        if now - self._last.get(kind, -EVERY) < EVERY:
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return
        self._last[kind] = now
        line: dict[str, object] = {"level": record.levelname.lower(), "logger": record.name}
        if record.name.partition(".")[0] in _CONSTANT:
            line["message"] = str(record.msg).strip().partition("\n")[0][:200]
        line["from"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "where": place(record.exc_info[2])}
        if left_out := self._left_out.pop(kind, 0):
            line["left_out"] = left_out
        print(json.dumps(line), file=self._stream or sys.stderr, flush=True)


def place(trace: "TracebackType | None") -> str:
    """The innermost place of a traceback."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"


def configure() -> None:
    """Let nothing but these lines through: loggers, warnings, and exceptions that nobody could catch."""
    root = logging.getLogger()
    root.handlers[:] = [TerseHandler()]
    root.setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # else it is asked anew for each connection
    logging.captureWarnings(True)
    log = logging.getLogger("haechi.unraisable")

    def unraisable(found: "sys.UnraisableHookArgs") -> None:
        trouble = found.exc_value or found.exc_type()
        log.error(
            "an exception that nobody could catch", exc_info=(found.exc_type, trouble, found.exc_traceback)
        )

    sys.unraisablehook = unraisable
