"""HTML: its words, what attributes say, its title and properties, comments and scripts; not its styles."""

import re
from html.parser import HTMLParser
from typing import Final

from haechi.adapters.readers.lines import Lines
from haechi.domain.reading import Read

_INLINE: Final = frozenset(
    {
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "ins",
        ),
        *(
            "kbd",
            "label",
            "mark",
            "nobr",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
        ),
        *("sup", "time", "tt", "u", "var", "wbr"),
    }
)
_CELLS: Final = frozenset({"td", "th"})
_SPEAKING: Final = (
    "alt",
    "title",
    "value",
    "placeholder",
    "aria-label",
    "href",
    "content",
    "summary",
    "srcdoc",
)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = Lines()
        self.properties: dict[str, str] = {}
        self.images = False
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        self.images = self.images or tag in ("img", "picture", "svg", "video")
        self._within = tag if tag in ("title", "style") else ""
        if tag == "meta" and "content" in given:
            self.properties[given.get("name") or given.get("property") or "meta"] = given["content"]
        if tag not in _INLINE and tag not in _CELLS:
            self.lines.separate("\n")
        for name in _SPEAKING:
            said = given.get(name, "")
            if said and not said.startswith(("#", "data:")):
                self.lines.say(f" {said} ")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""
        if tag in _CELLS:
            self.lines.separate("\t")
        elif tag not in _INLINE:
            self.lines.separate("\n")

    def handle_data(self, data: str) -> None:
        if self._within == "style":
            return
        if self._within == "title":
            self.properties["title"] = f"{self.properties.get('title', '')}{data}".strip()
        words = _BLANKS.sub(" ", data)
        if words != " ":
            self.lines.say(words)

    def handle_comment(self, data: str) -> None:
        self.lines.line(data.strip())


_BLANKS: Final = re.compile(r"\s+")


def read(text: str) -> Read:
    """What a page says."""
    page = _Page()
    page.feed(text)
    page.close()
    return Read(page.lines.text(), page.properties, ("images",) if page.images else ())
