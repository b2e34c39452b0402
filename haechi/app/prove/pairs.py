"""Two-run non-interference: the same request with two secrets must look the same from outside, byte for byte.

A search for the secret misses its length, its count, its order, a digest of it. Nothing is under way beside these
requests, so that what each stand-in hears belongs to one of them.
"""

from collections.abc import Callable
from typing import Any, Final

import orjson

from haechi.app.prove.ground import SAID, Ground, Trial
from haechi.app.prove.trials import WAYS

AREA: Final = "pairs"
Body = dict[str, Any]


def _user(text: str) -> Body:
    return {"messages": [{"role": "user", "content": text}]}


def _said(*said: tuple[str, str]) -> Body:
    return {"messages": [{"role": role, "content": text} for role, text in said]}


def _tool(spec: Body) -> Body:
    return _user("안녕") | {"tools": [{"type": "function", "function": {"name": "f", **spec}}]}


def _calling(arguments: str) -> Body:
    call = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": arguments}}
    called = {"role": "assistant", "tool_calls": [call]}
    answered = {"role": "tool", "tool_call_id": "c1", "content": "없음"}
    return {"messages": [{"role": "user", "content": "찾아줘"}, called, answered]}


SHAPES: Final[dict[str, Callable[[str], Body]]] = {
    "user": _user,
    "system": lambda s: _said(("system", s), ("user", "안녕")),
    "part": lambda s: {"messages": [{"role": "user", "content": [{"type": "text", "text": s}]}]},
    "history": lambda s: _said(("user", s), ("assistant", "네."), ("user", "이어서 써줘")),
    "arguments": _calling,
    "arguments as JSON": lambda s: _calling(orjson.dumps({"memo": s}).decode()),
    "description": lambda s: _tool({"description": s}),
    "schema": lambda s: _tool({"parameters": {"type": "object", "properties": {s: {"type": "string"}}}}),
    "stop": lambda s: _user("안녕") | {"stop": [s]},
    "user field": lambda s: _user("안녕") | {"user": s},
    "unknown field": lambda s: _user("안녕") | {"metadata": {"note": s}},
    "format": lambda s: (
        _user("안녕")
        | {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"const": s}}}}
    ),
}


async def pairs(ground: Ground) -> None:
    """Each shape × each kind that no cloud may have, whole and streamed, twice."""
    async with ground.part(AREA):
        for kind in ground.mint.kinds:
            if any(ground.allowed(ground.mint.of(kind), cloud.name) for cloud in ground.clouds):
                continue  # what may go out is told apart by being there
            for shape in SHAPES:
                for way in WAYS:
                    await _pair(ground, shape, kind, way)


async def _pair(ground: Ground, shape: str, kind: str, way: Body) -> None:
    model, heard = ground.next_model(), []
    for _ in range(2):
        canary = ground.mint.of(kind)
        marks = {cloud.name: len(cloud.heard) for cloud in ground.clouds}
        body = {"model": model, "max_tokens": SAID, **SHAPES[shape](f"고객 {canary.text} 입니다"), **way}
        await ground.send(AREA, Trial(f"two secrets in {shape}", canary, orjson.dumps(body)))
        heard.append({cloud.name: cloud.since(marks[cloud.name]) for cloud in ground.clouds})
    for cloud in ground.clouds:
        if heard[0][cloud.name] != heard[1][cloud.name]:
            ground.leak(AREA, f"two secrets in {shape}", kind, cloud.name, "a difference")
