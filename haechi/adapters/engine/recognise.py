"""Engines that already run on this machine: which of them provably serve local weights.

Loopback is not on-prem: a proxy on 127.0.0.1 may forward to a provider. So an engine is used only where its
own, engine-specific interface shows weights on this machine; every other server is offered, never used, until
`haechi.yaml` names it.

    llama.cpp  /props names a model file, one model only, and /v1/models is owned by llamacpp
    vLLM       /version, and /v1/models is owned by vllm with a context length
    Ollama     /api/tags, and /api/show per model: weights described, no remote host, no cloud tag
    any other  offered

Only literal loopback addresses are connected to; answers are bounded in size and time; redirects are not followed.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, assert_never

from msgspec import Struct

from haechi.domain.text import Text

Kind = Literal["llama.cpp", "vllm", "ollama", "lm-studio", "sglang", "unknown"]

LOOPBACK: Final = "127.0.0.1"

PORTS: Final[tuple[tuple[int, Kind], ...]] = (
    (8080, "llama.cpp"),
    (8000, "vllm"),
    (11434, "ollama"),
    (1234, "lm-studio"),
    (30000, "sglang"),
)
"""Where each engine listens when nobody says otherwise. The kind is a guess, used in the offer's words only."""

CONNECT: Final = 0.25
ANSWER: Final = 1.2
"""Seconds for one connection, and for everything asked of one port."""

LARGEST: Final = 1 << 20
"""Bytes of one answer. The largest true ones carry a licence and a chat template, some 100 KB."""

MOST_MODELS: Final = 64
AT_ONCE: Final = 8

PROXY_HEADERS: Final = ("via", "x-litellm-", "x-envoy-", "x-kong-", "cf-ray", "x-amzn-", "x-forwarded-")
"""Header names, or their beginnings, with which a program in between betrays itself."""


class Found(Struct, frozen=True):
    """A server on loopback. `local`: recognised as serving local weights; `why` is the rule or the doubt."""

    kind: Kind
    base_url: str
    models: tuple[str, ...]
    local: bool
    why: Text


class Reply(Struct, frozen=True):
    """An HTTP answer. `body` is `None` where it was no JSON object."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None

    @property
    def between(self) -> bool:
        """Whether a program in between has left its mark."""
        return any(name.startswith(PROXY_HEADERS) for name in self.headers)


Replies = Mapping[str, Reply | None]


class Unusable(Exception):
    """The other side does not speak HTTP, says too much or says it too late."""


async def probe(ports: Iterable[tuple[int, Kind]] = PORTS, answer: float = ANSWER) -> tuple[Found, ...]:
    """Everything found on `ports`, recognised engines first; nothing listening costs no time."""
    found = await asyncio.gather(*(look(port, guess, answer) for port, guess in ports))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: not one.local))


async def look(port: int, guess: Kind, answer: float = ANSWER) -> Found | None:
    """What listens on `port`, or `None`."""
    if not await listens(port):
        return None
    try:
        async with asyncio.timeout(answer):
            paths = ("/props", "/version", "/api/tags", "/v1/models")
            replies = dict(
                zip(paths, await asyncio.gather(*(ask(port, path) for path in paths)), strict=True)
            )
            shown = await show_all(port, ollama_names(replies["/api/tags"]))
    except TimeoutError:
        return offer(port, guess, (), "silent")
    return recognise(port, guess, replies, shown)


def recognise(
    port: int, guess: Kind, replies: Replies, shown: Mapping[str, Mapping[str, Any] | None]
) -> Found | None:
    """The verdict on what a server answered. Pure; the safe answer comes last."""
    listed = listed_models(replies.get("/v1/models"))
    if any(reply is not None and reply.between for reply in replies.values()):
        return offer(port, "unknown", listed, "proxy")
    if llama_cpp(replies):
        return accept(port, "llama.cpp", listed)
    if vllm(replies):
        return accept(port, "vllm", listed)
    if shown:
        local = tuple(name for name, body in shown.items() if runs_here(name, body))
        return accept(port, "ollama", local) if local else offer(port, "ollama", (), "cloud")
    models = replies.get("/v1/models")
    if models is not None and models.status in (401, 403):
        return offer(port, guess, (), "key")
    return offer(port, guess if listed else "unknown", listed, "unproven")


def llama_cpp(replies: Replies) -> bool:
    """One model from a file, as `/props` tells it; a router in front of several engines names no file."""
    props = content(replies.get("/props"))
    path = props.get("model_path")
    return (
        isinstance(path, str)
        and path not in ("", "none")
        and "://" not in path
        and isinstance(props.get("total_slots"), int)
        and props.get("role") != "router"
        and owned_by(replies, "llamacpp")
    )


def vllm(replies: Replies) -> bool:
    """A version, and models that vLLM itself serves: their context length is known to it."""
    version = content(replies.get("/version"))
    models = entries(content(replies.get("/v1/models")).get("data"))
    return (
        isinstance(version.get("version"), str)
        and owned_by(replies, "vllm")
        and all(isinstance(model.get("max_model_len"), int) for model in models)
    )


def runs_here(name: str, shown: Mapping[str, Any] | None) -> bool:
    """Whether Ollama describes weights of `name` and no other host that would run it."""
    if shown is None or shown.get("remote_host") or shown.get("remote_model"):
        return False
    if "cloud" in name.rpartition(":")[2].lower().split("-"):
        return False
    abilities = shown.get("capabilities")
    if isinstance(abilities, list) and "completion" not in abilities:
        return False  # an embedding model answers no chat
    described = shown.get("model_info")
    return isinstance(described, dict) and bool(described.get("general.architecture"))


def content(reply: Reply | None) -> Mapping[str, Any]:
    """The object of an answer that went well, else nothing."""
    return reply.body if reply is not None and reply.status == 200 and reply.body is not None else {}


def entries(value: object) -> list[dict[str, Any]]:
    """The objects of a list, else nothing."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def owned_by(replies: Replies, owner: str) -> bool:
    """Whether there are models and every one of them is `owner`'s."""
    models = entries(content(replies.get("/v1/models")).get("data"))
    return bool(models) and all(model.get("owned_by") == owner for model in models)


def listed_models(reply: Reply | None) -> tuple[str, ...]:
    """The ids in `/v1/models`."""
    ids = (entry.get("id") for entry in entries(content(reply).get("data"))[:MOST_MODELS])
    return tuple(name for name in ids if isinstance(name, str))


def ollama_names(reply: Reply | None) -> tuple[str, ...]:
    """The models in `/api/tags` that do not already say there that they run elsewhere."""
    models = entries(content(reply).get("models"))[:MOST_MODELS]
    here = (model for model in models if not model.get("remote_host") and not model.get("remote_model"))
    return tuple(name for name in (model.get("name") for model in here) if isinstance(name, str))


async def show_all(port: int, names: tuple[str, ...]) -> dict[str, Mapping[str, Any] | None]:
    """Ollama's description of each model, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def show(name: str) -> Mapping[str, Any] | None:
        async with gate:
            reply = await ask(port, "/api/show", {"model": name})
            return content(reply) or None

    return dict(zip(names, await asyncio.gather(*(show(name) for name in names)), strict=True))


async def listens(port: int) -> bool:
    """Whether anything accepts a connection."""
    try:
        async with asyncio.timeout(CONNECT):
            _, writer = await asyncio.open_connection(LOOPBACK, port)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


async def ask(port: int, path: str, body: Mapping[str, str] | None = None) -> Reply | None:
    """One request, or `None` where the answer cannot be used."""
    payload = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n"
        f"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n"
        "Connection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(CONNECT):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
    except (OSError, TimeoutError):
        return None
    try:
        writer.write(head.encode() + payload)
        await writer.drain()
        return await read_reply(reader)
    except (OSError, Unusable, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    finally:
        writer.transport.abort()


async def read_reply(reader: asyncio.StreamReader) -> Reply:
    """Status, headers and a JSON object, at most `LARGEST` bytes of it."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    words = lines[0].split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdigit():
        raise Unusable
    pairs = (line.partition(":") for line in lines[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    raw = await read_body(reader, headers)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    return Reply(int(words[1]), headers, body if isinstance(body, dict) else None)


async def read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    """The body, however it is framed."""
    length = headers.get("content-length")
    if length is not None:
        if not length.isdigit() or int(length) > LARGEST:
            raise Unusable
        return await reader.readexactly(int(length))
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await bounded(reader)
    body = bytearray()
    while size := chunk_size(await reader.readuntil(b"\r\n")):
        if len(body) + size > LARGEST:
            raise Unusable
        body += (await reader.readexactly(size + 2))[:-2]
    return bytes(body)


def chunk_size(line: bytes) -> int:
    """The size at the head of a chunk."""
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError:
        raise Unusable from None


async def bounded(reader: asyncio.StreamReader) -> bytes:
    """Everything until the other side closes, at most `LARGEST` bytes."""
    body = bytearray()
    while part := await reader.read(65536):
        body += part
        if len(body) > LARGEST:
            raise Unusable
    return bytes(body)


def accept(port: int, kind: Kind, models: tuple[str, ...]) -> Found:
    """An engine that may be used."""
    return Found(kind, f"http://{LOOPBACK}:{port}/v1", models, local=True, why=proof(kind))


def proof(kind: Kind) -> Text:
    """The rule which proved that weights lie here."""
    match kind:
        case "llama.cpp":
            return Text(
                ko="llama.cpp 로 확인: `/props` 가 이 컴퓨터의 모델 파일을 알려 줍니다.",
                en="recognised as llama.cpp: `/props` names a model file on this machine",
            )
        case "vllm":
            return Text(
                ko="vLLM 으로 확인: `/version` 이 답하고 모든 모델의 주인이 vllm 입니다.",
                en="recognised as vLLM: `/version` answers and vllm owns every model",
            )
        case "ollama":
            return Text(
                ko="Ollama 로 확인: `/api/show` 가 원격 호스트 없는 모델을 보여 줍니다. 클라우드 모델은 뺐습니다.",
                en="recognised as Ollama: `/api/show` describes models without a remote host; cloud models are left out",
            )
        case "lm-studio" | "sglang" | "unknown":
            raise ValueError(kind)
        case _:
            assert_never(kind)


Doubt = Literal["proxy", "cloud", "key", "silent", "unproven"]


def offer(port: int, kind: Kind, models: tuple[str, ...], doubt: Doubt) -> Found:
    """A server that is used only once `haechi.yaml` names it."""
    ko, en = DOUBTS[doubt]
    url = f"http://{LOOPBACK}:{port}/v1"
    return Found(
        kind,
        url,
        models,
        local=False,
        why=Text(
            ko=f"{LOOPBACK}:{port} 에 서버가 있지만 쓰지 않습니다: {ko}. 사내 모델 서버라면 haechi.yaml 의 destinations 에 "
            f"`base_url: {url}` 과 `zone: onprem` 을 적으세요.",
            en=f"a server at {LOOPBACK}:{port} is not used: {en}. If it is a model server in your building, write "
            f"`base_url: {url}` and `zone: onprem` under destinations in haechi.yaml",
        ),
    )


DOUBTS: Final[Mapping[Doubt, tuple[str, str]]] = {
    "proxy": (
        "중간에 프록시가 있어 어디로 가는지 알 수 없습니다",
        "a proxy stands in between, so nobody knows where it leads",
    ),
    "cloud": (
        "이 컴퓨터에서 도는 대화 모델이 없습니다 (클라우드 모델뿐)",
        "it runs no chat model on this machine, only cloud models",
    ),
    "key": ("키를 요구합니다", "it asks for a key"),
    "silent": ("제때 답하지 않습니다", "it does not answer in time"),
    "unproven": (
        "이 컴퓨터의 가중치로 답한다는 것을 확인할 수 없습니다",
        "nothing proves that it answers from weights on this machine",
    ),
}
