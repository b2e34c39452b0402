"""A gate that was taken over, before a door of its own (`deploy: split`).

A door is started from the second instance's settings with a seal that is known here, so that letters can be forged
that hold everything but the truth. What it lets pass arrives at a stand-in, and is seen there. An honest letter for
each destination shows that the others are not refused for some mistake of ours.
"""

import asyncio
import contextlib
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, structs

from haechi.adapters.stores.writer import listen
from haechi.app.processes.order import DoorOrder, cleaned_environment
from haechi.app.prove.canaries import STRAY, Haystack
from haechi.app.prove.ground import Ground, Trial, chat
from haechi.app.wiring import backends
from haechi.domain.chat import Chat
from haechi.domain.decision import Call
from haechi.domain.errors import ConfigurationError, HaechiError
from haechi.domain.label import Label, Level
from haechi.domain.ports import Backend
from haechi.domain.releasable import Receipt, Releasable, sealed
from haechi.domain.text import Text

AREA: Final = "door"
READY_WITHIN: Final = 20.0
GONE_WITHIN: Final = 5.0
INTERNAL: Final = Label(Level.INTERNAL)


class Gate(Struct, frozen=True):
    """All that it takes to write to one destination, and the ledger's seal, which no gate knows."""

    name: str
    model: str
    backend: Backend
    policy: str
    seal: bytes

    def body(self, text: str) -> bytes:
        """A request as this destination's wire writes it."""
        return self.backend.render(msgspec.json.decode(chat(text), type=Chat), self.model)

    def letter(self, body: bytes, label: Label = INTERNAL, *, age: float = 0.0) -> Releasable:
        """A release that is on record under `label` since `age` seconds, whatever `body` holds."""
        call, at = Call(self.name, self.model), time.monotonic() - age
        seal = sealed(self.seal, "r-proof", label.level.word, label.kinds, (call,), at)
        receipt = Receipt("r-proof", (call,), at, seal)
        return Releasable(body, call, label, receipt, self.policy, sha256(body).digest())


async def forged(ground: Ground) -> None:
    """Hand the door what a gate could forge."""
    seal = secrets.token_bytes(32)
    async with _door(ground, seal) as socket:
        found, doors = backends(ground.twin.settings, None, socket)
        for cloud in ground.clouds:
            model = ground.twin.policy.destinations[cloud.name].models[0]
            gate = Gate(cloud.name, model, found[cloud.name], ground.twin.policy.version, seal)
            await _honest(ground, gate)
            for trial, letter in _letters(ground, gate):
                ground.note(AREA, trial)
                with contextlib.suppress(HaechiError):
                    await gate.backend.complete(letter)
                    ground.leak(AREA, trial.name, trial.canary.kind, cloud.name, "sent")
        for door in doors:
            await door.aclose()


async def _honest(ground: Ground, gate: Gate) -> None:
    canary, said = ground.ordinary()
    if not ground.allowed(canary, gate.name):
        return
    ground.note(AREA, Trial("an honest letter", canary, b""))
    try:
        await gate.backend.complete(gate.letter(gate.body(said)))
    except HaechiError:
        ground.doubt(f"an honest letter for {gate.name} did not pass the door")


def _letters(ground: Ground, gate: Gate) -> Iterator[tuple[Trial, Releasable]]:
    """What a gate says, each time with one thing untrue."""
    mint = ground.mint

    def trial(name: str) -> tuple[Trial, bytes]:
        canary = mint.word(STRAY, Level.INTERNAL)
        return Trial(f"a forged letter: {name}", canary, b"", never=True), gate.body(canary.text)

    made, body = trial("never on record")
    yield (
        made,
        structs.replace(gate.letter(body), receipt=Receipt("r-proof", (), time.monotonic(), b"?" * 16)),
    )
    made, body = trial("sealed by somebody else")
    yield made, structs.replace(gate, seal=secrets.token_bytes(32)).letter(body)
    made, body = trial("on record long ago")
    yield made, gate.letter(body, age=ground.twin.settings.limits.total_s + 1)
    made, body = trial("on record under another label")
    yield made, structs.replace(gate.letter(body, Label(Level.RESTRICTED)), label=INTERNAL)
    made, body = trial("restricted, and it says so")
    yield made, gate.letter(body, Label(Level.RESTRICTED))
    made, body = trial("another body than was released")
    yield made, structs.replace(gate.letter(gate.body("안녕")), body=body)
    made, body = trial("a field that we never write")
    yield made, gate.letter(body[:-1] + b',"mcp_servers":[]}')
    made, body = trial("a key twice")
    yield made, gate.letter(body[:-1] + b"," + body[1:])
    for kind in mint.kinds:
        canary = mint.of(kind)
        unsaid = Trial(f"a forged letter: {kind} unsaid", canary, b"", never=True)
        yield unsaid, gate.letter(gate.body(canary.text))


@asynccontextmanager
async def _door(ground: Ground, seal: bytes) -> AsyncIterator[Path]:
    """A door that is up, and its socket. What it says is looked at, too."""
    place = ground.where / "own"
    place.mkdir(mode=0o700, exist_ok=True)
    socket, said = place / "door.sock", place / "door.log"
    order = DoorOrder(ground.twin.settings, None, None, seal, os.geteuid())
    listener = listen(socket)
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "haechi.app.processes.door",
            str(listener.fileno()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            env=cleaned_environment(),
            pass_fds=(listener.fileno(),),
            start_new_session=True,
        )
    try:
        await _ready(process, msgspec.json.encode(order))
        yield socket
    finally:
        listener.close()
        await _end(process)
    planted = {trial.canary.value: trial for area, trial in ground.planted if area == AREA}
    for canary, form in Haystack(said.read_bytes()).canaries([each.canary for each in planted.values()]):
        ground.leak(AREA, planted[canary.value].name, canary.kind, "the door's log", form)


async def _ready(process: asyncio.subprocess.Process, order: bytes) -> None:
    line = b""
    if process.stdin is not None and process.stdout is not None:
        process.stdin.write(order + b"\n")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY_WITHIN):
                line = await process.stdout.readline()
    if line.strip() != b"ready":
        raise ConfigurationError(
            Text(
                ko="증명에 쓸 문 프로세스가 시작하지 못했습니다. `haechi doctor` 로 이 컴퓨터를 살펴보세요.",
                en="The door that the proof starts for itself did not start. Look at this machine with `haechi doctor`.",
            )
        )


async def _end(process: asyncio.subprocess.Process) -> None:
    for tell in (process.terminate, process.kill):
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, TimeoutError):
                tell()
                async with asyncio.timeout(GONE_WITHIN):
                    await process.wait()
