"""Where in a text something would be fetched: addresses, links, attributes, and the host they go to.

Whoever shows an answer follows what looks like an address: a browser an `<img src=…>`, a chat window a Markdown picture
or a bare `host/path`. `Place` reads a text once, from the left, in pieces, and says for its end whether it stands in such
an address and which host that has.
"""

import re
from html import unescape
from typing import Final, Literal

from haechi.domain.mapping import NO_HOST

Mode = Literal["text", "link", "angle", "tag", "attribute"]

MOST_KEPT: Final = 2_048
"""Characters of an address that are kept: its host stands at its beginning."""

LONGEST_HOST: Final = 300

_ELEMENTS: Final = (
    "a|abbr|address|applet|area|article|aside|audio|b|base|bdi|bdo|bgsound|blockquote|body|br|button|canvas|"
    "caption|center|cite|code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|"
    "fieldset|figcaption|figure|font|footer|form|frame|frameset|h1|h2|h3|h4|h5|h6|head|header|hgroup|hr|html|"
    "i|iframe|image|img|input|ins|isindex|kbd|label|legend|li|link|main|map|mark|marquee|math|menu|meta|meter|"
    "nav|noembed|noframes|noscript|object|ol|optgroup|option|output|p|param|picture|plaintext|pre|progress|q|"
    "rp|rt|ruby|s|samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub|summary|"
    "sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|use|var|video|wbr|"
    "xmp|feimage|animate|set"
)
_TEXT: Final = re.compile(
    r"(?P<link>\]\((?P<inner>[ \t]{0,9}<)?)"
    rf"|<(?P<tag>(?i:{_ELEMENTS}))(?=[\s/\"'])"
    r"|(?P<angle><)(?=[A-Za-z][A-Za-z0-9+.\-]{1,31}:[/\\]|[/\\]{2})"
    r"|(?P<named>(?m:^)[ ]{0,3}\[[^\]\n]{1,999}\]:[ \t]{0,9}<)"
)
_TAG: Final = re.compile(r"(?P<end>>)|=\s{0,99}(?P<quote>[\"']?)")
_ATTRIBUTE_END: Final = {"": re.compile(r"[\s>]"), '"': re.compile('"'), "'": re.compile("'")}
_ANGLE_END: Final = re.compile(r"[>\n]")
_LINK_END: Final = re.compile(r"[()\n]")
_RUN_ENDS: Final = " \t\n\r\f\v<>\u00a0\u3000"
_RUN_END: Final = re.compile(f"[{_RUN_ENDS}]")
_LAST_RUN: Final = re.compile(f"[^{_RUN_ENDS}]*\\Z")
_QUOTES: Final = "\"'`"
STRING_END: Final = "\0"
"""Whoever reads JSON writes this where one string ends: what follows belongs to no address of it."""

_SCHEME: Final = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[/\\]+|(?<![A-Za-z]:)[/\\]{2,}|(?:mailto|javascript|data|sms|tel|blob|vbscript):)"
)
_BARE: Final = re.compile(r"(?<![\w.\-])(?:[\w\-]{1,63}\.){1,12}[\w\-]{2,63}(?=[/\\?#:])")
_AUTHORITY_END: Final = re.compile(r"[/\\?#\s\"'`<>)\0]")
_STRIPPED: Final = re.compile(r"[\t\r\n]")


class Place:
    """The end of a text that is read in pieces."""

    __slots__ = ("_depth", "_mode", "_quote", "_run", "hosts")

    def __init__(self) -> None:
        self._mode: Mode = "text"
        self._quote = ""
        self._depth = 0
        self._run = ""
        self.hosts: set[str] = set()
        """Of every address that was read."""

    def read(self, text: str) -> None:
        """Go on to the end of `text`."""
        for number, piece in enumerate(text.split(STRING_END)):
            if number:
                self._end("text")
            at = 0
            while at < len(piece):
                at = self._step(piece, at)

    def _step(self, text: str, at: int) -> int:
        """Read up to where the mode changes, or to the end."""
        match self._mode:
            case "text":
                return self._read_text(text, at)
            case "link":
                return self._read_link(text, at)
            case "angle":
                return self._until(_ANGLE_END, text, at, "text")
            case "attribute":
                ends = _ATTRIBUTE_END[self._quote]
                return self._until(ends, text, at, "tag", keep_end=not self._quote)
            case "tag":
                return self._read_tag(text, at)

    def host(self, ahead: str, *, more: bool) -> str | None:
        """The host of the address that the text would stand in if it went on with `ahead`; `None` where it stands in
        none. `more`: `ahead` may go on. Raises `NotYet` where it would have to."""
        run = self._run
        if _fetches_nothing(run, ahead, self._mode, more=more):
            return None
        start = self._start(run)
        if start is not None:
            if _holds_another(run[start:]):
                return SEVERAL
            return _host(run[start:], ahead, more=more, closed=self._mode == "text")
        if self._mode == "text":
            return _named_by(run, ahead, more=more)
        return None

    def _start(self, run: str) -> int | None:
        """Where in the run an address begins."""
        if self._mode in ("link", "angle", "attribute"):
            return 0
        if self._mode == "tag":
            return None
        at = 0
        while (found := _SCHEME.search(run, at) or _BARE.search(run, at)) is not None:
            start = found.start()
            quote = run[start - 1] if start and run[start - 1] in _QUOTES else ""
            if not quote or (at := run.find(quote, start) + 1) == 0:
                return start
        return None

    def _close(self) -> None:
        """Note the host of the address that ends here."""
        if (start := self._start(self._run)) is not None:
            self.hosts.add(_host(self._run[start:], "", more=False, closed=True))
        self._run = ""

    def finish(self) -> frozenset[str]:
        """The hosts of all addresses of the text."""
        self._close()
        return frozenset(self.hosts)

    def _keep(self, text: str) -> None:
        run = self._run + text
        if len(run) > MOST_KEPT:
            start = self._start(run) if self._mode == "text" else 0
            run = run[-LONGEST_HOST:] if start is None else run[start : start + MOST_KEPT]
        self._run = run

    def _read_text(self, text: str, at: int) -> int:
        event = _TEXT.search(text, at)
        end = event.start() if event else len(text)
        self._runs(text, at, end)
        if event is None:
            return len(text)
        self._close()
        if event["tag"]:
            self._mode = "tag"
        elif event["angle"] or event["named"] or event["inner"]:
            self._mode = "angle"
        else:
            self._mode, self._depth = "link", 0
        return event.end()

    def _runs(self, text: str, at: int, end: int) -> None:
        """Keep what follows the last sign that ends an address, and note the addresses before it."""
        sign = _RUN_END.search(text, at, end)
        if sign is None:
            self._keep(text[at:end])
            return
        first, last = sign.start(), _last_run_end(text, at, end)
        self._keep(text[at:first])
        self._close()
        for match in _ADDRESS.finditer(text, first, last):
            self.hosts.add(_host(match.group(), "", more=False, closed=True))
        self._run = ""
        self._keep(text[last + 1 : end])

    def _read_link(self, text: str, at: int) -> int:
        event = _LINK_END.search(text, at)
        end = event.start() if event else len(text)
        self._keep(text[at:end])
        if event is None:
            return len(text)
        sign = event.group()
        if sign == "(" or (sign == ")" and self._depth):
            self._depth += 1 if sign == "(" else -1
            self._keep(sign)
        else:
            self._end("text")
        return event.end()

    def _read_tag(self, text: str, at: int) -> int:
        event = _TAG.search(text, at)
        if event is None:
            return len(text)
        self._run = ""
        if event["end"]:
            self._mode = "text"
        else:
            self._mode, self._quote = "attribute", event["quote"]
        return event.end()

    def _until(self, ends: re.Pattern[str], text: str, at: int, then: Mode, *, keep_end: bool = False) -> int:
        event = ends.search(text, at)
        self._keep(text[at : event.start() if event else len(text)])
        if event is None:
            return len(text)
        self._end(then)
        return event.start() if keep_end else event.end()

    def _end(self, then: Mode) -> None:
        self._close()
        self._mode = then


_ADDRESS: Final = re.compile(rf"(?:{_SCHEME.pattern}|{_BARE.pattern})[^\s\"'`<>]{{0,300}}")


def _last_run_end(text: str, at: int, end: int) -> int:
    """Where the last sign stands that ends an address. A pattern is quicker for a few characters, and slow for many."""
    if end - at <= 64:
        return _LAST_RUN.search(text, at, end).start() - 1  # type: ignore[union-attr]
    return max(text.rfind(sign, at, end) for sign in _RUN_ENDS)


_ASIDE: Final = re.compile(r"[⟦A-Z]{1,13}_[0-9]{1,6}[a-z]{0,2}⟧?\][^()<>\[\]/\\:.\n]{0,20}\)")
_WRITES_TO: Final = re.compile(r"(?:\A|[\s\"'(<=])(?:mailto|tel|sms):\Z", re.IGNORECASE)
_WHOLE: Final = re.compile(r"⟦?[A-Z]{1,12}_[0-9]{1,6}[a-z]{0,2}⟧?(?:[\s\"'()<>]|\Z)")
_LONGEST_ASIDE: Final = 48


def _fetches_nothing(run: str, ahead: str, mode: Mode, *, more: bool) -> bool:
    """Whether what looks like an address is none that anybody would fetch: a remark behind something in brackets
    (`[PERSON_1]([PHONE_1])`), or the mailbox or number itself that a letter or call would go to (`mailto:EMAIL_1`).
    Raises `NotYet`."""
    aside = mode == "link" and run == "["
    if not aside and (not run.endswith(":") or _WRITES_TO.search(run) is None):
        return False
    form = _ASIDE if aside else _WHOLE
    found = form.match(ahead)
    if more and len(ahead) < _LONGEST_ASIDE and (found is None or found.end() == len(ahead)):
        raise NotYet
    return found is not None


SEVERAL: Final = "\\several"
"""The host of what holds more than one address (`srcset`, a redirect, two that nothing parts): nobody's."""
_ANOTHER: Final = re.compile(r"[/\\]{2}|:[/\\]|(?i:%2f%2f|&#|&sol;|\\u00)")


def _holds_another(address: str) -> bool:
    """Whether a second address may begin behind the beginning of the first: then it is not known which one is fetched."""
    begins = _SCHEME.match(address)
    return _ANOTHER.search(address, begins.end() if begins else 2) is not None


class NotYet(Exception):
    """The host is not known before more of the text is."""


def _host(address: str, ahead: str, *, more: bool, closed: bool) -> str:
    """The host of an address that goes on with `ahead`; empty where it names none. Where readers would disagree about it
    (a user before it, a backslash behind it), that belongs to its name: only the same writing is the same host."""
    if "&" in address or "&" in ahead:
        address, ahead = unescape(address), unescape(ahead)
    address = _STRIPPED.sub("", address).lstrip()
    begins = _SCHEME.match(address)
    rest = address[begins.end() :] if begins else address
    end = _AUTHORITY_END.search(rest)
    if end is None:
        follows = _AUTHORITY_END.search(ahead)
        if follows is None and more and len(ahead) < LONGEST_HOST:
            raise NotYet
        rest += ahead[: follows.start()] if follows else ahead[:LONGEST_HOST]
        stop = ahead[follows.start()] if follows else ""
    else:
        rest, stop = rest[: end.start()], end.group()
    if begins is None and ("." not in rest or not closed) and not _BARE.match(f"{rest}/"):
        return NO_HOST
    host = (rest if "@" in rest else rest.partition(":")[0]).lower().rstrip(".")
    return f"\\{host}" if stop == "\\" else host


def _named_by(run: str, ahead: str, *, more: bool) -> str | None:
    """The host that `ahead` makes of itself (`PERSON_1.example.com`), as many readers would see it, or that it is mailed to
    (`PERSON_1@example.com`)."""
    mailed_to = _MAILBOX.match(ahead)
    if mailed_to is not None:
        if mailed_to.end() == len(ahead) and more and len(ahead) < LONGEST_HOST:
            raise NotYet
        if (host := _MAIL_HOST.match(mailed_to["host"] or "")) is not None:
            return host.group().lower()
    dotted = _DOTTED.match(ahead)
    if dotted is None:
        return None
    if dotted.end() == len(ahead) and more and len(ahead) < LONGEST_HOST:
        raise NotYet
    labels = [label for label in dotted["labels"].split(".") if label]
    if not labels or labels[-1].lower() in _FILES:
        return None
    if len(labels) == 1 and not _TOP.match(labels[0]):
        return None
    front = _WORD_END.search(run)
    return f"{front.group() if front else ''}{ahead[: dotted.start('labels')]}.{'.'.join(labels)}".lower()


_BEGINNINGS: Final = ("//", ":/", ":\\", "\\\\", "/\\", "](", "]:", "<")
_BEGINS: Final = (
    re.compile(r"\.[\w\-]{2,63}[/\\?#:]"),
    re.compile(
        r":(?i:(?<=mailto:)|(?<=javascript:)|(?<=data:)|(?<=sms:)|(?<=tel:)|(?<=blob:)|(?<=vbscript:))"
    ),
)
"""Each begins with a sign that the search can leap to: one pattern for all costs ten times as much."""


def may_address(text: str) -> bool:
    """Whether anything in `text` could begin an address, other than a bare name."""
    return any(sign in text for sign in _BEGINNINGS) or any(begins.search(text) for begins in _BEGINS)


def dotted_words(text: str) -> frozenset[str]:
    """Everything in `text` that could be a host."""
    words: set[str] = set()
    reached = 0
    for dot in _DOT.finditer(text):
        if dot.start() < reached:
            continue
        front = _FRONT.search(text, max(0, dot.start() - _LONGEST_LABEL), dot.start())
        rest = _REST.match(text, dot.start())
        if front and rest:
            reached = rest.end()
            word = text[front.start() : reached].lower()
            words |= {word, word.rpartition("\\")[2]}
    return frozenset(words)


_DOT: Final = re.compile(r"\.(?=[\w\-])")
_LONGEST_LABEL: Final = 80
_FRONT: Final = re.compile(r"[\w\-\\⟦⟧]{1,80}\Z")
_REST: Final = re.compile(r"(?:\.[\w\-⟦⟧]{1,80}){1,12}")
_DOTTED: Final = re.compile(r"[\w\-\\⟦⟧]{1,80}(?P<labels>(?:\.(?:[\w\-]{1,63})?){1,12})")
_WORD_END: Final = re.compile(r"[\w.\-]{1,300}\Z")
_MAILBOX: Final = re.compile(r"[⟦⟧A-Za-z0-9_.%+\-]{1,80}(?:\Z|@(?P<host>[\w.\-]{0,253}))")
_MAIL_HOST: Final = re.compile(r"(?:[\w\-]{1,63}\.)+[\w\-]{2,63}")
_TOP: Final = re.compile(r"[A-Za-z]{2,63}\Z")
_FILES: Final = frozenset(
    {
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "hwp",
        "hwpx",
        "txt",
        "csv",
        "tsv",
        "json",
        "xml",
        "yaml",
        "yml",
        "html",
        "htm",
        "java",
        "sql",
        "log",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "mp3",
        "mp4",
        "eml",
        "msg",
        "rtf",
    }
)
"""What a name is followed by when it names a file, and what is no domain."""
