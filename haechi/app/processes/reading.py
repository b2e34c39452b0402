"""Reading files: what the pool is told at its start, and a pool of one's own for a command that needs no server."""

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from haechi.adapters.readers.client import ask
from haechi.adapters.readers.pictures import LANGUAGES, languages
from haechi.adapters.stores.wire import connected
from haechi.adapters.stores.writer import listen
from haechi.app.processes.order import cleaned_environment
from haechi.app.processes.readers import ReadersOrder
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.reading import File, Read
from haechi.domain.text import Text

FileReader = Callable[[bytes, str], Read]
"""Content and name of a file to what it says."""


def order(settings: Settings) -> ReadersOrder:
    """What the pool is told. Raises `ConfigurationError` where `ocr` is configured and cannot be had."""
    if settings.detection.ocr != "tesseract":
        return ReadersOrder()
    program = shutil.which("tesseract")
    missing = set(LANGUAGES) - set(languages(Path(program)) if program else ())
    if program is None or missing:
        raise ConfigurationError(_NO_TESSERACT, "detection.ocr")
    return ReadersOrder(tesseract=program)


_NO_TESSERACT = Text(
    ko="Tesseract 나 그 한국어·영어 자료가 이 컴퓨터에 없습니다. `apt install tesseract-ocr tesseract-ocr-kor` 로 설치하거나 이 "
    "줄을 지우세요.",
    en="Tesseract, or its data for Korean and English, is not on this host. Install it with "
    "`apt install tesseract-ocr tesseract-ocr-kor`, or leave the line out.",
)


@contextmanager
def reading(settings: Settings | None = None) -> Iterator[FileReader]:
    """A pool for as long as it is needed: each file is read under the same guards as behind the gate.

    Raises `ConfigurationError` where it does not start.
    """
    told = order(settings or Settings())
    with tempfile.TemporaryDirectory(prefix="haechi-") as directory:
        path = Path(directory) / "readers.sock"
        with listen(path) as listener, _pool(listener, msgspec.json.encode(told)):
            yield lambda content, name: _read(path, File(content, name))


@contextmanager
def no_reading() -> Iterator[FileReader]:
    """For those who have nothing but plain text: nothing is started."""
    yield lambda content, name: Read(why="no_reader")


@contextmanager
def _pool(listener: socket.socket, told: bytes) -> Iterator[None]:
    descriptor = listener.fileno()
    pool = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "haechi.app.processes.readers", str(descriptor)],
        env=cleaned_environment(),
        pass_fds=[descriptor],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with pool:
        assert pool.stdin is not None  # noqa: S101  both were asked for above
        assert pool.stdout is not None  # noqa: S101
        try:
            pool.stdin.write(told + b"\n")
            pool.stdin.flush()
            if pool.stdout.readline().strip() != b"ready":
                raise ConfigurationError(_NOT_STARTED)
            yield
        finally:
            pool.terminate()


_NOT_STARTED = Text(
    ko="파일을 읽는 프로세스가 시작하지 못했습니다. 메모리와 프로세스 수를 확인하세요.",
    en="The process that reads files did not start. Look at memory and the number of processes.",
)


def _read(path: Path, file: File) -> Read:
    try:
        line = connected(path)
    except OSError:
        return Read(why="no_reader")
    with line:
        return ask(line, file)
