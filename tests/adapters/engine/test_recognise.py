"""Which servers on loopback are used, and which are only offered."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from haechi.adapters.engine import plumbing
from haechi.adapters.engine.process import cleaned
from haechi.adapters.engine.recognise import PORTS, Found, Kind, probe, read_reply, runs_here
from tests.adapters.engine.standins import NOT_FOUND, Answer, Respond, as_json, routes, standing

LLAMA_PROPS = {
    "default_generation_settings": {"n_ctx": 4096},
    "total_slots": 1,
    "model_alias": "kanana",
    "model_path": "/srv/models/kanana-1.5-8b-instruct.Q4_K_M.gguf",
    "chat_template": "{{ messages }}",
    "build_info": "b9637",
}


def openai_models(owner: str, *names: str, **more: object) -> Answer:
    return as_json(
        {"object": "list", "data": [{"id": n, "object": "model", "owned_by": owner} | more for n in names]}
    )


LLAMA = {"/props": as_json(LLAMA_PROPS), "/v1/models": openai_models("llamacpp", "kanana")}
VLLM = {
    "/version": as_json({"version": "0.32.0"}),
    "/v1/models": openai_models("vllm", "Qwen/Qwen3-32B", max_model_len=32768, root="/models/qwen"),
}
SHOWN = {
    "details": {"format": "gguf", "family": "qwen3"},
    "model_info": {"general.architecture": "qwen3"},
    "capabilities": ["completion", "tools"],
}


def ollama(shown: Mapping[str, Any], tags: list[dict[str, Any]] | None = None) -> Respond:
    """Ollama with the models in `shown`; a description of `None` is an error."""
    entries = [{"name": name, "model": name, "size": 1} for name in shown] if tags is None else tags

    def respond(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        match method, path:
            case "GET", "/api/tags":
                return as_json({"models": entries})
            case "GET", "/v1/models":
                return openai_models("library", *shown)
            case "GET", "/api/version":
                return as_json({"version": "0.13.0"})
            case "POST", "/api/show":
                found = shown.get(json.loads(body)["model"])
                return as_json({"error": "model not found"}, 404) if found is None else as_json(found)
            case _:
                return NOT_FOUND

    return respond


def one(respond: Respond, guess: Kind = "unknown", answer: float = 5.0) -> Found:
    with standing(respond) as port:
        (found,) = asyncio.run(probe([(port, guess)], answer))
    assert found.base_url == f"http://127.0.0.1:{port}/v1"
    return found


@pytest.mark.parametrize(
    ("respond", "kind", "models"),
    [
        (routes(LLAMA), "llama.cpp", ("kanana",)),
        (routes(VLLM), "vllm", ("Qwen/Qwen3-32B",)),
        (ollama({"qwen3:8b": SHOWN, "exaone:latest": SHOWN}), "ollama", ("qwen3:8b", "exaone:latest")),
    ],
)
def test_engines_with_local_weights_are_recognised(
    respond: Respond, kind: Kind, models: tuple[str, ...]
) -> None:
    found = one(respond)
    assert (found.kind, found.models, found.local) == (kind, models, True)
    assert found.why.ko
    assert found.why.en


def test_ollamas_remote_models_are_left_out() -> None:
    shown: dict[str, Any] = {
        "qwen3:8b": SHOWN,
        "gpt-oss:120b-cloud": SHOWN,
        "glm-4.6:cloud": SHOWN,
        "innocent:8b": SHOWN | {"remote_host": "https://ollama.com:443", "remote_model": "gpt-oss:120b"},
        "half:8b": SHOWN | {"remote_model": "gpt-oss:120b"},
        "bge-m3:latest": SHOWN | {"capabilities": ["embedding"]},
        "blank:latest": {},
        "unshown:latest": None,
    }
    found = one(ollama(shown))
    assert (found.kind, found.models, found.local) == ("ollama", ("qwen3:8b",), True)


def test_ollama_is_not_asked_about_models_that_admit_to_be_remote() -> None:
    tags = [{"name": "a:8b", "remote_host": "https://ollama.com"}, {"name": "b:8b"}]
    assert one(ollama({"a:8b": SHOWN, "b:8b": SHOWN}, tags)).models == ("b:8b",)


LITELLM = {
    "/v1/models": openai_models("openai", "gpt-5", "claude-opus"),
    "/health/readiness": as_json({"status": "healthy", "litellm_version": "1.80.0"}),
}

NOT_USED = {
    "LiteLLM": routes(LITELLM),
    "LiteLLM in front of vLLM, with a /version": routes(
        LITELLM
        | {
            "/version": as_json({"version": "1"}),
            "/v1/models": as_json(json.loads(VLLM["/v1/models"][2]), x_litellm_version="1.80.0"),
        }
    ),
    "a proxy in front of llama.cpp": routes(
        {path: (s, h | {"Via": "1.1 cache"}, b) for path, (s, h, b) in LLAMA.items()}
    ),
    "llama.cpp's router": routes(
        {
            "/props": as_json(LLAMA_PROPS | {"role": "router", "model_path": "none"}),
            "/v1/models": openai_models("llamacpp", "a", "b"),
        }
    ),
    "llama.cpp with a remote path": routes(
        LLAMA | {"/props": as_json(LLAMA_PROPS | {"model_path": "https://models.example/m.gguf"})}
    ),
    "llama.cpp's words, another's models": routes(LLAMA | {"/v1/models": openai_models("llama-swap", "a")}),
    "llama.cpp and a stranger": routes(
        LLAMA
        | {
            "/v1/models": as_json(
                {"data": [{"id": "a", "owned_by": "llamacpp"}, {"id": "b", "owned_by": "openai"}]}
            )
        }
    ),
    "vLLM's name without its context length": routes(VLLM | {"/v1/models": openai_models("vllm", "gpt-4o")}),
    "vLLM without models": routes(VLLM | {"/v1/models": as_json({"data": []})}),
    "vLLM's models without its version": routes({"/v1/models": VLLM["/v1/models"]}),
    "Ollama with a cloud model only": ollama(
        {"gpt-oss:120b-cloud": SHOWN | {"remote_host": "https://ollama.com:443"}}
    ),
    "Ollama that shows nothing": ollama({"qwen3:8b": None}),
    "LM Studio": routes({"/v1/models": openai_models("organization_owner", "qwen3-8b")}),
    "SGLang": routes(
        {
            "/v1/models": openai_models("sglang", "qwen", max_model_len=4096),
            "/get_model_info": as_json({"model_path": "/models/qwen"}),
        }
    ),
    "a server that asks for a key": routes(
        dict.fromkeys(("/props", "/v1/models"), as_json({"error": "key"}, 401))
    ),
    "redirects": routes(
        dict.fromkeys(("/props", "/v1/models"), as_json({}, 302, Location="http://10.0.0.1/props"))
    ),
    "a list instead of an object": routes(dict.fromkeys(LLAMA, as_json([LLAMA_PROPS]))),
    "JSON without end": routes(dict.fromkeys(LLAMA, (200, {}, b"[" * 200_000))),
    "a web site": routes({"/": (200, {"Content-Type": "text/html"}, b"<html>")}),
    "100 MB": routes(dict.fromkeys((*LLAMA, "/version", "/api/tags"), (200, {}, b" " * 100_000_000))),
}


@pytest.mark.parametrize("name", NOT_USED)
def test_any_other_server_is_offered_and_not_used(name: str) -> None:
    found = one(NOT_USED[name])
    assert not found.local
    assert "haechi.yaml" in found.why.ko
    assert "zone: onprem" in found.why.en


def test_one_that_hangs_is_offered() -> None:
    found = one(routes(dict.fromkeys((*LLAMA, "/version", "/api/tags"))), "vllm", answer=0.3)
    assert not found.local
    assert "in time" in found.why.en


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"\x16\x03\x01" * 30000, b"HTTP/1.1 200 OK\r\n"]
)
def test_one_that_speaks_no_http_is_offered(said: bytes) -> None:
    async def play() -> None:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(said)
            writer.close()

        async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
            (found,) = await probe([(server.sockets[0].getsockname()[1], "vllm")], 5.0)
        assert (found.kind, found.local) == ("unknown", False)

    asyncio.run(play())


def test_nothing_is_found_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    assert asyncio.run(probe([(free, "vllm")])) == ()


def test_recognised_engines_come_first() -> None:
    with standing(NOT_USED["LiteLLM"]) as proxy, standing(routes(LLAMA)) as engine:
        found = asyncio.run(probe([(proxy, "vllm"), (engine, "llama.cpp")], 5.0))
    assert [one.local for one in found] == [True, False]


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n" + b'{"a":1}', {"a": 1}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + b'{"a":1} and more', {"a": 1}),
        (
            b'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n',
            {"a": 1},
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nno JSON", None),
    ],
)
def test_reads_every_framing(raw: bytes, body: object) -> None:
    async def play() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(raw)
        reader.feed_eof()
        assert (await read_reply(reader)).body == body

    asyncio.run(play())


@pytest.mark.parametrize("name", ["a:cloud", "a:120b-cloud", "b:CLOUD", "c:cloud-q4"])
def test_a_cloud_tag_is_enough_to_be_left_out(name: str) -> None:
    assert not runs_here(name, SHOWN)


def test_the_well_known_ports() -> None:
    assert {port for port, _ in PORTS} == {8080, 8000, 11434, 1234, 30000}


TRUE_ENGINE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.verbosity, params.n_ctx, params.ui, params.warmup = 0, 512, False, False
params.model.path, params.model_alias = sys.argv[1], {"smol"}
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(plumbing.weights() is None, reason="the package with the weights is not installed")
def test_the_true_llama_cpp_is_recognised() -> None:
    command = [sys.executable, "-c", TRUE_ENGINE, str(plumbing.weights())]
    environment = os.environ | cleaned(os.environ, 1)  # with the system library that the engine is given
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2])
        (found,) = asyncio.run(probe([(port, "llama.cpp")], 30.0))
        process.kill()
    assert (found.kind, found.models, found.local) == ("llama.cpp", ("smol",), True)
