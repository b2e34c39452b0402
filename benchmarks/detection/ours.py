"""What haechi finds, by the same runner as its peers: `python -m benchmarks.detection.ours GOLD OUT`."""

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.detection.peers import Found, run


def haechi() -> Callable[[str], Found]:
    """All detectors of the catalogue, as `haechi inspect` has them."""
    from haechi.app.inspection import inspector

    inspect = inspector()
    return lambda text: [(one.start, one.end, one.kind) for one in inspect(text).findings]


if __name__ == "__main__":
    run(haechi, Path(sys.argv[1]), Path(sys.argv[2]))
