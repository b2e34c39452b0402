"""The real llama.cpp with the plumbing model: that it starts, answers, streams and ends; never what it says."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import haechi
from haechi.adapters.engine import plumbing
from haechi.adapters.engine.process import (
    OPENMP,
    LocalEngine,
    Running,
    Spec,
    cleaned,
    default_threads,
    refusal,
    spec_of,
)
from haechi.catalogue.local_models import plumbing_model
from haechi.domain.errors import ConfigurationError

WEIGHTS = plumbing.weights()
pytestmark = pytest.mark.skipif(WEIGHTS is None, reason="the package with the weights is not installed")


def spec(**changes: Any) -> Spec:
    assert WEIGHTS is not None
    words: dict[str, Any] = {
        "model": "smollm2-135m-instruct",
        "file": WEIGHTS,
        "plumbing": True,
        "max_output": 128,
        "threads": 1,
        "context": 1024,
        "slots": 1,
    }
    return Spec(**words | changes)


def call(running: Running, path: str, body: object = None, key: str | None = None) -> tuple[int, bytes]:
    address = urlsplit(running.base_url)
    assert address.hostname == "127.0.0.1"
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {running.key if key is None else key}"}
        connection.request(
            "GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers
        )
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def with_engine(spec: Spec, use: Callable[[LocalEngine, Running], Coroutine[Any, Any, None]]) -> None:
    async def play() -> None:
        engine = LocalEngine(spec)
        try:
            await use(engine, await engine.start())
        finally:
            await engine.stop()
        assert not engine.alive()

    asyncio.run(play())


CHAT = {"model": "smollm2-135m-instruct", "messages": [{"role": "user", "content": "안녕"}], "max_tokens": 8}


def test_answers_and_streams() -> None:
    async def use(engine: LocalEngine, running: Running) -> None:
        assert engine.alive()
        assert running.plumbing
        assert running.max_output == 128
        status, body = await asyncio.to_thread(call, running, "/v1/chat/completions", CHAT)
        answer = json.loads(body)
        assert status == 200
        assert answer["model"] == "smollm2-135m-instruct"
        assert 1 <= answer["usage"]["completion_tokens"] <= 8
        status, body = await asyncio.to_thread(call, running, "/v1/chat/completions", CHAT | {"stream": True})
        assert status == 200
        assert body.count(b"data: ") > 1
        assert body.rstrip().endswith(b"data: [DONE]")

    with_engine(spec(), use)


def test_needs_the_key_and_shows_little() -> None:
    async def use(engine: LocalEngine, running: Running) -> None:
        for path, key, expected in [
            ("/health", "", 200),
            ("/v1/models", "", 401),
            ("/v1/models", "wrong", 401),
            ("/v1/models", running.key, 200),
            ("/slots", running.key, 501),
            ("/metrics", running.key, 501),
            ("/", running.key, 404),
        ]:
            status, _ = await asyncio.to_thread(call, running, path, None, key)
            assert (path, status) == (path, expected)

    with_engine(spec(), use)


def test_a_curated_model_is_served_as_it_is_described() -> None:
    assert WEIGHTS is not None
    model = plumbing_model()
    made = spec_of(model, WEIGHTS, threads=1)
    assert (made.model, made.plumbing, made.max_output) == (model.name, True, 128)
    assert made.need_bytes == model.min_free_gb * 1e9

    async def use(engine: LocalEngine, running: Running) -> None:
        _, body = await asyncio.to_thread(call, running, "/v1/models")
        assert [entry["id"] for entry in json.loads(body)["data"]] == [model.name]

    with_engine(made, use)


def test_restarts_at_the_same_address_and_reports() -> None:
    async def use(engine: LocalEngine, running: Running) -> None:
        os.kill(running.pid, signal.SIGKILL)
        await engine.wait()
        assert not engine.alive()
        said: list[str] = []
        again = await engine.restart(lambda text: said.append(text.ko))
        assert engine.alive()
        assert (again.base_url, again.key) == (running.base_url, running.key)
        assert again.pid != running.pid
        assert len(said) == 2
        assert "배관" in said[-1]

    with_engine(spec(), use)


def test_restarts_elsewhere_where_the_port_was_taken_meanwhile() -> None:
    async def use(engine: LocalEngine, running: Running) -> None:
        await engine.stop()
        engine.running = running  # as it is while a supervisor has noticed nothing yet
        with socket.create_server(("127.0.0.1", urlsplit(running.base_url).port or 0)):
            again = await engine.restart()
        assert again.base_url != running.base_url

    with_engine(spec(), use)


def test_sigterm_ends_it_in_the_middle_of_an_answer() -> None:
    async def use(engine: LocalEngine, running: Running) -> None:
        long = CHAT | {"max_tokens": 900, "ignore_eos": True, "stream": True}
        answer = asyncio.create_task(asyncio.to_thread(call, running, "/v1/chat/completions", long))
        await asyncio.sleep(0.2)
        os.kill(running.pid, signal.SIGTERM)
        await engine.wait()
        with pytest.raises((OSError, http.client.HTTPException)):
            await answer

    with_engine(spec(), use)


PARENT = """
import asyncio, os, sys
from pathlib import Path
from haechi.adapters.engine.process import LocalEngine, Spec

async def main() -> None:
    engine = LocalEngine(Spec("m", Path(sys.argv[1]), threads=1, context=512, slots=1))
    if sys.argv[2] == "ready":
        print((await engine.start()).pid, flush=True)
    else:
        starting = asyncio.create_task(engine.start())
        while engine._process is None:
            await asyncio.sleep(0)
        print(engine._process.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def gone(pid: int) -> bool:
    """Whether no such process runs; one that nobody has collected yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("moment", ["ready", "loading"])
def test_ends_when_its_parent_is_killed(moment: str) -> None:
    assert WEIGHTS is not None
    environment = cleaned(os.environ, 1)
    command = [sys.executable, "-c", PARENT, str(WEIGHTS), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        if gone(pid):
            return
        signal.sigtimedwait([], 0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the engine outlived its parent")


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"GGUF but nothing more"])
def test_says_what_is_wrong_with_the_file(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"model\.gguf") as caught:
        asyncio.run(LocalEngine(spec(file=file)).start())
    assert "haechi model pull smollm2-135m-instruct" in caught.value.text.ko
    assert "haechi model pull smollm2-135m-instruct" in caught.value.text.en


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    assert WEIGHTS is not None
    file = tmp_path / "cut.gguf"
    file.write_bytes(WEIGHTS.read_bytes()[:-1_000_000])
    with pytest.raises(ConfigurationError, match="damaged"):
        asyncio.run(LocalEngine(spec(file=file)).start())


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port}"):
            asyncio.run(LocalEngine(spec(port=port)).start())


def test_does_not_begin_without_memory() -> None:
    engine = LocalEngine(spec(need_bytes=2_000_000_000), free_memory=lambda: 1_000_000_000)
    with pytest.raises(ConfigurationError, match=r"2\.0 GB.*1\.0 GB"):
        asyncio.run(engine.start())


def test_one_that_takes_too_long_is_stopped() -> None:
    engine = LocalEngine(spec())
    with pytest.raises(ConfigurationError, match="not ready within"):
        asyncio.run(engine.start(patience=0.0))
    assert not engine.alive()


def serve(order: object, before: str = "") -> str:
    """What the process says, run without a supervisor."""
    code = f"import sys\n{before}\nfrom haechi.adapters.engine.serve import main\nsys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        env=cleaned(os.environ, 1),
        check=False,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("changes", "before", "said"),
    [
        ({"host": "0.0.0.0"}, "", "failed order"),
        ({"host": "192.168.0.5"}, "", "failed order"),
        ({"key": ""}, "", "failed order"),
        ({"unknown": 1}, "", "failed order"),
        ({"file": "/nowhere"}, "", "failed file"),
        ({}, "sys.modules['xllamacpp'] = None", "failed package"),
    ],
)
def test_the_process_refuses_in_one_word(changes: dict[str, object], before: str, said: str) -> None:
    assert serve({"file": str(WEIGHTS), "alias": "m", "key": "k"} | changes, before) == said


@pytest.mark.parametrize(("reason", "word"), [("package", "haechi[engine]"), ("died", "haechi doctor")])
def test_every_refusal_says_what_to_do(reason: str, word: str) -> None:
    text = refusal(reason, spec(), 0).text
    assert word in text.ko
    assert word in text.en


def test_the_environment_carries_no_keys_and_no_proxies() -> None:
    kept = cleaned(
        {"PATH": "/bin", "OPENAI_API_KEY": "k", "HTTPS_PROXY": "p", "LLAMA_ARG_HOST": "0.0.0.0"}, 3
    )
    assert set(kept) - {"LD_LIBRARY_PATH"} == {"PATH", "PYTHONPATH", "OMP_NUM_THREADS"}
    assert kept.get("LD_LIBRARY_PATH") == (str(OPENMP) if OPENMP.is_dir() else None)
    assert (Path(kept["PYTHONPATH"]) / "haechi") == Path(haechi.__file__).parent


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (8, 7)])
def test_a_core_is_left_to_the_gate(cores: int, threads: int) -> None:
    assert default_threads(cores) == threads
