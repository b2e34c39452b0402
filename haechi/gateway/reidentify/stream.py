"""Tokens of an answer become values again, however the answer is cut.

    feed("…에게 PER") → ["…에게 "]      "PER" may become a token and is held
    feed("SON_1은")   → ["김민수"]      the value goes out at once, 은 waits for what follows it
    feed(" 어제")     → ["는 ", "어제"]   a particle: it fits the value now

Nothing else is held: at most the longest suffix that may become a live token, the few characters that may become a
particle, and in an address what is needed to know its host. What reads as a token and is none of this request, or not
surely, stays as it is and is counted; nothing is guessed.
"""

from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from haechi.domain.mapping import Taken
from haechi.domain.particles import fitting, may_become_particle, particle_at
from haechi.domain.token import Candidate
from haechi.gateway.reidentify.doubt import NEAR, Doubt
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.urls import AHEAD, Guard, NotYet


class Channel(NamedTuple):
    """How text of one sort is written: `json` escapes what is put into its strings, `particles` are made to fit."""

    json: bool
    particles: bool


TEXT: Final = Channel(json=False, particles=True)
ARGUMENTS: Final = Channel(json=True, particles=False)
JSON_TEXT: Final = Channel(json=True, particles=True)
"""An answer that was asked for as JSON: what stands in its strings is still language."""


class Counts(Struct):
    """What became of the tokens of an answer. `loose`: restored though written otherwise; `unresolved`: read like a token
    and was none for sure; `refused`: left where it would have been fetched; `withheld`: not given to a tool;
    `odd_particles`: the model wrote a particle that does not fit the token, so that the next turn will send another one.
    """

    restored: int = 0
    loose: int = 0
    unresolved: int = 0
    refused: int = 0
    withheld: int = 0
    odd_particles: int = 0

    def add(self, other: "Counts") -> None:
        """These and the others."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Restorer:
    """One channel of one answer. `withheld`: nothing may be restored here, whatever it is."""

    __slots__ = ("_after", "_channel", "_doubt", "_guard", "_held", "_live", "_near", "_withheld", "counts")

    def __init__(self, live: Live, channel: Channel = TEXT, *, withheld: bool = False) -> None:
        self._live = live
        self._channel = channel
        self._withheld = withheld
        self._guard = Guard(live.mapping.hosts, json=channel.json)
        self._near = self._held = ""
        self._after: Taken | None = None
        self._doubt = Doubt(live.mapping.words)
        self.counts = Counts()

    @property
    def held(self) -> str:
        """What was fed and not yet given out."""
        return self._held

    def feed(self, chunk: str) -> list[str]:
        """The next piece of the answer; what of it, and of what was held, can go out."""
        if not self._held and self._after is None and not self._live.gate.search(chunk):
            if not chunk:
                return []
            self._guard.read(chunk)
            self._near = chunk[-NEAR:] if len(chunk) >= NEAR else (self._near + chunk)[-NEAR:]
            return [chunk]
        return self._go_on(chunk, final=False)

    def finish(self) -> list[str]:
        """The answer has ended: what was held goes out."""
        return self._go_on("", final=True)

    def _go_on(self, chunk: str, *, final: bool) -> list[str]:
        text, at = self._near + self._held + chunk, len(self._near)
        out: list[str] = []
        if self._after is not None:
            if not final and may_become_particle(text, at):
                self._held += chunk
                return out
            at = self._particle(self._after, text, at, out)
            self._after = None
        hold = len(text) if final else self._live.begun(text, at)
        for candidate in self._live.candidates(text, at):
            if candidate.start < at:
                continue
            if candidate.start >= hold:
                break
            try:
                taken = self._sure(candidate, text, final=final)
                if taken is None:
                    continue
                start, end = self._span(taken, candidate, text, final=final)
                self._write(text[at:start], out)
                at = start
                if not self._may_stand(text[start : start + AHEAD], more=not final):
                    continue
            except NotYet:
                quoted = self._live.bare and text.endswith('"', 0, candidate.start)
                hold = max(at, candidate.start - quoted)
                break
            at = self._put_back(taken, candidate, text[start:end], end, out)
            if self._channel.particles and not self._kept_as_it_is(candidate):
                if not final and may_become_particle(text, at):
                    self._after, hold = taken, at
                    break
                at = self._particle(taken, text, at, out)
            hold = max(hold, at)
        self._write(text[at:hold], out)
        self._near, self._held = text[max(0, hold - NEAR) : hold], text[hold:]
        return out

    def _kept_as_it_is(self, found: Candidate) -> bool:
        """Whether brackets say that no particle is to be changed: ours do, a model's own do not."""
        return found.bracketed and (
            found.token in self._live.mapping.framed or self._live.taken[found.token].fixed
        )

    def _write(self, text: str, out: list[str]) -> None:
        if text:
            self._guard.read(text)
            out.append(text)

    def _put_back(self, taken: Taken, found: Candidate, written: str, end: int, out: list[str]) -> int:
        """Write the value for what was `written`, and say where that ends."""
        out.append(self._value(taken))
        self._guard.read(written)
        self.counts.restored += 1
        self.counts.loose += not found.exact
        return end

    def _sure(self, found: Candidate, text: str, *, final: bool) -> Taken | None:
        """The value that a candidate surely means. Raises `NotYet`."""
        taken = self._live.taken.get(found.token)
        if taken is not None and (found.exact or not self._doubt.about(found, text, final=final)):
            return taken
        self.counts.unresolved += 1
        if taken is None and found.token not in text[found.start : found.end]:
            self._doubt.counts_further(found.token)
        return None

    def _span(self, taken: Taken, found: Candidate, text: str, *, final: bool) -> tuple[int, int]:
        """What the value takes the place of: a bare number's token has quotes of its own. Raises `NotYet`."""
        start, end = found.start, found.end
        if not taken.bare or not start or text[start - 1] != '"':
            return start, end
        if end == len(text) and not final:
            raise NotYet
        return (start - 1, end + 1) if text.startswith('"', end) else (start, end)

    def _may_stand(self, ahead: str, *, more: bool) -> bool:
        """Whether a value may be written here. Raises `NotYet`."""
        if self._withheld:
            self.counts.withheld += 1
            return False
        if self._guard.allows(ahead, more=more):
            return True
        self.counts.refused += 1
        return False

    def _value(self, taken: Taken) -> str:
        if not self._channel.json or taken.bare:
            return taken.value
        return taken.escaped or msgspec.json.encode(taken.value).decode()[1:-1]

    def _particle(self, taken: Taken, text: str, at: int, out: list[str]) -> int:
        """Write the particle at `at`, if there is one, as it fits the value, and say where it ends."""
        found = particle_at(text, at)
        if found is None:
            return at
        if found.form is None or found.form != fitting(taken.token, found.pair):
            self.counts.odd_particles += 1
        self._guard.read(text[at : found.end])
        out.append(text[at : found.start] + found.pair.forms[fitting(taken.value, found.pair, taken.heard)])
        return found.end
