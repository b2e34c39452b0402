"""One request on its way: what is known of it so far, for headers and for the record."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from haechi.catalogue.combinations import combinations
from haechi.catalogue.prices import Price
from haechi.domain.chat import Chat, Chunk, Message, RefusalPart, TextPart, Usage
from haechi.domain.decision import Call, Decision, Reason
from haechi.domain.destination import Destination
from haechi.domain.errors import NotCleared
from haechi.domain.label import UNREADABLE, Label, Level
from haechi.domain.mapping import Mapping
from haechi.domain.record import Attempt, Intent, Outcome, Settlement, Transforms
from haechi.gateway.classify.classify import Classified
from haechi.gateway.decide.decide import NOT_NARROWED, Narrowing
from haechi.gateway.record import rows
from haechi.gateway.reidentify.chunks import ChunkRestorer
from haechi.gateway.reidentify.stream import Counts
from haechi.gateway.without_values import WithoutValues


class Journey(Struct):
    """Grows from the moment a request is judged until it is settled.

    Times are seconds: `at` and `attempts` in Unix time, `began` on the monotonic clock.
    """

    record: str
    key: str
    chat: Chat
    classified: Classified
    decision: Decision
    at: float
    began: float
    narrowing: Narrowing = NOT_NARROWED
    deidentified: WithoutValues | None = None
    surface: str = "chat"
    attempts: list[Attempt] = []
    route: str = "none"
    zone: str = "none"
    plumbing: bool = False
    settled: bool = False
    heard: dict[tuple[int, int | str], str] = {}
    restored: Counts = msgspec.field(default_factory=Counts)
    forgotten: int = 0
    """Thoughts of a model in the history that could not go back to it."""

    @property
    def at_home_only(self) -> bool:
        """Whether nothing but on-prem destinations were ever to be tried."""
        return self.decision.because[-1].code == "stays_home"

    @property
    def answer_label(self) -> Label:
        """The label of what is answered. What an on-prem engine fetched nobody here has seen; what a cloud could
        fetch is not ours."""
        if self.narrowing.needs and self.zone == "onprem":
            return self.decision.label.join(UNREADABLE)
        return self.decision.label

    def told(self, call: Call) -> tuple[Chat, WithoutValues | None]:
        """What `call` is to be told, and what puts the values of the request back into its answer, where they were
        taken out. Raises `NotCleared`: what should be without values and cannot be leaves for nowhere."""
        if call.transform == "raw":
            return self.chat, None
        if self.deidentified is None:
            raise NotCleared(call.destination, self.decision.label)
        return with_thoughts_of(self.chat, self.deidentified.chat), self.deidentified

    def hear(self, chunk: Chunk) -> None:
        """Gather what a streamed answer says, where its label is to be handed on."""
        if self.answer_label.level < Level.CONFIDENTIAL:
            return
        for choice in chunk.choices:
            delta = choice.delta
            pieces = (
                ("said", delta.content),
                ("thought", delta.reasoning_content),
                ("refused", delta.refusal),
            )
            for part, piece in pieces:
                self._gather((choice.index, part), piece)
            for call in delta.tool_calls or ():
                if call.function is not None:
                    self._gather((choice.index, call.index), call.function.arguments)

    def _gather(self, place: tuple[int, int | str], piece: str | None) -> None:
        if piece:
            self.heard[place] = self.heard.get(place, "") + piece

    @property
    def heard_texts(self) -> Iterator[str]:
        """What was gathered, as it may come back in a later turn."""
        for (_, part), text in self.heard.items():
            yield from _readings(text) if isinstance(part, int) else (text,)

    def heads_for(self, call: Call, destination: Destination) -> None:
        """From now on the answer comes from here, if it comes."""
        self.route = f"{destination.zone}/{destination.name}/{call.model}"
        self.zone = destination.zone
        self.plumbing = destination.plumbing

    def intent(self) -> Intent:
        """What is about to happen, as it is written down."""
        return rows.intent(
            record=self.record,
            at=self.at,
            key=self.key,
            surface=self.surface,
            model=self._asked_model(),
            stream=bool(self.chat.stream),
            findings=self.classified.counts(),
            decision=self.decision,
        )

    def _asked_model(self) -> str:
        """The name that was asked for; where something was found, it may be part of it and is not kept."""
        if not self.decision.label.kinds:
            return self.chat.model
        return self.decision.calls[0].model if self.decision.calls else ""

    def settlement(self, at: float, outcome: Outcome, status: int) -> Settlement:
        """How it ended, as it is written down."""
        return rows.settlement(
            record=self.record,
            at=at,
            outcome=outcome,
            status=status,
            attempts=self.attempts,
            transforms=self._transforms(),
        )

    def _transforms(self) -> Transforms | None:
        """What was taken out of what was sent, and what became of it. None where only whole texts went anywhere."""
        taken = (
            self.deidentified.taken if self.deidentified is not None and self._sent_without_values() else {}
        )
        if not taken and not self.forgotten:
            return None
        counts = self.restored
        return Transforms(
            taken,
            counts.restored,
            counts.loose,
            counts.unresolved,
            counts.refused,
            counts.withheld,
            self.forgotten,
        )

    def _sent_without_values(self) -> bool:
        without = {(call.destination, call.model) for call in self.decision.calls if call.transform != "raw"}
        return any((attempt.destination, attempt.model) in without for attempt in self.attempts)


def with_thoughts_of(said: Chat, told: Chat) -> Chat:
    """`told`, in which values are missing, with the thoughts of `said`: they are sealed, and nothing in them is read."""
    if not any(message.thoughts for message in said.messages):
        return told
    pairs = zip(said.messages, told.messages, strict=True)
    return replace(told, messages=tuple(replace(new, thoughts=old.thoughts) for old, new in pairs))


def spoken(chat: Chat) -> Iterator[str]:
    """What was said so far, by anybody."""
    for message in chat.messages:
        yield from said(message)


def own_words(chat: Chat) -> Iterator[str]:
    """What callers said themselves. A system prompt is the program's, and the same for many."""
    for message in chat.messages:
        if message.role not in ("system", "developer"):
            yield from said(message)


def said(message: Message) -> Iterator[str]:
    """Every text of a message that may come back in a later turn: what it says, whole and part by part, what it
    refuses and thinks, and what it gives to tools."""
    texts = [message.text, message.reasoning_content, message.refusal]
    if type(message.content) is tuple:
        texts += [part.text for part in message.content if type(part) is TextPart]
        texts += [part.refusal for part in message.content if type(part) is RefusalPart]
    yield from dict.fromkeys(filter(None, texts))
    for call in message.tool_calls or ():
        yield from _readings(call.function.arguments)


def _readings(arguments: str) -> Iterator[str]:
    """The arguments of a tool call as they stand, and in one spelling for all: many clients keep them decoded and
    write them anew, with other blanks, escapes and order."""
    yield arguments
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        plain = msgspec.json.encode(msgspec.json.decode(arguments), order="sorted").decode()
        if plain != arguments:
            yield plain


def remembered_reasons(remembered: Label, scanned: Label) -> tuple[Reason, ...]:
    """Why the label is higher than what was found, where a text was known."""
    if scanned.covers(remembered):
        return ()
    return (Reason("remembered", {"level": remembered.level.word}),)


def combined_reasons(label: Label, apart: Label) -> tuple[Reason, ...]:
    """Why the label is higher than any part of it, where kinds that are more together have met."""
    if label.level <= apart.level:
        return ()
    return tuple(
        Reason("combined", {"basis": each.basis}) for each in combinations() if each.holds(label.kinds)
    )


class Leg(Struct):
    """One attempt under way. `began` and `first_byte` are monotonic."""

    call: Call
    destination: Destination
    at: float
    began: float
    values: WithoutValues | None = None
    first_byte: float | None = None
    usage: Usage | None = None
    restorer: ChunkRestorer | None = None

    def issued(self, journey: Journey) -> tuple[str, str, Mapping | None]:
        """For whom thoughts of this answer are sealed, who wrote them, and what their tokens mean."""
        return journey.key, self.call.destination, None if self.values is None else self.values.mapping

    def read(self, chunk: Chunk) -> list[Chunk]:
        """A piece of the answer as the caller reads it: the values of his request are in it again."""
        if self.values is None:
            return [chunk]
        if self.restorer is None:
            self.restorer = self.values.restorer()
        return self.restorer.feed(chunk)

    def rest(self, counts: Counts) -> list[Chunk]:
        """What was held of an answer that has ended, well or not. What became of its tokens is added to `counts`."""
        if self.restorer is None:
            return []
        restorer, self.restorer = self.restorer, None
        pieces = restorer.finish()
        counts.add(restorer.counts)
        return pieces

    def row(
        self, journey: Journey, outcome: Outcome, fault: BaseException | None, now: float, price: Price | None
    ) -> Attempt:
        """The attempt as it is written down."""
        return rows.attempt(
            record=journey.record,
            number=len(journey.attempts) + 1,
            at=self.at,
            call=self.call,
            zone=self.destination.zone,
            outcome=outcome,
            total_seconds=now - self.began,
            first_byte=None if self.first_byte is None else self.first_byte - self.began,
            fault=fault,
            usage=self.usage,
            price=price,
        )
