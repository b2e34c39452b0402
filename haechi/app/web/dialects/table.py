"""Which dialect a caller speaks, wherever he asks: an error has to be one that his SDK can read."""

from collections.abc import Mapping
from typing import Final

from msgspec import structs

from haechi.app.web import mcp
from haechi.app.web.dialects import openai
from haechi.app.web.dialects.dialect import Dialect

_MCP: Final = structs.replace(openai.CHAT, name="mcp", encode_error=mcp.encode_error)
"""For errors alone: what is asked there is no conversation."""


def dialect_of(path: str, headers: Mapping[bytes, bytes]) -> Dialect:
    """The dialect of a request, by its path, else by a header that only one SDK sends."""
    return _MCP if path == mcp.PATH else openai.CHAT
