"""A meter that counts nothing: for `haechi demo` and for tests that ask about other things."""


class NoMeter:
    """The `Meter` port."""

    def settled(self, *, route: str, zone: str, level: str, outcome: str, seconds: float) -> None:
        """A request ended."""

    def refused(self, *, rule: str) -> None:
        """A request was refused."""

    def attempted(self, *, destination: str, outcome: str) -> None:
        """A call ended."""

    def tokens(self, *, zone: str, taken: int, written: int) -> None:
        """Tokens of a call."""

    def first_byte(self, *, zone: str, seconds: float) -> None:
        """The first byte of an answer."""
