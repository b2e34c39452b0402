"""What a body may hold in each wire, and what it makes the service do on its own: for whoever did not write it.

Our own wires write known fields only. A body with any other may turn on what nobody allowed: a search, a remote
tool server, storage.
"""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import structs

from haechi.domain.chat import Chat, addressed, held
from haechi.domain.destination import Service, Wire

FIELDS: Final[dict[Wire, frozenset[str]]] = {
    "openai": frozenset(field.encode_name for field in structs.fields(Chat)) | {"store"},
    "anthropic": frozenset(
        {
            "model",
            "max_tokens",
            "messages",
            "system",
            "stream",
            "stop_sequences",
            "temperature",
            "top_p",
            "metadata",
            "tools",
            "tool_choice",
            "output_config",
            "thinking",
        }
    ),
    "gemini": frozenset({"contents", "systemInstruction", "tools", "toolConfig", "generationConfig"}),
}
"""The fields that a wire writes at the top of a body."""


def asks_for(wire: Wire, body: Any) -> frozenset[Service] | None:
    """The services that `body` asks for; `None` where it holds what `wire` never writes."""
    if type(body) is not dict or wire not in FIELDS or not body.keys() <= FIELDS[wire]:
        return None
    tools = body.get("tools", ())
    if body.get("store", False) is not False or not all(map(_is_callers, tools)):
        return None
    asked: set[Service] = {"web_search"} if "web_search_options" in body else set()
    asked.update(service for part in _parts(body) if (service := _leads_elsewhere(part)))
    return frozenset(asked)


def _is_callers(tool: Any) -> bool:
    """Whether a tool is run by the caller: one of a type of the service's own would be run there."""
    if type(tool) is not dict:
        return False
    if "functionDeclarations" in tool:  # Gemini: whatever stands beside them is the service's
        return len(tool) == 1
    return tool.get("type", "custom") in ("function", "custom") and bool(
        tool.keys() & {"function", "input_schema"}
    )


def _parts(body: dict[str, Any]) -> Iterator[Any]:
    """The parts of every turn, those inside results of tools too."""
    for turn in (*_list(body.get("messages")), *_list(body.get("contents"))):
        if type(turn) is dict:
            for part in (*_list(turn.get("content")), *_list(turn.get("parts"))):
                yield part
                if type(part) is dict:
                    yield from _list(part.get("content"))


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _leads_elsewhere(part: Any) -> Service | None:
    """What a part makes the service fetch or look up; `None` where it holds what it speaks of."""
    match part:
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            return None if held(url) else "fetch"
        case {"type": "file", "file": {"file_data": str(content)}} if addressed(content):
            return "fetch"
        case {"source": {"type": "url"}} | {"fileData": _}:
            return "fetch"
        case {"source": {"type": "file"}} | {"file": {"file_id": _}}:
            return "storage"
    return None
