"""Libraries that report home are told not to before they are imported."""

import os
import subprocess
import sys

WATCHED = """
import os, sys

class Watch:
    def find_spec(self, name, *_):
        if name == "onnxruntime":
            print(os.environ.get("ORT_DISABLE_TELEMETRY"))

sys.meta_path.insert(0, Watch())
from haechi.app.wiring import eyes
eyes()
"""


def test_the_runtime_is_imported_with_its_telemetry_off() -> None:
    """It would make an id of the machine at import, and keep it in a file among the temporary ones."""
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout == "1\n"
