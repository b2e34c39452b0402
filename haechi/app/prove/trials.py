"""What is said to the gate, as tables: everyday work, each place of each surface, other readings, and channels that
carry nothing.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import msgspec
import orjson

from haechi.app.prove.canaries import OPAQUE, STRAY
from haechi.app.prove.ground import CHAT, SAID, Ground, Trial, chat
from haechi.app.prove.places import HERE, LEAST_TEXT, SURFACES, places_of, planted, takes_numbers_only
from haechi.app.web import gemini
from haechi.domain.label import Level

Body = dict[str, Any]
RESPONSES: Final = "/v1/responses"
CONVERSATIONS: Final = frozenset({CHAT, "/v1/messages", RESPONSES, gemini.TAKES})
"""Surfaces on which models answer."""

WAYS: Final[tuple[Body, ...]] = ({}, {"stream": True})
"""Whole and streamed."""

EVERYDAY: Final = (
    "다음 문장을 영어로 번역해줘: 오늘은 날씨가 좋다. {}",
    "회의록을 세 문장으로 줄여줘. 안건은 {} 배포 일정이다.",
    "Write a short thank-you note to the team behind {}.",
    "파이썬에서 리스트 {} 의 중복을 지우는 가장 짧은 방법은?",
    "Explain the difference between TCP and UDP, and mention {}.",
)


def everyday(ground: Ground) -> Iterator[Trial]:
    """Ordinary work for every name that may be asked for: it must arrive wherever policy clears it."""
    for model in ground.models():
        for text in EVERYDAY:
            for way in WAYS:
                canary, said = ground.ordinary(text)
                yield Trial(f"{model}: {text}", canary, chat(said, model, **way))


def surfaces(ground: Ground) -> Iterator[Trial]:
    """Each place of each endpoint, whole and streamed in turn: on the first surface × each kind, on the others with a kind each
    in turn, since what looks at a place is the same for all of them."""
    turn = 0
    for path, surface in SURFACES.items():
        for where, body in places_of(surface):
            travels = _travels(body, surface)
            numbers_only = takes_numbers_only(body)
            for kind in ("kr.rrn",) if numbers_only else _kinds(ground, path, turn):
                way, turn = WAYS[turn % 2], turn + 1
                canary = ground.mint.of(kind)
                filled = planted(body, canary.text, canary.value)
                yield Trial(
                    f"{path} {where}", canary, _whole(filled, ground, way, path), path, never=not travels
                )
            turn += 1
            if not travels and not numbers_only:
                for way in WAYS:
                    stray = ground.mint.word(STRAY, Level.INTERNAL)
                    filled = planted(body, stray.text)
                    yield Trial(f"{path} {where}", stray, _whole(filled, ground, way, path), path, never=True)
    yield from _opaque(ground)
    yield from _files(ground)
    yield from _markings(ground)


def _kinds(ground: Ground, path: str, turn: int) -> list[str]:
    every = list(ground.mint.kinds)
    if path == CHAT:
        return every
    return [every[turn % len(every)]]


def _travels(body: Any, surface: Any) -> bool:
    """Whether what stands in this place is part of the form at all; what is not may go nowhere."""
    try:
        typed = msgspec.convert(planted(body, HERE, "0"), surface)
    except msgspec.ValidationError:
        return False
    return takes_numbers_only(body) or HERE.encode() in msgspec.json.encode(typed)


def _whole(body: Body, ground: Ground, way: Body, path: str = CHAT) -> bytes:
    """`body` as somebody would really send it: with a model that exists, and a question at the end."""
    if path not in CONVERSATIONS:
        return orjson.dumps(body)
    body = {"max_tokens": SAID, **body}
    if body.get("model") == LEAST_TEXT:
        body["model"] = ground.next_model()
    if isinstance(body.get("messages"), list):
        body["messages"] = [*body["messages"], {"role": "user", "content": "이어서 써줘"}]
    if path == gemini.TAKES and isinstance(body.get("contents"), list):
        body["contents"] = [*body["contents"], {"role": "user", "parts": [{"text": "이어서 써줘"}]}]
    if path == RESPONSES and type(body.get("input")) is not str:
        body["input"] = [*body.get("input", ()), {"role": "user", "content": "이어서 써줘"}]
    return orjson.dumps(body | way)


def _opaque(ground: Ground) -> Iterator[Trial]:
    """Parts that nobody here can read, with something in them."""
    for way in WAYS:
        for name in ("image", "sound", "file", "file name"):
            canary = ground.mint.word(OPAQUE, Level.RESTRICTED)
            hidden = _base64(UNREADABLE + canary.text.encode())
            part: Body = {
                "image": {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{hidden}"}},
                "sound": {"type": "input_audio", "input_audio": {"data": hidden, "format": "wav"}},
                "file": {"type": "file", "file": {"file_data": hidden, "filename": "a.pdf"}},
                "file name": {"type": "file", "file": {"file_data": "AAAA", "filename": canary.text}},
            }[name]
            said = [{"type": "text", "text": "요약해줘"}, part]
            body = {"model": ground.next_model(), "messages": [{"role": "user", "content": said}], **way}
            yield Trial(f"{CHAT} part: {name}", canary, orjson.dumps(body))


UNREADABLE: Final = b"\x00\xff"
"""Bytes with which no text begins, and no file of a format that is read."""


def _files(ground: Ground) -> Iterator[Trial]:
    """Files that are read, with a canary of each kind in them: their text decides, and takes their place."""
    for kind in ground.mint.kinds:
        for way in WAYS:
            canary = ground.mint.of(kind)
            file = {"file_data": _base64(canary.text.encode()), "filename": "memo.txt"}
            said = [{"type": "text", "text": "요약해줘"}, {"type": "file", "file": file}]
            body = {"model": ground.next_model(), "messages": [{"role": "user", "content": said}], **way}
            yield Trial(f"{CHAT} part: file of text", canary, orjson.dumps(body))


def _markings(ground: Ground) -> Iterator[Trial]:
    """A document that is marked at its head, for every model: a marking is known by where it stands."""
    for model in ground.models():
        for way in WAYS:
            canary = ground.mint.of("marking")
            yield Trial(f"{CHAT} a marked document", canary, chat(canary.text, model, **way))


def _base64(content: bytes) -> str:
    return msgspec.json.encode(content).decode().strip('"')


ENCODINGS: Final[dict[str, Any]] = {
    "JSON in a string": lambda text: orjson.dumps({"memo": text}).decode(),
    "JSON in JSON in a string": lambda text: orjson.dumps(
        {"memo": orjson.dumps({"inner": text}).decode()}
    ).decode(),
    "\\u escapes": lambda text: _escaped(text),
    "\\u escapes in JSON": lambda text: f'{{"memo": "{_escaped(text)}"}}',
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent in an address": lambda text: f"https://example.com/?q={quote(text)}",
    "base64": lambda text: f"첨부: {b64encode(text.encode()).decode()}",
    "hexadecimal": lambda text: f"첨부: {text.encode().hex()}",
    "after a line break": lambda text: f"첫째 줄\\n{text}",
    "between letters": lambda text: f"표:{text}입니다",
}
"""Other readings that the scanner looks at, those in which a leak would be recognised. Compressed text is not one."""


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def encodings(ground: Ground) -> Iterator[Trial]:
    """Each other reading × each kind, in a message and in the arguments of a tool."""
    for name, encode in ENCODINGS.items():
        for kind in ground.mint.kinds:
            for way in WAYS:
                canary = ground.mint.of(kind)
                said = encode(canary.text)
                yield Trial(f"message, {name}", canary, chat(said, ground.next_model(), **way))
                canary = ground.mint.of(kind)
                yield Trial(
                    f"arguments, {name}", canary, calling(encode(canary.text), ground.next_model(), way)
                )


def calling(arguments: str, model: str, way: Body) -> bytes:
    """A conversation in which a tool was called."""
    call = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": arguments}}
    messages = [
        {"role": "user", "content": "찾아줘"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "없음"},
    ]
    return orjson.dumps({"model": model, "max_tokens": SAID, "messages": messages, **way})


HEADERS: Final = (
    "x-note user-agent cookie referer x-request-id traceparent baggage x-forwarded-for x-forwarded-host forwarded "
    "openai-organization openai-project anthropic-beta anthropic-version x-goog-api-client x-haechi-note via from"
)
"""None of these is passed on."""


def channels(ground: Ground) -> Iterator[Trial]:
    """Headers, queries and paths: ordinary work whose margins hold something. Margins never travel."""
    mint = ground.mint
    for way in WAYS:
        for header in HEADERS.split():
            for canary in (mint.word(STRAY, Level.INTERNAL), mint.of("kr.rrn")):
                _, said = ground.ordinary()
                yield Trial(
                    f"header {header}",
                    canary,
                    chat(said, ground.next_model(), **way),
                    headers=((header, canary.value),),
                    never=True,
                )
        for kind in mint.kinds:
            canary = mint.of(kind)
            body = chat(ground.ordinary()[1], ground.next_model(), **way)
            asked = f"{CHAT}?note={quote(canary.value, safe='')}"
            yield Trial("query", canary, body, asked, never=True)
            canary = mint.of(kind)
            yield Trial("path", canary, body, f"/v1/{quote(canary.value, safe='')}", never=True)
