"""An answer of any form with its values again: a text, or decoded JSON of whatever dialect.

What is given to a tool is known by its form: a name beside `arguments` (OpenAI), `input` (Anthropic) or `args` (Gemini).
Parts that are signed or encrypted stay as they are: changed, their issuer would not take them back.
"""

from typing import Any, Final

from haechi.domain.json_text import is_json
from haechi.domain.mapping import Mapping
from haechi.gateway.reidentify.answer import whole
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import ARGUMENTS, JSON_TEXT, TEXT, Channel, Counts, Restorer

_GIVEN: Final = ("arguments", "input", "args")
_SEALED: Final = frozenset({"signature", "encrypted_content", "thoughtSignature", "thought_signature"})
_DECODED: Final = Channel(json=False, particles=False)
"""What is given to a tool, decoded already."""


def reidentify_anything(
    answer: Any, mapping: Mapping, never_into: frozenset[str] = frozenset()
) -> tuple[Any, Counts]:
    """`answer` with what was taken out put back, and what became of its tokens. No value goes into the tools of
    `never_into`, nor into one that was not declared."""
    if not mapping:
        return answer, Counts()
    walk = _Walk(mapping, never_into)
    return walk.into(answer), walk.counts


class _Walk:
    """Restores leaf by leaf."""

    def __init__(self, mapping: Mapping, never_into: frozenset[str]) -> None:
        self._live = Live(mapping)
        self._never_into = never_into
        self.counts = Counts()

    def into(self, node: Any, channel: Channel | None = None, *, withheld: bool = False) -> Any:
        """`node` and everything below it; without a `channel`, each string as what it reads as."""
        if type(node) is str:
            return self._text(node, channel or (JSON_TEXT if is_json(node) else TEXT), withheld=withheld)
        if type(node) is list:
            return [self.into(value, channel, withheld=withheld) for value in node]
        if type(node) is not dict or not _SEALED.isdisjoint(node):
            return node
        given = None if channel else next((key for key in _GIVEN if key in node and "name" in node), None)
        made = {}
        for key, value in node.items():
            if key == given:
                made[key] = self._given(value, node["name"])
            else:
                made[self.into(key, channel, withheld=withheld)] = self.into(
                    value, channel, withheld=withheld
                )
        return made

    def _given(self, value: Any, tool: Any) -> Any:
        """What is given to a tool, by the name that the provider knows it by."""
        declared = type(tool) is str and tool in self._live.mapping.tools
        withheld = not declared or tool in self._never_into
        return self.into(value, ARGUMENTS if type(value) is str else _DECODED, withheld=withheld)

    def _text(self, text: str, channel: Channel, *, withheld: bool) -> str:
        restorer = Restorer(self._live, channel, withheld=withheld)
        restored = whole(restorer, text)
        self.counts.add(restorer.counts)
        return restored
