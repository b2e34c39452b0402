"""The trained network, run by onnxruntime in eight-bit numbers on one thread."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text
from haechi.gateway.classify.names.units import KNOWN, USUAL

Numbers = NDArray[Any]

REACH: Final = 16
"""How many units to either side a label depends on."""
_REACHES: Final = (1, 2, 4, 8)
"""How far the layers look; the row behind the last unit stands for everything beyond the text."""
_STEPS: Final = np.array([[[-reach, 0, reach]] for reach in _REACHES], np.int32)
_USUAL: Final = np.array(USUAL, np.int32)
LABELS: Final = b"OBIES"
"""Outside, begin, inside, end, single: what the network says of each unit, in this order."""


def shipped(name: str) -> bytes:
    """A file of the trained network: `layers.onnx` or `meanings.npy`."""
    return (files(__package__) / name).read_bytes()


class Meanings:
    """What each number of a unit's row means to the network, as eight-bit vectors that are summed.

    Here and not in the graph, because most columns hold their usual value in most rows: what the usual values mean is
    added once, and the others only where they differ. That is five times as fast.
    """

    __slots__ = ("_table", "_usual")

    def __init__(self, array: bytes) -> None:
        table = np.load(BytesIO(array), allow_pickle=False).astype(np.int16)
        self._usual = np.zeros(table.shape[1], np.int16)
        for usual in USUAL:
            meaning = table[usual].copy()
            self._usual += meaning
            table[usual : KNOWN if usual < KNOWN else usual + 256] -= meaning
        self._table = table

    def sums(self, rows: Numbers) -> Numbers:
        """One vector for each row, and one of nothing for what is beyond the text."""
        count = len(rows)
        sums = np.zeros((count + 1, self._table.shape[1]), np.int16)
        vectors = sums[:count]
        np.add(self._table[rows[:, 0]], self._table[rows[:, 1]], out=vectors)
        vectors += self._usual
        differs = rows[:, 2:] != _USUAL
        for column in np.flatnonzero(differs.any(axis=0)):
            unusual = np.flatnonzero(differs[:, column])
            vectors[unusual] += self._table[rows[unusual, column + 2]]
        return sums


@lru_cache(maxsize=64)
def _surroundings(count: int) -> dict[str, Numbers]:
    """Which rows stand around each of so many; windows are bounded, so that lengths come again."""
    inside = np.ones((count + 1, 1), np.float32)
    inside[count] = 0
    around = np.arange(count + 1, dtype=np.int32)[:, None] + _STEPS
    # Read as unsigned, what lies before the text is a huge number, so that one minimum mends both ends.
    unsigned = around.view(np.uint32)
    np.minimum(unsigned, np.uint32(count), out=unsigned)
    return {"inside": inside} | {f"around{reach}": near for reach, near in zip(_REACHES, around, strict=True)}


class Network:
    """A session that may be asked from several threads at once."""

    def __init__(self, layers: bytes, meanings: bytes) -> None:
        self._meanings = Meanings(meanings)
        try:
            import onnxruntime
        except ImportError as missing:
            raise ConfigurationError(_NO_RUNTIME) from missing
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # windows differ in length; a plan for each would be kept for ever
        options.log_severity_level = 3
        # The arena grows to what one window needs and no further, for windows are bounded; without it every tensor
        # is mapped anew, a third of the time.
        arena = ("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})
        self._session = onnxruntime.InferenceSession(layers, options, providers=[arena])

    def chances(self, rows: Numbers) -> Numbers:
        """How likely each label is, for each unit."""
        count = len(rows)
        given = {"meanings": self._meanings.sums(rows), **_surroundings(count)}
        scores = self._session.run(None, given)[0][:count]
        by_label = np.ascontiguousarray(
            scores.T
        )  # five long rows are reduced far faster than many short ones
        by_label -= by_label.max(axis=0)
        raised = np.exp(by_label, out=by_label)
        raised /= raised.sum(axis=0)
        return np.asarray(raised.T)


_NO_RUNTIME: Final = Text(
    ko="이름을 찾는 모델을 돌릴 onnxruntime 패키지가 없습니다. 검출기 없이는 시작하지 않습니다. `make up`으로 다시 설치하세요.",
    en="The package onnxruntime, which runs the model that finds names, is missing; without detectors haechi "
    "does not start. Install again with `make up`.",
)
