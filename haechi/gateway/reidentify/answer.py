"""A whole answer is a stream that is fed once: one behaviour, tested once."""

from msgspec import Struct
from msgspec.structs import replace

from haechi.domain.chat import (
    Answer,
    Choice,
    ContentPart,
    FunctionCall,
    Message,
    RefusalPart,
    TextPart,
    ToolCall,
)
from haechi.domain.mapping import Mapping
from haechi.gateway.reidentify.conversation import PLAIN, Channels, Wish
from haechi.gateway.reidentify.stream import Counts, Restorer


class Restored(Struct, frozen=True):
    """What the caller reads. `logprobs_dropped`: of a choice in which a value was put back nothing is said about how
    probable its tokens were, since they are not those that he reads."""

    answer: Answer
    counts: Counts
    logprobs_dropped: bool = False


def reidentify(answer: Answer, mapping: Mapping, wish: Wish = PLAIN) -> Restored:
    """Put back into `answer` what was taken out of its request."""
    if not mapping:
        return Restored(answer, Counts())
    channels = Channels(mapping, wish)
    choices = tuple(_choice(choice, channels) for choice in answer.choices)
    dropped = any(
        new.logprobs is None and old.logprobs is not None
        for new, old in zip(choices, answer.choices, strict=True)
    )
    return Restored(replace(answer, choices=choices), channels.counts, dropped)


def whole(restorer: Restorer, text: str) -> str:
    """All of a channel at once."""
    return "".join([*restorer.feed(text), *restorer.finish()])


def _choice(choice: Choice, channels: Channels) -> Choice:
    message = _message(choice.message, choice.index, channels)
    changed = any(restorer.counts.restored for _, restorer in channels.opened(choice.index))
    return replace(choice, message=message, logprobs=None if changed else choice.logprobs)


def _message(message: Message, choice: int, channels: Channels) -> Message:
    content = message.content
    if type(content) is str:
        content = whole(channels.said(choice), content)
    elif type(content) is tuple:
        content = tuple(_part(part, choice, channels) for part in content)
    refusal, thought = message.refusal, message.reasoning_content
    return replace(
        message,
        content=content,
        refusal=refusal and whole(channels.refused(choice), refusal),
        reasoning_content=thought and whole(channels.thought(choice), thought),
        tool_calls=message.tool_calls
        and tuple(_call(call, choice, number, channels) for number, call in enumerate(message.tool_calls)),
    )


def _part(part: ContentPart, choice: int, channels: Channels) -> ContentPart:
    if type(part) is TextPart:
        return TextPart(whole(channels.said(choice), part.text))
    if type(part) is RefusalPart:
        return RefusalPart(whole(channels.refused(choice), part.refusal))
    return part


def _call(call: ToolCall, choice: int, number: int, channels: Channels) -> ToolCall:
    name = call.function.name
    arguments = whole(channels.arguments(choice, number, name), call.function.arguments)
    return replace(call, function=FunctionCall(channels.names(name), arguments))
