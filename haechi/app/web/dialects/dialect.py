"""What a dialect is: how its requests are read and its answers are written. The road between is the same for all."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from haechi.domain.chat import Answer, Chat, Chunk, JsonObject
from haechi.domain.text import Language, Text
from haechi.gateway.without_values import ToChat, chat_of


class Decoded(Struct, frozen=True):
    """A request: the decoded body that is scanned, its typed form that is sent, what is left behind, and the pointers of
    parts that stand in the caller's place and are not his words: the text of files.

    `to_chat` reads such a body into the form again after something in it was exchanged, and raises where it cannot.
    """

    body: JsonObject
    chat: Chat
    dropped: tuple[str, ...]
    strangers: tuple[str, ...] = ()
    to_chat: ToChat = chat_of


class Stamp(Struct, frozen=True):
    """What an answer says of itself and of its request. `created` in Unix seconds; `model` is what answered, as far as
    that is known."""

    record: str
    created: int
    model: str
    decoded: Decoded


class Failure(Struct, frozen=True):
    """An error as callers are told it. `record` names the request."""

    status: int
    text: Text
    kind: str
    code: str | None
    param: str | None
    language: Language
    record: str

    @property
    def message(self) -> str:
        """What people read."""
        return self.text.say(self.language)


class StreamEncoder(Protocol):
    """One streamed answer as server-sent events. Fed, like everything that streams. `whole` is the answer as one object,
    once it has ended, where the dialect keeps answers."""

    whole: JsonObject

    def feed(self, chunk: Chunk) -> bytes:
        """The events for one step; often none."""
        ...

    def finish(self) -> bytes:
        """The events that end the stream."""
        ...

    def fail(self, failure: Failure) -> bytes:
        """The last events of a stream that broke."""
        ...


class Dialect(Struct, frozen=True):
    """One way to ask and to be answered. `name` stands in the ledger.

    `decode` takes the body and the path and raises `BadRequest`. `record_headers` carry the id of the record, beside
    `x-request-id`.
    """

    name: str
    decode: Callable[[bytes, str], Decoded]
    encode: Callable[[Answer, Stamp], bytes]
    stream: Callable[[Stamp], StreamEncoder]
    encode_error: Callable[[Failure], bytes]
    record_headers: tuple[bytes, ...] = ()
