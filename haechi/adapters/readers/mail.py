"""Mails: head, body and attachments, one level deep: an attached mail is read, what is attached to it is not."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from typing import Final

from haechi.adapters.readers.lines import Lines
from haechi.domain.reading import File, Left, Read

_HEAD: Final = (
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Sensitivity",
    "Comments",
    "Keywords",
)
MOST_PARTS: Final = 100

Reader = Callable[[File], Read]


def read(content: bytes, attached: Reader, *, deeper: bool) -> Read:
    """The whole mail; `attached` reads its parts, those with a name only where it goes `deeper`."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    lines, left = Lines(), dict[Left, None]()
    properties = {name: value for name in _HEAD if (value := _head(mail, name))}
    parts = _parts(mail, left)
    for part in parts:
        found = _part(part, attached, deeper=deeper)
        if not found.readable and found.why != "empty":
            left["images" if found.why == "image" else "attachments"] = None
            continue
        left.update(dict.fromkeys(found.left))
        if name := part.get_filename():
            lines.line(str(name))
        lines.line(found.text)
    return Read(lines.text(), properties, tuple(left))


def _head(mail: EmailMessage, name: str) -> str:
    try:
        return ", ".join(str(value) for value in mail.get_all(name, []))
    except (
        ValueError,
        LookupError,
        AttributeError,
        IndexError,
        TypeError,
    ):  # the library stumbles over broken heads
        return ""


def _parts(mail: EmailMessage, left: dict[Left, None]) -> list[EmailMessage]:
    """What holds content, without going into attached mails."""
    found: list[EmailMessage] = []
    open_parts = [mail]
    while open_parts:
        part = open_parts.pop(0)
        if len(found) >= MOST_PARTS:
            left["attachments"] = None
            break
        if part.get_content_maintype() == "multipart":
            children = part.get_payload()
            open_parts = [*children, *open_parts] if isinstance(children, list) else open_parts
        else:
            found.append(part)
    return found


def _part(part: EmailMessage, attached: Reader, *, deeper: bool) -> Read:
    kind, name = part.get_content_type(), str(part.get_filename() or "")
    inner = part.get_payload()
    content: object
    if kind == "message/rfc822" and isinstance(inner, list) and isinstance(inner[0], EmailMessage):
        content, name = inner[0].as_bytes(), name or "mail.eml"
    else:
        content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return Read(why="broken")
    if name and not deeper:
        return Read(why="archive")
    charset = part.get_content_charset()
    if charset and kind.startswith("text/"):
        try:
            content = content.decode(_KOREAN.get(charset, charset)).encode()
        except (UnicodeError, LookupError):
            return Read(why="not_text")
    return attached(File(content, name, kind))


_KOREAN: Final = {"ks_c_5601-1987": "cp949", "ksc5601": "cp949", "euc-kr": "cp949"}
"""Names by which mails in Korean call what is CP949 by now."""
