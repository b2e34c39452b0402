"""Every seam through which the outside world comes in. `app/wiring` decides what stands behind each."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Protocol

from haechi.domain.chat import Answer, Chat, Chunk
from haechi.domain.label import Label
from haechi.domain.reading import File, Read
from haechi.domain.record import Record, Row
from haechi.domain.releasable import Receipt, Releasable


class Clock(Protocol):
    """Time. Seconds."""

    def now(self) -> float:
        """Unix time."""
        ...

    def monotonic(self) -> float:
        """A clock that never goes back."""
        ...


class Names(Protocol):
    """Chance, for names only."""

    def record(self) -> str:
        """A fresh record id, sortable by time."""
        ...


class Backend(Protocol):
    """A model service at one destination. Errors are `BackendFault`s only."""

    def render(self, chat: Chat, model: str) -> bytes:
        """The body in this backend's wire for `model`: known fields only, serialised anew. Pure."""
        ...

    async def complete(self, release: Releasable) -> Answer:
        """Send and wait for the whole answer."""
        ...

    def stream(self, release: Releasable) -> AsyncGenerator[Chunk, None]:
        """Send and yield the answer as it comes. Closing the iterator cancels the call."""
        ...


class Ledger(Protocol):
    """Where rows become durable."""

    async def open(self, row: Row) -> Receipt:
        """Make an intent durable. Raises `LedgerUnavailable`; then nothing may be sent."""
        ...

    async def append(self, rows: Sequence[Row]) -> None:
        """Make attempts and settlements durable. Raises `LedgerUnavailable`."""
        ...


class LedgerReader(Protocol):
    """The ledger as people and programs read it."""

    def recent(self, limit: int) -> list[Record]:
        """The newest records, newest first."""
        ...

    def find(self, record: str) -> Record | None:
        """One record by id, or by a prefix of at least six characters that fits only one."""
        ...


class LabelStore(Protocol):
    """What texts are known to be beyond what a scan of them gives, for all workers and over restarts."""

    def known(self, texts: Iterable[str]) -> Label:
        """The join of what is known of `texts`; `public` where nothing is. Raises `LedgerUnavailable`."""
        ...

    def remember(self, texts: Iterable[str], label: Label) -> None:
        """Keep `label` for each of `texts`, durably. Raises `LedgerUnavailable`."""
        ...


class Exceptions(Protocol):
    """Reviewed exceptions for false alarms."""

    def covering(self, kind: str, value: str, document: str) -> str | None:
        """The id of an exception in force for a finding of `kind` that is `value` and stands in the string
        `document`; `None` where there is none, and where nobody can say. May be asked from any thread."""
        ...


class Seals(Protocol):
    """What is handed out to come back to the same owner, unread by anybody else. May be used in any thread."""

    def sealed(self, content: bytes, owner: str, seconds: float) -> str:
        """`content` for `owner` alone, for so long. Raises `TooLarge`."""
        ...

    def opened(self, seal: str, owner: str) -> bytes:
        """What was sealed. Raises `BadRequest` for what is no seal, `SealBroken` for one that does not open."""
        ...

    def seed(self, owner: str) -> bytes:
        """A secret of `owner`, always the same."""
        ...


class ResponseStore(Protocol):
    """What was said so far in a conversation that the gate keeps. What belongs to another key is not there."""

    def keep(self, name: str, owner: str, content: bytes) -> None:
        """Keep it, sealed; durable on return. Raises `LedgerUnavailable`."""
        ...

    def known(self, name: str, owner: str) -> bytes | None:
        """What is kept under `name` for `owner`. Raises `LedgerUnavailable`."""
        ...

    def delete(self, name: str, owner: str) -> bool:
        """Forget it at once; whether there was anything. Raises `LedgerUnavailable`."""
        ...


class Readers(Protocol):
    """Who turns files into text, in processes of their own."""

    @property
    def pictures(self) -> bool:
        """Whether words in images are read, too."""
        ...

    async def read(self, file: File) -> Read:
        """What `file` says, or why nobody could tell. Never raises."""
        ...


class KeyRing(Protocol):
    """Who may call."""

    def name_of(self, secret: str) -> str | None:
        """The name of the key, or `None` where it is unknown or revoked."""
        ...


class Meter(Protocol):
    """What Prometheus sees. All labels come from closed sets."""

    def settled(self, *, route: str, zone: str, level: str, outcome: str, seconds: float) -> None:
        """A request ended."""
        ...

    def refused(self, *, rule: str) -> None:
        """A request was refused by a rule or for want of a home."""
        ...

    def attempted(self, *, destination: str, outcome: str) -> None:
        """A call to a destination ended."""
        ...

    def tokens(self, *, zone: str, taken: int, written: int) -> None:
        """Tokens that a call took in and wrote."""
        ...

    def first_byte(self, *, zone: str, seconds: float) -> None:
        """Time from the start of a request to the first byte of its answer."""
        ...
