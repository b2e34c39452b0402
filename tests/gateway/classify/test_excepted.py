"""What two people reviewed as a false alarm is left out of the label, and nothing else is."""

from base64 import b64encode
from typing import Any

import pytest

from haechi.app.wiring import detectors
from haechi.domain.label import ORDINARY
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.sight import Eyes

SCAN = detectors().scan
PHONE = "010-1234-5678"
REVIEWED = ("대표 010-9999-8888", "대표 010-9876-")


def encoded(text: str) -> str:
    """One block, so that all that stands in it stands in one place."""
    return b64encode(text.encode()).decode()


def covering(kind: str, value: str, document: str) -> str | None:
    return "x1" if (kind, value) == ("phone", PHONE) else "x2" if document in REVIEWED else None


@pytest.mark.parametrize(
    ("body", "kinds", "excepted"),
    [
        ({"a": f"전화 {PHONE}"}, set(), ("x1",)),
        ({"a": f"전화 {PHONE}, {PHONE}"}, set(), ("x1",)),
        ({"a": f"전화 {PHONE}, 010-1111-2222"}, {"phone"}, ("x1",)),
        ({"a": f"전화 {PHONE}, 900101-1234568"}, {"kr.rrn"}, ("x1",)),
        ({"a": "대표 010-9999-8888"}, set(), ("x2",)),
        ({"a": "대표 010-9999-8888", "b": "010-9999-8888"}, {"phone"}, ("x2",)),
        ({"a": "대표 010-9876-", "b": "5432 입니다"}, {"phone"}, ()),
        ({"a": f'{{"tel": "{PHONE}"}}'}, set(), ("x1",)),
        ({"a": PHONE.replace("-", "\\u002d")}, set(), ("x1",)),
        ({"a": encoded(f"연락처 {PHONE} 입니다")}, set(), ("x1",)),
        ({"a": encoded(f"연락처 {PHONE}, 010-9876-5432 입니다")}, {"phone"}, ()),
        ({"a": encoded(f"연락처 010-9876-5432, {PHONE} 입니다")}, {"phone"}, ()),
        ({"a": "오늘"}, set(), ()),
    ],
)
def test_what_is_left(body: dict[str, Any], kinds: set[str], excepted: tuple[str, ...]) -> None:
    found = classify(body, Eyes(SCAN), covering)
    assert found.label.kinds == kinds
    assert (found.label == ORDINARY) is (not kinds)
    assert found.excepted == excepted
    assert [reason.code for reason in found.reasons()] == (["excepted"] if excepted else [])


def test_a_reviewer_that_breaks_leaves_nothing_out() -> None:
    def broken(kind: str, value: str, document: str) -> str | None:
        raise OSError

    assert classify({"a": PHONE}, Eyes(SCAN), broken).label.kinds == {"unreadable"}
