"""What `haechi doctor` says of the model at home: it is asked a word, not only looked for."""

import asyncio
import http.client
import importlib.util
import ssl
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec import MsgspecError, json

from haechi.adapters.engine import plumbing, recognise
from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.pull import installed
from haechi.adapters.stores.layout import first_key_file
from haechi.app.cli.finding import Finding
from haechi.app.processes.people import owner_of
from haechi.app.processes.users import acting_as
from haechi.app.settings.model import Settings
from haechi.catalogue.local_models import local_models
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

PATIENCE: Final = 60.0
"""Seconds for one word of an answer: a large model on a busy machine takes its time."""

LARGEST: Final = 1 << 20
FAULTS: Final = (OSError, http.client.HTTPException, ValueError, MsgspecError)


def engine(settings: Settings, data_dir: Path, found: dict[str, Any] | None) -> Finding:
    """The engine: through the gate where one runs, by itself where it was found, else whether there could be one."""
    if found is not None and (asked := _through_the_gate(settings, data_dir, found)) is not None:
        return asked
    local = [each for each in asyncio.run(recognise.probe()) if each.local and each.models]
    if local:
        return _directly(local[0])
    return _could_be(data_dir)


def connection(found: dict[str, Any], timeout: float) -> http.client.HTTPConnection:
    """To the gate of a haechi that runs here."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(found["host"], found["host"])  # noqa: S104  said, not bound
    if not found["tls"]:
        return http.client.HTTPConnection(host, found["port"], timeout=timeout)
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE  # our own gate on our own machine
    return http.client.HTTPSConnection(host, found["port"], timeout=timeout, context=trusting)


def _through_the_gate(settings: Settings, data_dir: Path, found: dict[str, Any]) -> Finding | None:
    """Ask as a caller would, kept at home. `None` where there is no key to ask with."""
    headers = {"x-haechi-zone": "onprem"}
    if settings.keys.auth == "required":
        try:
            with acting_as(owner_of(data_dir)):  # a link there may lead to what only root may read
                key = first_key_file(data_dir).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        headers["authorization"] = f"Bearer {key}"
    model = next(iter(settings.models), None)
    return (
        None if model is None else _ask(connection(found, PATIENCE), "/v1/chat/completions", model, headers)
    )


def _directly(engine: recognise.Found) -> Finding:
    address = urlsplit(engine.base_url)
    asking = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)
    return _ask(asking, f"{address.path}/chat/completions", engine.models[0], {}, engine.why)


def _ask(
    asking: http.client.HTTPConnection,
    path: str,
    model: str,
    headers: dict[str, str],
    why: Text | None = None,
) -> Finding:
    """One word, and how long it took."""
    words = [{"role": "user", "content": "안녕"}]
    body = json.encode({"model": model, "max_tokens": 1, "messages": words})
    began = time.monotonic()
    try:
        asking.request("POST", path, body, {"content-type": "application/json"} | headers)
        answer = asking.getresponse()
        read = json.decode(answer.read(LARGEST), type=dict[str, Any])
    except FAULTS as error:
        return _silent(type(error).__name__)
    finally:
        asking.close()
    if answer.status != http.HTTPStatus.OK or not read.get("choices"):
        return _silent(f"HTTP {answer.status}")
    seconds = time.monotonic() - began
    route = answer.getheader("x-haechi-route") or model
    before = Text(ko=f"{why.ko} " if why else "", en=f"{why.en}; " if why else "")
    only_pipes = answer.getheader("x-haechi-engine") == "plumbing"
    if only_pipes:
        before = Text(ko="배관 점검용 모델: ", en="the plumbing model: ")
    return Finding(
        "engine",
        None if only_pipes else True,
        Text(
            ko=f"{before.ko}{with_particle(route, '이/가')} {seconds:.1f}초 만에 대답합니다.",
            en=f"{before.en}{route} answers, in {seconds:.1f} s.",
        ),
        {"route": route, "seconds": round(seconds, 3)},
    )


def _silent(kind: str) -> Finding:
    return Finding(
        "engine",
        False,
        Text(
            ko=f"사내 엔진이 돌고 있으나 물음에 대답하지 못했습니다 ({kind}). 로그를 보고 다시 시작하세요.",
            en=f"The engine at home runs but did not answer a question ({kind}). Look at its log and start it again.",
        ),
    )


def _could_be(data_dir: Path) -> Finding:
    """No engine runs: what a start would find."""
    there = [name for name in installed(data_dir, local_models()) if name]
    free = free_memory()
    memory = f"{free / 1e9:.1f} GB" if free else "?"
    if importlib.util.find_spec("xllamacpp") is None:
        return Finding(
            "engine",
            False,
            Text(
                ko="이미 도는 엔진이 없고 xllamacpp 도 없습니다: `pip install 'haechi[engine]'`.",
                en="No engine runs and xllamacpp is not installed: `pip install 'haechi[engine]'`.",
            ),
        )
    real = [
        name for name in there if not any(model.name == name and model.plumbing for model in local_models())
    ]
    if real or plumbing.weights():
        names = ", ".join(real) or "SmolLM2 (plumbing)"
        return Finding(
            "engine",
            bool(real) or None,
            Text(ko=f"{names}, 빈 메모리 {memory}", en=f"{names}, free memory {memory}"),
        )
    return Finding(
        "engine",
        False,
        Text(
            ko="사내 모델이 없습니다: `haechi model pull NAME`.",
            en="There is no local model: `haechi model pull NAME`.",
        ),
    )
