"""Gemini's routes, `/v1beta/models/…` and `/v1/models/…:…`: the model and what is asked of it stand in the path."""

from collections.abc import Callable
from typing import Any, Final

from haechi.app.web.conversation import conversation
from haechi.app.web.counting import counting
from haechi.app.web.dialects import gemini
from haechi.app.web.dialects.gemini_form import PREFIX, STABLE, STREAM, model_of
from haechi.app.web.http import Incoming, Send
from haechi.app.web.models import models, one_model

Handler = Callable[[Any, Incoming, Send], Any]
LIST: Final = PREFIX.rstrip("/")
TAKES: Final = f"{PREFIX}auto:generateContent"
"""One of the paths that take content, as an example of all."""

_CONVERSE: Final = conversation(gemini.CONTENT)
_ACTIONS: Final[dict[str, Handler]] = {
    "generateContent": _CONVERSE,
    STREAM: _CONVERSE,
    "countTokens": counting(gemini.CONTENT, gemini.encode_count),
}


def served(path: str) -> dict[str, Handler] | None:
    """The methods of a path of this dialect."""
    if path == LIST:
        return {"GET": models}
    if not path.startswith((PREFIX, STABLE)):
        return None
    model, action = model_of(path)
    return {"POST": _ACTIONS[action]} if model and action in _ACTIONS else {"GET": one_model}
