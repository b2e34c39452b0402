import socket
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.adapters.stores.wire import (
    LARGEST_FRAME,
    LONGEST_ADDRESS,
    Ack,
    Frame,
    Malformed,
    Unpacker,
    address,
    pack,
)
from haechi.domain.errors import ConfigurationError
from tests.adapters.stores.rows import attempt, intent, settlement

FRAMES = [
    Frame(1, [intent("r-000001")]),
    Frame(2, [attempt("r-000001"), settlement("r-000001")], ["r-000000"]),
    Frame(3, []),
]


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_frames_come_out_however_the_stream_is_cut(cuts: list[int]) -> None:
    stream = b"".join(map(pack, FRAMES))
    unpacker = Unpacker()
    read: list[Frame] = []
    places = [0, *sorted(cuts), len(stream)]
    for start, end in pairwise(places):
        read += unpacker.frames(stream[start:end])
    assert read == FRAMES


def test_acks_come_out() -> None:
    acks = [Ack(1), Ack(2, "Rejected")]
    assert list(Unpacker().acks(b"".join(map(pack, acks)))) == acks


@pytest.mark.parametrize(
    "stream",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        (LARGEST_FRAME + 1).to_bytes(4, "big"),
        (4).to_bytes(4, "big") + b"\xc1\xc1\xc1\xc1",
        (1).to_bytes(4, "big") + b"\x90",
        (0).to_bytes(4, "big"),
        pack(Ack(1, "x")),
    ],
)
def test_anything_else_is_malformed(stream: bytes) -> None:
    with pytest.raises(Malformed):
        list(Unpacker().frames(stream))


def test_what_came_before_the_malformed_frame_counts() -> None:
    frames = Unpacker().frames(pack(FRAMES[2]) + b"\xff\xff\xff\xff")
    assert next(frames) == FRAMES[2]
    with pytest.raises(Malformed):
        next(frames)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="long addresses go by /proc")
def test_a_long_path_is_reached_by_its_directory(tmp_path: Path) -> None:
    directory = tmp_path / ("d" * 120)
    directory.mkdir()
    path = directory / "ledger.sock"
    descriptors = open_files()
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as caller:
        with address(path) as name:
            assert len(name) <= LONGEST_ADDRESS
            listener.bind(name)
        listener.listen()
        assert path.is_socket()
        with address(path) as name:
            caller.connect(name)
    assert open_files() == descriptors


def test_elsewhere_a_long_path_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ConfigurationError, match="too long"), address(tmp_path / ("d" * 120) / "ledger.sock"):
        pass
