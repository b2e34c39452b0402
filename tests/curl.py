"""As much of curl as the pages and the printed line use, for machines that have none.

`-i` shows the headers, `-s` and `-N` change nothing here, `-H` adds one, `-d TEXT` or `-d @FILE` posts. As an
answer streams, it is printed when it is whole.
"""

import shutil
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main(arguments: list[str]) -> int:
    headers: dict[str, str] = {}
    url, body, shown = "", None, False
    words = iter(arguments)
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            given = next(words)
            body = Path(given[1:]).read_bytes() if given.startswith("@") else given.encode()
        elif word.startswith("-"):
            shown = shown or "i" in word
        else:
            url = word
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        if shown:
            sys.stdout.write(f"HTTP/1.1 {answer.status} {answer.reason}\r\n{answer.headers}")
        sys.stdout.write(answer.read().decode())
    return 0


def provide(folder: Path) -> None:
    """Put a `curl` into `folder`, which is on some path, where the machine has none."""
    if shutil.which("curl") is None:
        script = folder / "curl"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n', encoding="utf-8")
        script.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
