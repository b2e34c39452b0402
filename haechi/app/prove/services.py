"""What a model service would do on its own: search the web, fetch an address, read what is stored with it.

Each is a destination of its own, closed at home too. A request that needs one goes only where a policy line allows
it for such a text; tools that the service would run itself, or connect to, go nowhere.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson

from haechi.app.prove.canaries import Canary
from haechi.app.prove.ground import SAID, Ground, Trial
from haechi.app.prove.trials import WAYS, Body


def services(ground: Ground) -> Iterator[Trial]:
    """Ordinary work under every name, and a canary of each kind, with each service; and every foreign tool."""
    elsewhere = f"http://127.0.0.1:{ground.recorder.port}/picture.png"
    for name, asking in ASKING.items():
        for way in WAYS:
            for model in ground.models():
                canary, said = ground.ordinary()
                yield _trial(name, canary, asking(said, elsewhere), model, way)
            for kind in ground.mint.kinds:
                canary = ground.mint.of(kind)
                yield _trial(name, canary, asking(canary.text, elsewhere), ground.next_model(), way)
    for tool in FOREIGN:
        for way in WAYS:
            canary, said = ground.ordinary()
            body = _said(said) | {"tools": [tool | {"server_url": elsewhere}]}
            yield _trial(f"tool {tool['type']}", canary, body, ground.next_model(), way)._replace(never=True)


def _trial(name: str, canary: Canary, body: Body, model: str, way: Body) -> Trial:
    return Trial(name, canary, orjson.dumps({"model": model, "max_tokens": SAID, **body, **way}))


def _said(content: Any) -> Body:
    return {"messages": [{"role": "user", "content": content}]}


def _with_part(text: str, part: Body) -> Body:
    return _said([{"type": "text", "text": text}, part])


def _near(place: str) -> Body:
    """A search near a place, which is text like any other."""
    return {"user_location": {"type": "approximate", "approximate": {"city": place}}}


ASKING: Final[dict[str, Callable[[str, str], Body]]] = {
    "a search": lambda text, _: _said(text) | {"web_search_options": {}},
    "a search near a place": lambda text, _: _said("맛집") | {"web_search_options": _near(text)},
    "an image by address": lambda text, elsewhere: _with_part(
        text, {"type": "image_url", "image_url": {"url": elsewhere}}
    ),
    "an address that says something": lambda text, elsewhere: _with_part(
        "무엇이 보이나", {"type": "image_url", "image_url": {"url": f"{elsewhere}?of={text}"}}
    ),
    "a stored file": lambda text, _: _with_part(text, {"type": "file", "file": {"file_id": "file-1"}}),
    "a stored file whose name says something": lambda text, _: _with_part(
        "요약해줘", {"type": "file", "file": {"file_id": text}}
    ),
}
"""Text and an address to a request that needs a service."""

FOREIGN: Final[tuple[Body, ...]] = (
    {"type": "web_search"},
    {"type": "web_search_20250305", "name": "web_search"},
    {"type": "code_interpreter", "container": {"type": "auto"}},
    {"type": "mcp", "server_label": "m", "require_approval": "never"},
    {"type": "file_search", "vector_store_ids": ["v"]},
)
"""Tools that nobody on this side runs."""
