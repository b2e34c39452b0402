"""The texts the network learns from: templates, layouts, the development corpus and ordinary texts."""

import functools
import random
import re
import sysconfig
from pathlib import Path

from benchmarks.detection.development.draw import HERE
from benchmarks.detection.development.weave import templates, weave
from training.names.changes import changed
from training.names.layouts import Layouts
from training.names.slots import Labelled, Slots, join, plain

_TEXTS = Path(__file__).parent / "texts"
_MAY_BE_A_NAME = re.compile(
    r"[A-Z][a-z]+ [A-Z]|@|[Aa]uthor|[Cc]opyright|\bby\b|\b[A-Z]\.|홍길동|김|이[가-힣]{2}\b|박"
)
_SHARES = {
    "business": 17, "public": 8, "ordinary": 12, "harmless": 17, "english": 7, "ordinary_english": 4,
    "harmless_english": 6, "chat": 9, "minutes": 8, "public_office": 6, "care": 4, "social": 5, "rows": 8, "layouts": 14,
    "development": 10, "requests": 2, "code": 3, "pages": 3,
}  # fmt: skip


class Corpus:
    """Draws labelled texts; `without` names domains of the development corpus that are kept for a test."""

    def __init__(self, folder: Path, dictionary: Path, without: frozenset[str] = frozenset()) -> None:
        self.slots = Slots(folder, dictionary)
        self.layouts = Layouts(self.slots)
        self._templates = {
            path.stem: path.read_text(encoding="utf-8").splitlines() for path in _TEXTS.glob("*.txt")
        }
        decks = templates(HERE / "templates")
        self._development = [(d, t) for d in sorted(decks) if d not in without for t in decks[d]]
        requests = templates(HERE / "ordinary")
        self._requests = [(d, t) for d in sorted(requests) for t in requests[d]]
        self._code, self._pages = _code(), _pages()

    def draw(self, chance: random.Random) -> Labelled:
        """One document, or two, one after the other."""
        text = changed(self._drawn(chance), chance)
        if chance.random() < 0.12:
            text = text + plain(chance.choice(["\n", "\n\n", "\n---\n", " "])) + self._drawn(chance)
        return text

    def _drawn(self, chance: random.Random) -> Labelled:
        sort = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
        match sort:
            case "layouts":
                head = (
                    self._sentence("ordinary", chance) + plain("\n") if chance.random() < 0.2 else plain("")
                )
                return head + self.layouts.document(chance)
            case "development":
                return woven(*chance.choice(self._development), chance)
            case "requests":
                return woven(*chance.choice(self._requests), chance)
            case "code":
                return plain(chance.choice(self._code))
            case "pages":
                return plain(chance.choice(self._pages))
        sentences = [
            self._sentence(sort, chance) for _ in range(chance.choices((1, 2, 3, 4), (50, 25, 15, 10))[0])
        ]
        if chance.random() < 0.25:
            others = (
                ("ordinary_english", "harmless_english") if "english" in sort else ("ordinary", "harmless")
            )
            other = chance.choice(others)
            sentences.insert(chance.randint(0, len(sentences)), self._sentence(other, chance))
        return join(chance.choice(["\n", "\n", " ", "\n\n", "\n- "]), sentences)

    def _sentence(self, sort: str, chance: random.Random) -> Labelled:
        return self.slots.fill(chance.choice(self._templates[sort]), chance)


def woven(domain: str, template: str, chance: random.Random) -> Labelled:
    """A text of the development corpus, its people alone."""
    text = weave("", domain, template, chance)
    return Labelled(
        text.text, tuple((span.start, span.end) for span in text.findings if span.what == "person")
    )


@functools.cache
def _code() -> list[str]:
    """Pieces of Python's own library in which nobody seems to be named."""
    pieces = []
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[:160]:
        lines = path.read_text("utf-8", "ignore").splitlines()
        for place in range(0, len(lines) - 10, 40):
            piece = "\n".join(
                line for line in lines[place : place + 10] if not _MAY_BE_A_NAME.search(line)
            ).strip()
            if len(piece) > 60:
                pieces.append(piece)
    return pieces


@functools.cache
def _pages() -> list[str]:
    """Paragraphs of haechi's own pages."""
    pieces = []
    for path in [
        *sorted(Path("docs").rglob("*.md")),
        Path("README.md"),
        Path("README.ko.md"),
        Path("CONTRIBUTING.md"),
    ]:
        here = path.read_text(encoding="utf-8").split("\n\n")
        pieces += [piece for piece in here if 20 < len(piece) < 900 and not _MAY_BE_A_NAME.search(piece)]
    return pieces
