"""How many tokens a request is about, where nobody may be asked: a rule of thumb by writing, on the high side.

Tokenizers differ by a third and more; newer ones (200,000 words) write a syllable of Hangul in about 0.6 tokens, four Latin
letters in one, three figures in one. Whoever pays asks the provider's own count in the answer.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from haechi.domain.chat import Chat, FilePart, ImagePart, TextPart

PER_MESSAGE: Final = 4
PER_IMAGE: Final = 1_600
"""Tokens of an image of ordinary size (Anthropic: about width × height / 750)."""

_PER_CHARACTER: Final = (
    ("가", "힣", 0.65),
    ("㐀", "鿿", 0.95),
    ("ぁ", "ヿ", 0.8),
    ("A", "z", 0.26),
    ("0", "9", 0.4),
)
_OTHERS: Final = 0.35
_RATES: Final[dict[str, float]] = {}


def estimate(chat: Chat) -> int:
    """Tokens of the input, about."""
    tools = msgspec.json.encode(chat.tools).decode() if chat.tools else ""
    schema = msgspec.json.encode(chat.response_format).decode() if chat.response_format else ""
    total = sum(map(tokens_of, (tools, schema, *_texts(chat))))
    images = sum(
        isinstance(part, ImagePart)
        for message in chat.messages
        for part in (message.content if isinstance(message.content, tuple) else ())
    )
    return round(total + PER_MESSAGE * len(chat.messages) + PER_IMAGE * images)


def tokens_of(text: str) -> float:
    """Tokens of a text, about.

    >>> round(tokens_of("안녕하세요")), round(tokens_of("hello world, how are you"))
    (3, 7)
    """
    return sum(map(_rate, text))


def _rate(letter: str) -> float:
    known = _RATES.get(letter)
    if known is None:
        known = next((rate for first, last, rate in _PER_CHARACTER if first <= letter <= last), _OTHERS)
        if len(_RATES) < 1 << 16:
            _RATES[letter] = known
    return known


def _texts(chat: Chat) -> Iterator[str]:
    for message in chat.messages:
        yield from filter(None, (message.reasoning_content, message.refusal, message.name))
        if isinstance(message.content, str):
            yield message.content
        for part in message.content if isinstance(message.content, tuple) else ():
            if isinstance(part, TextPart):
                yield part.text
            elif isinstance(part, FilePart):
                yield (part.file.file_data or "")[: 1 << 16]
        for call in message.tool_calls or ():
            yield f"{call.function.name}{call.function.arguments}"
