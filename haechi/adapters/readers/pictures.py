"""Words in pictures, by Tesseract where the site has it: run only inside a reading process, under its limits."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from haechi.adapters.readers.bounds import Unreadable

LANGUAGES: Final = ("kor", "eng")
_START_WITHIN: Final = 10.0


def words(program: str, picture: bytes) -> str:
    """The words that Tesseract sees. Raises `Unreadable`."""
    command = [program, "stdin", "stdout", "-l", "+".join(LANGUAGES)]
    try:
        done = subprocess.run(  # noqa: S603  the site's own program; the picture is its standard input
            command, input=picture, capture_output=True, check=False, env={"OMP_THREAD_LIMIT": "1"}
        )
    except OSError:
        raise Unreadable("no_parser") from None
    if done.returncode:
        raise Unreadable("broken")
    return done.stdout.decode("utf-8", "replace")


def languages(program: Path) -> Sequence[str]:
    """The languages that it has been given; none where it does not run."""
    try:
        done = subprocess.run(  # noqa: S603  asked once, at the start
            [str(program), "--list-langs"], capture_output=True, check=False, timeout=_START_WITHIN
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return done.stdout.decode("utf-8", "replace").split()
