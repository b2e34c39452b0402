"""The third corpus: `python -m benchmarks.detection.letters.read [--book second] [--out F]` writes it as JSON Lines.

Four books hold letters, chats, charts, logs and code, each written once by hand: no template stands behind them.
`first.txt`, `second.txt` and `fourth.txt` are open while detectors are developed. `third.txt`, by another hand that saw
neither the detectors nor the second book, is the test: whoever works on a detector does not read it. `everyday_third.txt`, by the
same hand and just as closed, holds short ordinary requests with nothing to find: all that is found there is a false
alarm.

A line `=====` parts two texts; the first line of each is `# id domain`; ⟦kind|value⟧ marks a finding and ⟦~what|value⟧
something that only looks like one. The marks are taken away, their places are counted in code points.

Where a span ends: a person without title and particle; an address from its postcode (with the bracket before it) or its
first district to the last 동, 호, floor or closing bracket, in English order the whole of it; a secret is the value
alone, a key block is whole; of a connection string the password; a card with the expiry or CVC directly behind it; a
birth date without its heading, or the seven open digits of a masked resident number; a marking without the brackets
around it; of a passport's machine-readable zone the second line. Role mailboxes, private addresses of machines and a
surname or given name alone are findings; a name half hidden (두○순) is not.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

BOOKS = {
    name: Path(__file__).parent / f"{stem}.txt"
    for name, stem in {
        "first": "first",
        "second": "second",
        "third": "third",
        "fourth": "fourth",
        "everyday": "everyday_third",
    }.items()
}
MARK = re.compile(r"⟦(~?)([a-z_.]+)\|([^⟦⟧]+)⟧")


class Place(NamedTuple):
    """Code points of a letter and what stands there: a kind, or the name of a look-alike."""

    start: int
    end: int
    name: str


class Letter(NamedTuple):
    """One text of the corpus with its findings and look-alikes."""

    id: str
    domain: str
    text: str
    findings: tuple[Place, ...]
    lookalikes: tuple[Place, ...]

    def values(self, places: tuple[Place, ...]) -> Iterator[tuple[str, str]]:
        """What stands at these places: name and value."""
        return ((place.name, self.text[place.start : place.end]) for place in places)

    def row(self) -> dict[str, Any]:
        """The letter as a row of JSON Lines."""
        return {
            "id": self.id,
            "text": self.text,
            "domain": self.domain,
            "findings": [{"start": at.start, "end": at.end, "kind": at.name} for at in self.findings],
            "lookalikes": [{"start": at.start, "end": at.end, "what": at.name} for at in self.lookalikes],
        }


def read(source: str) -> tuple[Letter, ...]:
    """Every letter of the marked source, in its order."""
    return tuple(letter(marked.strip("\n")) for marked in re.split(r"^=====$", source, flags=re.MULTILINE))


def letter(marked: str) -> Letter:
    """One letter: its marks taken away and their places counted."""
    head, _, body = marked.partition("\n")
    sign, name, domain = head.split()
    if sign != "#":
        raise ValueError(f"a letter begins with '# id domain', not with {head!r}")
    text, places, end = "", {"": list[Place](), "~": list[Place]()}, 0
    for mark in MARK.finditer(body):
        text += body[end : mark.start()]
        places[mark[1]].append(Place(len(text), len(text) + len(mark[3]), mark[2]))
        text, end = text + mark[3], mark.end()
    text += body[end:]
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"letter {name} holds a mark that is not of the form ⟦kind|value⟧")
    return Letter(name, domain, text, tuple(places[""]), tuple(places["~"]))


def main() -> None:
    """Write the corpus to a file, or to standard output."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--book", choices=BOOKS, default="first", help="the book to write; the first without it"
    )
    parser.add_argument("--out", type=Path, help="the file to write; standard output without it")
    asked = parser.parse_args()
    letters = read(BOOKS[asked.book].read_text("utf-8"))
    lines = "".join(json.dumps(each.row(), ensure_ascii=False) + "\n" for each in letters)
    if asked.out:
        asked.out.write_text(lines, "utf-8")
    else:
        sys.stdout.write(lines)


if __name__ == "__main__":
    main()
