"""The pages as tests see them: fenced blocks with their language, place and, where they are not run, the reason."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from docs.make_reference import ROOT, pages

_FENCE: Final = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+?) -->\n+)?^```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(Struct, frozen=True):
    """A fenced block; `reason` says why it is not run, where it is not."""

    page: Path
    line: int
    kind: str
    text: str
    reason: str | None

    @property
    def where(self) -> str:
        """Page and line, as an editor opens them."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of `page`, in order."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start("text"))
        yield Block(page, line, match["kind"], match["text"], match["reason"])


def name(page: Path) -> str:
    """A page as tests are named by it."""
    return str(page.relative_to(ROOT))


PAGES: Final = pages()
EXAMPLES: Final = sorted((ROOT / "examples").glob("*.yaml"))
SECRETS: Final = {
    "OPENAI_API_KEY": "not-a-key",
    "ANTHROPIC_API_KEY": "not-a-key",
    "GEMINI_API_KEY": "not-a-key",
    "LAB_API_KEY": "not-a-key",
    "PROXY_PASSWORD": "not-a-password",
}
"""Environment variables that pages and examples name; nothing here is ever sent."""
