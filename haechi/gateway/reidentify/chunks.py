"""A streamed answer, chunk by chunk: one may become none or several, in the order in which clients expect them.

What a channel still holds goes out before another one of its choice opens, so that callers who read one part after the
other get each in one piece, and before the `finish_reason`. Usage stays the provider's: it is billed on what he
read and wrote.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from haechi.domain.chat import ChoiceDelta, Chunk, Delta, FunctionDelta, ToolCallDelta
from haechi.domain.mapping import Mapping
from haechi.gateway.reidentify.conversation import PLAIN, Channels, Wish
from haechi.gateway.reidentify.stream import Counts, Restorer


class ChunkRestorer:
    """One streamed answer."""

    def __init__(self, mapping: Mapping, wish: Wish = PLAIN) -> None:
        self._channels = Channels(mapping, wish)
        self._tools: dict[tuple[int, int], str] = {}
        self._spoken: dict[int, set[str]] = {}
        self._live = bool(mapping)
        self.logprobs_dropped = False

    @property
    def counts(self) -> Counts:
        """What became of the tokens so far."""
        return self._channels.counts

    def feed(self, chunk: Chunk) -> list[Chunk]:
        """The next chunk; what can go on to the caller."""
        if not self._live or not chunk.choices:
            return [chunk]
        choices = tuple(new for choice in chunk.choices for new in self._choice(choice))
        if not choices and chunk.usage is None:
            return []
        return [replace(chunk, choices=choices)]

    def finish(self) -> list[Chunk]:
        """The answer has ended, well or not; what was held."""
        left = [
            ChoiceDelta(number, delta)
            for number in sorted(self._channels.choices())
            for delta in self._rest(number)
        ]
        return [Chunk(choices=tuple(left))] if left else []

    def _choice(self, choice: ChoiceDelta) -> Iterator[ChoiceDelta]:
        if self._opens(choice):
            for rest in self._rest(choice.index):
                yield ChoiceDelta(choice.index, rest)
        delta = self._delta(choice.delta, choice.index)
        logprobs = choice.logprobs
        if logprobs is not None:  # nobody knows yet whether a token of theirs begins a value
            self.logprobs_dropped, logprobs = True, None
        if choice.finish_reason is None:
            if delta != _EMPTY or choice.delta == _EMPTY:
                yield replace(choice, delta=delta, logprobs=logprobs)
            return
        if delta != _EMPTY:
            yield ChoiceDelta(choice.index, delta)
        for rest in self._rest(choice.index):
            yield ChoiceDelta(choice.index, rest)
        yield replace(choice, delta=Delta(), logprobs=logprobs)

    def _opens(self, choice: ChoiceDelta) -> bool:
        """Whether the choice speaks in a channel in which it has not spoken."""
        delta = choice.delta
        spoken = {
            name
            for name, there in (
                ("said", delta.content),
                ("thought", delta.reasoning_content),
                ("refused", delta.refusal),
            )
            if there
        }
        spoken.update(f"tool {call.index}" for call in delta.tool_calls or ())
        known = self._spoken.setdefault(choice.index, set())
        new = not spoken <= known
        known |= spoken
        return new

    def _delta(self, delta: Delta, choice: int) -> Delta:
        calls = tuple(new for call in delta.tool_calls or () if (new := self._call(call, choice)) is not None)
        return replace(
            delta,
            content=_fed(self._channels.said(choice), delta.content) if delta.content else delta.content,
            refusal=_fed(self._channels.refused(choice), delta.refusal) if delta.refusal else delta.refusal,
            reasoning_content=_fed(self._channels.thought(choice), delta.reasoning_content)
            if delta.reasoning_content
            else delta.reasoning_content,
            tool_calls=calls or None,
        )

    def _call(self, call: ToolCallDelta, choice: int) -> ToolCallDelta | None:
        function = call.function
        if function is None:
            return call
        place = (choice, call.index)
        if function.name:
            self._tools[place] = self._tools.get(place, "") + function.name
        name = self._tools.get(place, "")
        arguments = function.arguments
        if arguments:
            arguments = _fed(self._channels.arguments(choice, call.index, name), arguments)
            if arguments is None and call.id is None and not function.name:
                return None
        shown = function.name and self._channels.names(function.name)
        return replace(call, function=FunctionDelta(shown, arguments))

    def _rest(self, choice: int) -> Iterator[Delta]:
        """What the channels of a choice still hold."""
        for name, restorer in self._channels.opened(choice):
            text = "".join(restorer.finish())
            if not text:
                continue
            if name == "said":
                yield Delta(content=text)
            elif name == "thought":
                yield Delta(reasoning_content=text)
            elif name == "refused":
                yield Delta(refusal=text)
            else:
                number = int(name.rpartition(" ")[2])
                yield Delta(tool_calls=(ToolCallDelta(number, function=FunctionDelta(arguments=text)),))


_EMPTY = Delta()


def _fed(restorer: Restorer, text: str) -> str | None:
    return "".join(restorer.feed(text)) or None
