"""The pool: one file a process, nothing to be had from inside, and it heals."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from haechi.adapters.readers.client import ask
from haechi.adapters.stores.wire import connected
from haechi.adapters.stores.writer import listen
from haechi.app.processes import kernel
from haechi.app.processes.reading import reading
from haechi.domain.reading import File, Read
from tests.adapters.readers import documents
from tests.journey.site import ROOT, until

Obey = Callable[[str], Read]
on_linux = pytest.mark.skipif(not kernel.LINUX, reason="only Linux filters system calls")


@contextlib.contextmanager
def misbehaving(where: Path, *words: str) -> Iterator[tuple[Obey, int]]:
    path = where / "run" / "readers.sock"
    with listen(path) as listener:
        number = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.adapters.readers.misbehaving", str(number), *words],
            pass_fds=[number],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )

        def obey(program: str) -> Read:
            with connected(path) as line:
                return ask(line, File(program.encode()))

        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            try:
                yield obey, process.pid
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait(10)


@pytest.fixture(scope="module")
def obey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Obey]:
    with misbehaving(tmp_path_factory.mktemp("pool")) as (found, _):
        yield found


HELLO = Read("안녕")


@pytest.mark.parametrize(
    "program",
    [
        "os._exit(0)",
        "LIBC.abort()",
        "LIBC.memset(0, 0, 1)",  # the process is ended by the kernel
        "said = len(bytearray(2 << 30))",
        "said = 'a' * (40 << 20)",  # an answer that is longer than a file may be
        "raise KeyError('of a parser')",
    ],
)
def test_whatever_becomes_of_a_reader_the_next_file_is_read(obey: Obey, program: str) -> None:
    assert obey(program).why in ("gave_up", "broken")
    assert obey("said = '안녕'") == HELLO


def test_no_file_meets_a_process_that_read_another(obey: Obey) -> None:
    seen = {obey("said = os.getpid()").text for _ in range(6)}
    assert len(seen) == 6


@pytest.mark.parametrize(
    "program",
    [
        "open('/etc/passwd')",
        "open('/dev/null', 'w')",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.pipe()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "subprocess.run(['/bin/true'])",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); open('/etc/passwd')",
    ],
)
def test_nothing_can_be_had_from_inside(obey: Obey, program: str) -> None:
    found = obey(f"{program}\nsaid = 'had it'")
    assert found.text != "had it"
    assert found.why is not None or found.text.endswith("Error")


@on_linux
@pytest.mark.parametrize(
    "program",
    ["os.kill(os.getppid(), 0)", "os.unlink({0!r})", "os.rename({0!r}, {0!r} + '2')", "os.chmod({0!r}, 0)"],
)
def test_nothing_can_be_changed_from_inside(obey: Obey, tmp_path: Path, program: str) -> None:
    file = tmp_path / "ledger.db"
    file.touch(mode=0o600)
    assert obey(f"{program.format(str(file))}\nsaid = 'done'").text == "PermissionError"
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_hangs_is_ended_and_others_are_served_meanwhile(tmp_path: Path) -> None:
    with misbehaving(tmp_path, "1") as (obey, _):
        began = time.monotonic()
        assert obey("while True: pass").why == "gave_up"
        assert obey("signal.setitimer(signal.ITIMER_REAL, 0); time.sleep(60)").why == "gave_up"
        assert time.monotonic() - began < 6
        assert obey("said = '안녕'") == HELLO


def test_no_reader_outlives_its_pool(tmp_path: Path) -> None:
    with misbehaving(tmp_path) as (_, pool):
        reader = (
            int(Path(f"/proc/{pool}/task/{pool}/children").read_text().split()[0]) if kernel.LINUX else pool
        )
        os.kill(pool, signal.SIGKILL)
        until(lambda: not _runs(reader), 5)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return kernel.LINUX and "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (documents.word(), "a.docx", "900101-1234568"),
        (documents.book(), "a.xlsx", "900101-1234568"),
        (documents.slides(), "a.pptx", "발표자 메모"),
        (documents.hwpx(), "a.hwpx", "홍길동"),
        (documents.hwp(), "a.hwp", "900101-1234568"),
        (documents.open_document(), "a.odt", "홍길동"),
        (documents.pdf("한글 문서"), "a.pdf", "한글 문서"),
        (documents.encrypted_pdf("열리는 글", ""), "a.pdf", "열리는 글"),
        (documents.letter(a_docx=documents.word()), "a.eml", "900101-1234568"),
        ("안녕".encode("cp949"), "a.txt", "안녕"),
        ("안녕".encode("utf-16"), "a.txt", "안녕"),
        (b"<html><p>&#xD55C;&amp;</p>", "a.html", "한&"),
        ("가,나\n1,2".encode("cp949"), "a.csv", "가: 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_is_read_in_a_confined_process(
    read: Callable[[bytes, str], Read], content: bytes, name: str, words: str
) -> None:
    """What a parser loads late cannot be loaded there."""
    assert words in read(content, name).text


@pytest.fixture(scope="module")
def read() -> Iterator[Callable[[bytes, str], Read]]:
    with reading() as found:
        yield found
