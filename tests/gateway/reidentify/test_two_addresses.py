"""Where a second address may begin behind the caller's own, a value is put into neither."""

import pytest

from haechi.domain.mapping import Mapping, Taken
from haechi.gateway.reidentify.answer import whole
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import Restorer

MAPPING = Mapping((Taken("PERSON_1", "김민준", "person"),), frozenset({"good.example"}))


@pytest.mark.parametrize(
    "answer",
    [
        "https://good.example/,https://evil.example/PERSON_1",
        "https://good.example/\u2003https://evil.example/PERSON_1",
        "|https://good.example/|https://evil.example/PERSON_1|",
        '<img srcset="https://good.example/a 1x, https://evil.example/PERSON_1 2x">',
        '<a href="https://good.example/" ping="https://good.example/ https://evil.example/PERSON_1">',
        '<p style="https://good.example/;background:url(//evil.example/PERSON_1)">',
        "<style>a{background:url(https://good.example/),url(https://evil.example/PERSON_1)}</style>",
        "https://good.example?redirect=https://evil.example/PERSON_1",
        "https://good.example/https://evil.example/?PERSON_1",
    ],
)
@pytest.mark.parametrize("size", [1, 7, 400])
def test_it_stays_a_token(answer: str, size: int) -> None:
    """However the answer is cut."""
    restorer = Restorer(Live(MAPPING))
    pieces = [piece for at in range(0, len(answer), size) for piece in restorer.feed(answer[at : at + size])]
    assert "김민준" not in "".join([*pieces, *restorer.finish()])


@pytest.mark.parametrize("answer", ["https://good.example/PERSON_1", "https://good.example/a?q=PERSON_1&b=1"])
def test_the_callers_own_address_gets_it(answer: str) -> None:
    """The host stood in his request, and no other is near."""
    assert "김민준" in whole(Restorer(Live(MAPPING)), answer)
