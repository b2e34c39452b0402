"""HTML: its words, what attributes say, its title and properties, comments and scripts; not its styles.

Every step goes forward, so that no page takes longer than its length. What is no tag is words: a page that is broken
says more than its author meant, never less.
"""

import html
from collections.abc import Iterator
from typing import Final

import re2

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
_RAW: Final = frozenset({"script", "style", "title", "textarea", "xmp"})
"""Elements that hold no others: all that stands there up to their end is words."""

_PICTURES: Final = frozenset({"img", "picture", "svg", "video", "canvas"})
_SPEAKING: Final = frozenset(
    {
        "alt",
        "title",
        "value",
        "placeholder",
        "aria-label",
        "href",
        "content",
        "summary",
        "srcdoc",
        "action",
        "data",
    }
)
_TAG: Final = re2.compile(r"^/?[A-Za-z][A-Za-z0-9:-]*")
_ATTRIBUTE: Final = re2.compile(r"""([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")


class _Page:
    def __init__(self) -> None:
        self.lines = Lines()
        self.properties: dict[str, str] = {}
        self.images = False

    def tag(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins or, after a slash, ends."""
        name = tag.removeprefix("/")
        self.images = self.images or name in _PICTURES
        if name == "meta" and "content" in attributes:
            self.properties[attributes.get("name") or attributes.get("property") or "meta"] = attributes[
                "content"
            ]
        if name in _CELLS:
            if tag != name:
                self.lines.separate("\t")
        elif name not in _INLINE:
            self.lines.separate("\n")
        for key, said in attributes.items():
            if key in _SPEAKING and not said.startswith(("#", "data:")):
                self.lines.say(f" {said} ")

    def words(self, words: str, within: str) -> None:
        """What stands between tags, or within one that holds no others."""
        if within == "style":
            return
        if within == "title":
            self.properties["title"] = " ".join(words.split())
        parts = words.split()
        if not parts:
            return
        before, after = (" " * words[at].isspace() for at in (0, -1))
        self.lines.say(f"{before}{' '.join(parts)}{after}")


def read(text: str) -> Read:
    """What a page says."""
    page = _Page()
    for tag, inside, words in _steps(text):
        if tag:
            found = _ATTRIBUTE.finditer(inside) if "=" in inside else ()
            page.tag(
                tag, {each[1].lower(): html.unescape(each[2] or each[3] or each[4] or "") for each in found}
            )
        page.words(words if tag == "script" else html.unescape(words), tag)
    return Read(page.lines.text(), page.properties, ("images",) if page.images else ())


def _steps(text: str) -> Iterator[tuple[str, str, str]]:
    """Each tag with what it holds, and the words up to the next one; first the words before any."""
    at = _next(text, "<", 0)
    yield "", "", text[:at]
    while at < len(text):
        name = _TAG.search(text[at + 1 : at + 65])
        if text.startswith("<!--", at):
            end = _next(text, "-->", at + 4)
            yield "!", "", text[at + 4 : end]
            tag, inside, begin = "", "", end + 3
        elif name or text.startswith(("<!", "<?"), at):
            end = text.find(">", at)
            if end < 0:
                yield "", "", text[at:]
                return
            tag, inside, begin = name[0].lower() if name else "!", text[at + 1 : end], end + 1
        else:  # a sign, as in `a < b`
            yield "", "", "<"
            tag, inside, begin = "", "", at + 1
        at = _end_of(text, tag, begin) if tag in _RAW else _next(text, "<", begin)
        yield tag, inside, text[begin:at]


def _end_of(text: str, tag: str, at: int) -> int:
    return min(_next(text, f"</{tag}", at), _next(text, f"</{tag.upper()}", at))


def _next(text: str, sign: str, at: int) -> int:
    """Where `sign` stands next, or the end."""
    found = text.find(sign, at)
    return found if found >= 0 else len(text)
