"""The first promise under everything at once: configuration × health × faults × conversations × workers.

Hypothesis walks through the town, breaks and mends, talks in several conversations, and after every step asks:

- has anything reached a cloud that must not? The answer comes from a table of texts, not from haechi's own rules;
- was every request on record before anybody got it, and is each settled once, with an attempt for each sending?
- did ordinary work go out where nothing was broken and a cloud was cleared?

`python -m tests.faults.states --steps 20000` walks as long as one likes; it prints its seed, and `--seed` repeats it.
"""

import argparse
import json
import random
import shutil
import tempfile
from base64 import b64encode
from collections import Counter
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec import Struct

from haechi.domain.record import Attempt, Intent, Settlement
from tests.canaries import resident_number, traces
from tests.faults.town import AFTER, BEFORE, CLOUDS, HOUSES, WORKERS, Reply, Town

STEPS: Final = 50
"""Steps of one walk."""

OPEN_HOUSES: Final = {"one cloud", "two clouds", "no home", "secluded"}
"""Houses whose first cloud may have ordinary text as long as its contract is in force."""

_BEFORE = ["none", "status:429", "status:500", "status:401", "status:404", "redirect", "context", "reset"]
_MIDWAY = ["garbage", "reset-mid", "truncate", "error-mid", "stall", "stall-mid"]
FAULTS = st.sampled_from([*_BEFORE, *_MIDWAY])
WORKER = st.integers(0, WORKERS - 1)
MODELS = st.sampled_from(
    ["auto", "auto", "auto", "gpt/gpt-model", "claude/claude-model", "home/home-model", "gpt-model"]
)


class Said(Struct, frozen=True):
    """An answer, and what its conversation was like when it came."""

    message: dict[str, Any]
    locked: bool
    wary: bool


class Talk(Struct):
    """One conversation as its caller keeps it. `locked`: something in it must never reach a cloud; `wary`: haechi had
    a reason, of the town's or the talk's, to keep a part of it."""

    messages: list[dict[str, Any]] = []
    locked: bool = False
    wary: bool = False
    answer: Said | None = None


class Residency(RuleBasedStateMachine):
    """One walk through the town."""

    def __init__(self) -> None:
        super().__init__()
        self._directory = Path(tempfile.mkdtemp(prefix="haechi-town-"))
        self.town = Town(self._directory)
        self.talks = [Talk() for _ in range(3)]
        self.canaries: list[str] = []
        self.seen = dict.fromkeys(CLOUDS, 0)
        self.disturbed: set[str] = set()
        self.number = 0

    def teardown(self) -> None:
        self.town.close()
        shutil.rmtree(self._directory)

    # What a caller does.

    @rule(talk=st.integers(0, 2), worker=WORKER, model=MODELS, stream=st.booleans(), data=st.data())
    def say(self, talk: int, worker: int, model: str, stream: bool, data: st.DataObject) -> None:
        """The next turn of a conversation: ordinary, or with something that must stay."""
        kind = data.draw(
            st.sampled_from(["ordinary", "ordinary", "rrn", "schema", "tool", "image", "declared"])
        )
        self._turn(self.talks[talk], worker, model, stream, kind)

    @rule(talk=st.integers(0, 2), worker=WORKER, stream=st.booleans())
    def go_on_from_the_answer_alone(self, talk: int, worker: int, stream: bool) -> None:
        """The history is cut to the last answer, at another worker perhaps: all that is known of it is what haechi
        remembers."""
        if (answer := self.talks[talk].answer) is not None:
            self.talks[talk] = Talk([answer.message], answer.locked, answer.wary, answer)
            self._turn(self.talks[talk], worker, "auto", stream, "ordinary")

    @rule(talk=st.integers(0, 2))
    def begin_anew(self, talk: int) -> None:
        self.talks[talk] = Talk()

    @rule(
        worker=WORKER,
        field=st.sampled_from(["fallbacks", "api_base", "base_url", "extra_body", "mcp_servers"]),
    )
    def widen(self, worker: int, field: str) -> None:
        """A caller names a way out in the body."""
        body = self._body([{"role": "user", "content": self._secret()}], "auto", False)
        assert self.town.ask(worker, body | {field: ["gpt/gpt-model"]}, {}).status == 400

    @rule(worker=WORKER, secret=st.booleans(), what=st.sampled_from(["web_search", "fetch"]))
    def let_the_service_act(self, worker: int, secret: bool, what: str) -> None:
        """The model service is to search or to fetch."""
        text = self._secret() if secret else "이 그림을 설명해 줘"
        part = {"type": "image_url", "image_url": {"url": "https://pictures.example/cat.png"}}
        body = self._body(
            [{"role": "user", "content": [{"type": "text", "text": text}, part]}], "auto", False
        )
        if what == "web_search":
            body = self._body([{"role": "user", "content": text}], "auto", False) | {"web_search_options": {}}
        before = sum(len(self.town.places[name].received) for name in ("gpt", "claude", "seoul"))
        self.town.ask(worker, body, {})
        if what == "fetch":
            assert sum(len(self.town.places[name].received) for name in ("gpt", "claude", "seoul")) == before

    # What happens to the town.

    @rule(place=st.sampled_from(["home", *CLOUDS]), fault=FAULTS)
    def break_a_place(self, place: str, fault: str) -> None:
        self.town.places[place].breaks(fault)
        (self.disturbed.discard if fault == "none" else self.disturbed.add)(place)

    @rule(how=st.sampled_from(["well", "raises", "slow"]))
    def touch_the_detector(self, how: Any) -> None:
        self.town.detector = how
        (self.disturbed.discard if how == "well" else self.disturbed.add)("detector")

    @rule(refuses=st.sampled_from([(), ("open",), ("append",), ("open", "append")]))
    def touch_the_ledger(self, refuses: tuple[str, ...]) -> None:
        self.town.ledger.refuses = frozenset(refuses)
        (self.disturbed.add if refuses else self.disturbed.discard)("ledger")

    @rule(well=st.booleans())
    def touch_the_labels(self, well: bool) -> None:
        self.town.labels_well = well
        (self.disturbed.discard if well else self.disturbed.add)("labels")

    @rule(worker=WORKER)
    def restart(self, worker: int) -> None:
        self.town.restart(worker)

    @rule(name=st.sampled_from(sorted(HOUSES)))
    def reload(self, name: str) -> None:
        """Another configuration comes into force, for all workers."""
        self.town.name = name

    @rule(after=st.booleans())
    def change_the_date(self, after: bool) -> None:
        self.town.today = AFTER if after else BEFORE

    @precondition(lambda self: self.disturbed)
    @rule()
    def mend_everything(self) -> None:
        for name in self.town.places:
            self.break_a_place(name, "none")
        self.touch_the_detector("well")
        self.touch_the_ledger(())
        self.touch_the_labels(True)

    # What must always hold.

    @invariant()
    def no_canary_in_a_cloud(self) -> None:
        for name in CLOUDS:
            received = self.town.places[name].received
            fresh = b"\n".join(received[self.seen[name] :])
            self.seen[name] = len(received)
            for canary in self.canaries if fresh else ():
                assert not traces(canary, fresh), f"{name}: {canary}"

    @invariant()
    def everything_is_on_record(self) -> None:
        rows = self.town.ledger.rows
        assert not any(place.unrecorded for place in self.town.places.values())
        intents = Counter(row.record for row in rows if isinstance(row, Intent))
        settled = Counter(row.record for row in rows if isinstance(row, Settlement))
        assert set(intents.values()) <= {1}
        assert set(settled.values()) <= {1}
        assert settled.keys() <= intents.keys()
        sent = Counter(
            (record, place.name) for place in self.town.places.values() for record in place.records
        )
        noted = Counter((row.record, row.destination) for row in rows if isinstance(row, Attempt))
        assert not noted - sent
        assert all(record not in settled for record, _ in sent - noted)

    # How it is done.

    def _turn(self, talk: Talk, worker: int, model: str, stream: bool, kind: str) -> None:
        more: dict[str, Any] = {}
        headers: dict[str, str] = {}
        content: Any = f"{self._next()}번째 일을 이어서 설명해 줘"
        lock = True
        match kind:
            case "rrn":
                content = f"고객 {self._secret()} 의 의견을 써줘"
            case "schema":
                schema = {"type": "object", "description": self._secret()}
                more["tools"] = [{"type": "function", "function": {"name": "look", "parameters": schema}}]
            case "tool":
                call = {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "look", "arguments": self._arguments()},
                }
                talk.messages += [
                    {"role": "assistant", "content": None, "tool_calls": [call]},
                    {"role": "tool", "tool_call_id": "c1", "content": "찾았습니다"},
                ]
            case "image":
                data = b64encode(self._secret().encode()).decode()
                url = f"data:image/png;base64,{data}"
                content = [
                    {"type": "text", "text": content},
                    {"type": "image_url", "image_url": {"url": url}},
                ]
            case "declared":
                headers["x-haechi-level"] = "restricted"
                content = self._marked("이 초안을 다듬어 줘")
            case _:
                lock = False
        before, locked = talk.locked, talk.locked or lock
        talk.locked = locked if kind != "schema" else talk.locked  # a schema is no part of the history
        talk.messages.append({"role": "user", "content": content})
        reply = self.town.ask(worker, self._body(talk.messages, model, stream) | more, headers)
        self._judge(talk, locked, model, reply)
        if kind == "declared" and not self.town.labels_well:  # 503: nobody could keep what was said of it
            talk.messages.pop()
            talk.locked = before
        if said := heard(reply, stream):
            talk.answer = Said({"role": "assistant", "content": said}, locked, talk.wary)
            talk.messages.append(talk.answer.message)
            talk.locked = locked

    def _judge(self, talk: Talk, locked: bool, model: str, reply: Reply) -> None:
        """What the caller got, as far as it can be told from outside."""
        assert reply.status in {200, 400, 403, 404, 429, 500, 502, 503, 504}, reply
        if locked:
            assert not reply.route.startswith("cloud/"), reply.headers
        talk.wary = talk.wary or locked or reply.headers.get("x-haechi-level") != "internal"
        town = self.town
        in_force = town.today == BEFORE
        if model != "auto" or talk.wary or self.disturbed or town.name not in OPEN_HOUSES or not in_force:
            return
        assert reply.route.startswith("cloud/"), (town.name, reply.headers)
        assert reply.status == 200

    def _body(self, messages: list[dict[str, Any]], model: str, stream: bool) -> dict[str, Any]:
        return {"model": model, "messages": messages, "stream": stream, "max_tokens": 64}

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _secret(self) -> str:
        self.canaries.append(resident_number(self._next() * 7919 % 10**8))
        return self.canaries[-1]

    def _marked(self, text: str) -> str:
        """A text that nothing finds, under a mark of its own."""
        self.canaries.append(f"draft{self._next():05d}mark")
        return f"{text} {self.canaries[-1]}"

    def _arguments(self) -> str:
        return f'{{"id": "{self._secret()}"}}'


def heard(reply: Reply, stream: bool) -> str | None:
    """What an answer said, if it came to its end."""
    if reply.status != 200:
        return None
    if not stream:
        return str(json.loads(reply.body)["choices"][0]["message"]["content"])
    events = [event.removeprefix(b"data: ") for event in reply.body.split(b"\n\n") if event]
    if events[-1] != b"[DONE]":
        assert b'"error"' in events[-1]
        return None
    choices = [choice for event in events[:-1] for choice in json.loads(event)["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def main() -> None:
    """Walk for as many steps as asked, from a seed that is printed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    given = parser.parse_args()
    print(f"seed {given.seed}: {given.steps} steps", flush=True)
    walk(given.steps, given.seed)
    print("every promise held")


def walk(steps: int, chosen: int) -> None:
    """At least `steps` steps, in walks of up to `STEPS`."""
    run_state_machine_as_test(
        seed(chosen)(Residency),
        settings=settings(
            max_examples=max(1, steps // STEPS),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
            print_blob=True,
        ),
    )


if __name__ == "__main__":
    main()
