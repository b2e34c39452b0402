"""Continuous batching with a queue, event by event, exact for its model and fast enough for months of calls.

One replica decodes up to `slots` sequences; with n of them a step takes `step_s[n]` seconds and gives each one token. The
prompt of a newcomer is computed first, and decoding stands still meanwhile. Who finds no slot, or no room in the cache,
waits in line.

All sequences advance together, so one counter of steps is enough: whoever starts at step v with k tokens to go leaves at
v + k. A heap of those numbers gives the next to leave, and between two events time is linear in steps: O(log n) a call.
With one slot and prompts alone this is the queue M/G/1, and tests hold it against theory.
"""

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Vector = NDArray[np.float64]
FOREVER: Final = float("inf")


class Replica(Struct, frozen=True):
    """One copy of a model. `step_s[n]` is a step of n sequences in seconds (n from 1); `cache_tokens` what memory holds."""

    prompt_tokens_per_s: float
    step_s: tuple[float, ...]
    cache_tokens: float = FOREVER

    @property
    def slots(self) -> int:
        """How many sequences are decoded at the same time."""
        return len(self.step_s) - 1


class Calls(Struct, frozen=True):
    """Calls in the order of arrival: seconds, tokens whose prompt must be computed, tokens kept, tokens answered."""

    at_s: Vector
    prompt: Vector
    kept: Vector
    answer: Vector

    def every(self, first: int, step: int) -> "Calls":
        """Each `step`-th call, from the `first` on: round robin."""
        return Calls(*(each[first::step] for each in (self.at_s, self.prompt, self.kept, self.answer)))


class Outcome(Struct, frozen=True):
    """Seconds per call, in order of arrival: from arriving to the first token, and between tokens. NaN in both where a call
    was refused, in the second where an answer has one token. `span_s` is the time of all replicas together."""

    first_s: Vector
    step_s: Vector
    busy_s: float
    span_s: float
    refused: int


def simulate(calls: Calls, replica: Replica, replicas: int = 1) -> Outcome:
    """Every call on `replicas` copies, dealt round robin. Calls that no cache can hold are refused and counted."""
    parts = [_one(calls.every(first, replicas), replica) for first in range(replicas)]
    first, step = np.full(len(calls.at_s), np.nan), np.full(len(calls.at_s), np.nan)
    for number, part in enumerate(parts):
        first[number::replicas], step[number::replicas] = part[0], part[1]
    start = float(calls.at_s[0]) if len(calls.at_s) else 0.0
    span = max((each[3] for each in parts), default=start) - start
    refused = int(np.isnan(first).sum())
    return Outcome(first - calls.at_s, step, sum(each[2] for each in parts), span * replicas, refused)


def _one(calls: Calls, replica: Replica) -> tuple[Vector, Vector, float, float]:
    """First token and pace of every call of one replica, its busy seconds, and when it was done."""
    at, answers = calls.at_s.tolist(), calls.answer.tolist()
    prompts = (calls.prompt / replica.prompt_tokens_per_s).tolist()
    kept = (calls.kept + calls.answer).tolist()
    paces, slots, room = replica.step_s, replica.slots, replica.cache_tokens
    count = len(at)
    first, pace = [float("nan")] * count, [float("nan")] * count
    running: list[tuple[float, int]] = []
    waiting: deque[int] = deque()
    now, steps, busy, coming = at[0] if count else 0.0, 0.0, 0.0, 0
    while coming < count or running or waiting:
        while coming < count and at[coming] <= now:
            if kept[coming] <= replica.cache_tokens:
                waiting.append(coming)
            coming += 1
        if waiting and len(running) < slots and kept[waiting[0]] <= room:
            call = waiting.popleft()
            now += prompts[call]
            busy += prompts[call]
            first[call] = now
            if answers[call] > 1:
                heappush(running, (steps + answers[call] - 1, call))
                room -= kept[call]
            continue
        arrives = at[coming] if coming < count else FOREVER
        if not running:
            now = max(now, arrives) if arrives < FOREVER else now
            continue
        step = paces[len(running)]
        leaves = now + (running[0][0] - steps) * step
        if arrives < leaves:
            steps += (arrives - now) / step
            busy += arrives - now
            now = arrives
            continue
        busy += leaves - now
        now, (steps, call) = leaves, heappop(running)
        pace[call] = (now - first[call]) / (answers[call] - 1)
        room += kept[call]
    return np.array(first), np.array(pace), busy, now


def paces(points: Sequence[tuple[int, float]], slots: int) -> tuple[float, ...]:
    """A step in seconds for every number of sequences up to `slots`, on lines between (sequences, seconds)."""
    known = sorted(points)
    found = np.interp(np.arange(slots + 1), [each[0] for each in known], [each[1] for each in known])
    return tuple(map(float, found))
