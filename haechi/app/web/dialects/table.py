"""Which dialect a caller speaks, wherever he asks: an error has to be one that his SDK can read."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from msgspec import structs

from haechi.app.web import mcp
from haechi.app.web.dialects import anthropic, gemini, openai
from haechi.app.web.dialects.dialect import Dialect
from haechi.app.web.dialects.gemini_form import is_asked

_MESSAGES: Final = "/v1/messages"
_VERSION: Final = b"anthropic-version"
_GOOGLE_KEY: Final = b"x-goog-api-key"
_MCP: Final = structs.replace(openai.CHAT, name="mcp", encode_error=mcp.encode_error)
"""For errors alone: what is asked there is no conversation."""


class Listing(NamedTuple):
    """How models are listed."""

    encode_models: Callable[[list[tuple[str, str]]], bytes]
    encode_model: Callable[[str, str], bytes]


def dialect_of(path: str, headers: Mapping[bytes, bytes]) -> Dialect:
    """The dialect of a request, by its path, else by a header that only one SDK sends."""
    if path == mcp.PATH:
        return _MCP
    if path.startswith(_MESSAGES) or _VERSION in headers:
        return anthropic.MESSAGES
    if is_asked(path) or _GOOGLE_KEY in headers:
        return gemini.CONTENT
    return openai.CHAT


def listing(dialect: Dialect) -> Listing:
    """How `dialect` lists models."""
    spoken = {anthropic.MESSAGES.name: anthropic, gemini.CONTENT.name: gemini}.get(dialect.name, openai)
    return Listing(spoken.encode_models, spoken.encode_model)
