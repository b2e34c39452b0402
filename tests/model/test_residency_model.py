"""The model of residency holds, and each hole that is put into it is found.

Spin checks it where it is installed. A small explorer of our own reads the same text and always does, so that
the promise is asserted on every machine.
"""

import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import Struct

MODEL: Final = Path(__file__).parents[2] / "docs/explanation/model/residency.pml"
HOLES: Final = ("FAIL_OPEN", "DETECTOR_OPEN", "FORGETFUL", "UNRECORDED")

State = tuple[int, ...]

_COMMAND: Final = re.compile(r"^\s*:: (?:atomic \{ )?(.+?) -> (.+?)(?: \})?$", re.MULTILINE)
_VARIABLE: Final = re.compile(r"^(?:bool|byte) (\w+) = (\d+);", re.MULTILINE)
_CONSTANT: Final = re.compile(r"^#define (\w+) (\d+)$", re.MULTILINE)
_PROMISE: Final = re.compile(r"^ltl promise \{ \[\] \((.+)\) \}$", re.MULTILINE)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


class Machine(Struct, frozen=True):
    """The model as guarded commands over a few small variables."""

    names: tuple[str, ...]
    start: State
    constants: dict[str, int]
    commands: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...]
    promise: Any

    def after(self, state: State) -> Iterator[State]:
        """Every state that one command leads to; its assignments run in order, as in Promela."""
        now = dict(zip(self.names, state, strict=True))
        for guard, assignments in self.commands:
            if not self._value(guard, now):
                continue
            then = dict(now)
            for name, expression in assignments:
                then[name] = int(self._value(expression, then))
            yield tuple(then.values())

    def holds(self, state: State) -> bool:
        """Whether the promise is kept in `state`."""
        return bool(self._value(self.promise, dict(zip(self.names, state, strict=True))))

    def _value(self, expression: Any, variables: dict[str, int]) -> Any:
        return eval(expression, {"__builtins__": {}}, self.constants | variables)  # noqa: S307  our own model


def machine(text: str, *defined: str) -> Machine:
    """Read the Promela that this model is written in: one guarded command a line."""
    text = _preprocessed(_COMMENT.sub("", text), frozenset(defined))
    promise = _PROMISE.search(text)
    assert promise is not None
    variables = dict(_VARIABLE.findall(text))
    commands = []
    for guard, effect in _COMMAND.findall(text):
        steps = [] if effect == "break" else [step.split(" = ", 1) for step in effect.split("; ")]
        commands.append((_compiled(guard), tuple((name, _compiled(value)) for name, value in steps)))
    assert text.count("::") == len(commands), "a line is not a guarded command"
    return Machine(
        tuple(variables),
        tuple(map(int, variables.values())),
        {name: int(value) for name, value in _CONSTANT.findall(text)},
        tuple(commands),
        _compiled(promise[1]),
    )


def _preprocessed(text: str, defined: frozenset[str]) -> str:
    kept, open_ = [], [True]
    for line in text.splitlines():
        match line.split():
            case ["#ifdef", name]:
                open_.append(name in defined)
            case ["#else"]:
                open_.append(not open_.pop())
            case ["#endif"]:
                open_.pop()
            case _ if all(open_):
                kept.append(line)
    return "\n".join(kept)


def _compiled(expression: str) -> Any:
    python = re.sub(r"!(?!=)", " not ", expression.replace("&&", " and ").replace("||", " or "))
    return compile(python.strip(), MODEL.name, "eval")


def explored(model: Machine) -> tuple[int, list[State]]:
    """How many states were reached, and the shortest way to one that breaks the promise."""
    came_from: dict[State, State | None] = {model.start: None}
    waiting = deque([model.start])
    while waiting:
        state: State | None = waiting.popleft()
        assert state is not None
        if not model.holds(state):
            way = []
            while state is not None:
                way.append(state)
                state = came_from[state]
            return len(came_from), way[::-1]
        for following in model.after(state):
            if following not in came_from:
                came_from[following] = state
                waiting.append(following)
    return len(came_from), []


def test_in_the_honest_model_nothing_leaves() -> None:
    model = machine(MODEL.read_text(encoding="utf-8"))
    states, way = explored(model)
    assert way == []
    assert states > 50  # it did walk


def test_the_honest_model_does_send_ordinary_work_out_and_does_keep_secrets_home() -> None:
    text = MODEL.read_text(encoding="utf-8")
    for never in ("phase != AT_CLOUD", "!(phase == AT_HOME && fresh)", "!(calls == 3)", "!history"):
        questioned = _PROMISE.sub(f"ltl promise {{ [] ({never}) }}", text)
        assert explored(machine(questioned))[1], f"{never} should not hold"


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_is_found(hole: str) -> None:
    _, way = explored(machine(MODEL.read_text(encoding="utf-8"), hole))
    assert way


@pytest.mark.skipif(not (shutil.which("spin") and shutil.which("cc")), reason="Spin is not installed here")
@pytest.mark.parametrize("hole", [None, "FAIL_OPEN"])
def test_spin_agrees(hole: str | None, tmp_path: Path) -> None:
    options = [f"-D{hole}"] if hole else []
    for command in (["spin", "-a", *options, str(MODEL)], ["cc", "-w", "-o", "pan", "pan.c"]):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    ran = subprocess.run(
        ["./pan", "-a"], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
    )
    errors = re.search(r"errors: (\d+)", ran.stdout)
    assert errors is not None
    assert (int(errors[1]) > 0) == (hole is not None)
