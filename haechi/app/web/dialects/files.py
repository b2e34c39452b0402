"""Files in a request, in any dialect: where they stand, what they hold, and the text that takes their place.

The text is written into the body, which is scanned; the form that is sent is read out of that body again. So both say
the same.
"""

from base64 import b64decode
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from msgspec import structs

from haechi.app.web.dialects.dialect import Decoded
from haechi.domain.chat import Chat, FilePart, ImagePart, JsonObject, addressed, held
from haechi.domain.reading import File

LONGEST_NAME: Final = 255
"""Characters of a file's name, as file systems have it."""

_TALK: Final = ("messages", "input", "contents")
_PARTS: Final = ("content", "parts", "output")


class Place(NamedTuple):
    """A part that holds a file. `written` is its content as the request has it, base64 or a `data:` URL; `text` is the
    form of a text that may stand there instead."""

    pointer: str
    written: str
    name: str
    media: str
    picture: bool
    text: str

    def with_text(self, text: str) -> JsonObject:
        """The part that takes its place."""
        return {"type": self.text, "text": text} if self.text else {"text": text}


def has_files(chat: Chat, *, pictures: bool) -> bool:
    """Whether any part holds a file, or with `pictures` an image."""
    kinds = (FilePart, ImagePart) if pictures else (FilePart,)
    return any(
        type(part) in kinds
        for message in chat.messages
        if type(message.content) is tuple
        for part in message.content
    )


def places(body: JsonObject, *, pictures: bool) -> list[Place]:
    """Where files stand whose content is written in the request; with `pictures` images, too."""
    found = []
    for talk in _TALK:
        for pointer, node in _parts(body.get(talk), f"/{talk}"):
            place = _place(pointer, node)
            if place is not None and (pictures or not place.picture):
                found.append(place)
    return found


def file_at(place: Place) -> File | None:
    """The file that stands there; `None` where it is written in no way that can be undone."""
    written = place.written
    head, comma, body = written.partition(",") if held(written) else ("", "", written)
    media, *ways = head[5:].split(";")
    try:
        plain = comma and "base64" not in ways
        content = unquote_to_bytes(body) if plain else b64decode("".join(body.split()), validate=True)
    except ValueError:
        return None
    return File(content, place.name, (media or place.media)[:LONGEST_NAME])


def with_texts(decoded: Decoded, texts: dict[Place, str]) -> Decoded:
    """The request with text in the place of files."""
    body = decoded.body
    for place, text in texts.items():
        body = _exchanged(body, place.pointer.split("/")[1:], place.with_text(text))
    return structs.replace(decoded, body=body, chat=decoded.to_chat(body))


def _parts(node: Any, pointer: str) -> Iterator[tuple[str, JsonObject]]:
    """Every part of a list of turns, those inside results of tools too."""
    for number, each in enumerate(node if type(node) is list else ()):
        if type(each) is dict:
            here = f"{pointer}/{number}"
            yield here, each
            for key in _PARTS:
                yield from _parts(each.get(key), f"{here}/{key}")


def _place(pointer: str, part: JsonObject) -> Place | None:
    """The file that a part holds, as any dialect says it; `None` where only an address or a number is."""
    match part:
        case {"type": "file", "file": {"file_data": str(data)} as file}:
            if file.get("file_id") is None:
                return _made(pointer, data, file.get("filename"), "", False, "text")
        case {"type": "input_file", "file_data": str(data)}:
            return _made(pointer, data, part.get("filename"), "", False, "input_text")
        case {"type": "image_url", "image_url": {"url": str(url)}} if held(url):
            return _made(pointer, url, None, "", True, "text")
        case {"type": "input_image", "image_url": str(url)} if held(url):
            return _made(pointer, url, None, "", True, "input_text")
        case {
            "type": "document" | "image" as kind,
            "source": {"type": "base64", "data": str(data)} as source,
        }:
            media = source.get("media_type")
            return _made(pointer, data, part.get("title"), media, kind == "image", "text")
        case {"inlineData": {"data": str(data)} as held_there}:
            media = str(held_there.get("mimeType") or "")
            return _made(pointer, data, held_there.get("displayName"), media, media.startswith("image/"), "")
    return None


def _made(pointer: str, written: str, name: Any, media: Any, picture: bool, text: str) -> Place | None:
    if not written or (not picture and addressed(written)):
        return None
    named, kind = (each if type(each) is str else "" for each in (name, media))
    return Place(pointer, written, named[:LONGEST_NAME], kind, picture, text)


def _exchanged(node: Any, steps: list[str], new: JsonObject) -> Any:
    """`node` with what stands below `steps` exchanged; all else is shared with it."""
    if not steps:
        return new
    if type(node) is list:
        at = int(steps[0])
        return [*node[:at], _exchanged(node[at], steps[1:], new), *node[at + 1 :]]
    return {**node, steps[0]: _exchanged(node[steps[0]], steps[1:], new)}
