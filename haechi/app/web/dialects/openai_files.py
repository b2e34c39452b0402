"""Files in a request of OpenAI's dialect: where they stand, what they hold, and the text that takes their place.

What is written in the place of a file is the same in the body, which is scanned, and in the form, which is sent.
"""

from base64 import b64decode
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from msgspec import structs

from haechi.app.web.dialects.openai import Decoded
from haechi.domain.chat import Chat, ContentPart, FilePart, ImagePart, Message, TextPart, addressed, held
from haechi.domain.reading import File


class Place(NamedTuple):
    """A part of a message."""

    message: int
    part: int

    @property
    def pointer(self) -> str:
        """As JSON says it."""
        return f"/messages/{self.message}/content/{self.part}"


def files(chat: Chat, *, pictures: bool) -> list[Place]:
    """Where the parts stand that hold a file, and with `pictures` an image."""
    kinds = (FilePart, ImagePart) if pictures else (FilePart,)
    return [
        Place(number, at)
        for number, message in enumerate(chat.messages)
        if type(message.content) is tuple
        for at, part in enumerate(message.content)
        if type(part) in kinds and _written(part) is not None
    ]


def file_at(chat: Chat, place: Place) -> File | None:
    """The file that stands there; `None` where it is written in no way that can be undone."""
    part = _part(chat, place)
    written = _written(part) or ""
    head, comma, body = written.partition(",") if held(written) else ("", "", written)
    media, *ways = head[5:].split(";")
    try:
        plain = comma and "base64" not in ways
        content = unquote_to_bytes(body) if plain else b64decode("".join(body.split()), validate=True)
    except ValueError:
        return None
    return File(content, name_at(chat, place), media[:LONGEST_NAME])


def name_at(chat: Chat, place: Place) -> str:
    """The name of the file that stands there, if it has one."""
    part = _part(chat, place)
    return (part.file.filename or "")[:LONGEST_NAME] if type(part) is FilePart else ""


LONGEST_NAME: Final = 255
"""Characters of a file's name, as file systems have it."""


def with_texts(decoded: Decoded, texts: dict[Place, str]) -> Decoded:
    """The request with text in the place of files."""
    body, chat = dict(decoded.body), decoded.chat
    raw, messages = list(body["messages"]), list(chat.messages)
    for number in {place.message for place in texts}:
        here = {place.part: text for place, text in texts.items() if place.message == number}
        written = [
            {"type": "text", "text": here[at]} if at in here else part
            for at, part in enumerate(raw[number]["content"])
        ]
        raw[number] = {**raw[number], "content": written}
        messages[number] = structs.replace(messages[number], content=_parts(messages[number], here))
    body["messages"] = raw
    return Decoded(body, structs.replace(chat, messages=tuple(messages)), decoded.dropped)


def _parts(message: Message, texts: dict[int, str]) -> tuple[ContentPart, ...]:
    parts = message.content if type(message.content) is tuple else ()
    return tuple(TextPart(texts[at]) if at in texts else part for at, part in enumerate(parts))


def _part(chat: Chat, place: Place) -> Any:
    return chat.messages[place.message].content[place.part]  # type: ignore[index]


def _written(part: Any) -> str | None:
    """The content as it is written in the request; `None` where only an address or a number is."""
    if type(part) is FilePart:
        data = part.file.file_data
        return data if part.file.file_id is None and data and not addressed(data) else None
    url = part.image_url.url if type(part) is ImagePart else ""
    return url if held(url) else None
