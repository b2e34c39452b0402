"""What a person is told of a text from which values were taken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.wiring import detectors
from haechi.domain.errors import BadRequest
from haechi.gateway.classify.classify import UNSEEN, classify
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.deidentify.replace import TOKENS, Plan
from haechi.gateway.reidentify.anything import reidentify_anything
from haechi.gateway.taking_out import TakenOut, taken_out

EYES = Eyes(detectors().scan)
PHONE, MAIL, RRN, CARD = "010-3847-2291", "kim@corp.example", "900101-1234568", "4111-1111-1111-1111"


def take(body: Any, kinds: set[str] | None = None, plan: Plan = TOKENS) -> TakenOut:
    return taken_out(body, classify(body, EYES), EYES, plan, frozenset(kinds) if kinds is not None else None)


def test_everything_that_may_go_goes_and_comes_back() -> None:
    text = f"{PHONE}, {MAIL}, 카드 {CARD}, PHONE_1"
    taken = take(text)
    assert taken.body == "PHONE_1, EMAIL_1, 카드 CARD_1, TEXT_1"
    assert taken.counts == {"card": 1, "email": 1, "lookalike": 1, "phone": 1}
    assert (taken.kept, taken.left) == ({}, {})
    assert reidentify_anything(taken.body, taken.mapping)[0] == text


def test_what_may_never_go_is_removed_whoever_asks_and_is_in_no_mapping() -> None:
    for kinds in (None, {"phone"}, set[str]()):
        taken = take(f"주민번호 {RRN}", kinds)
        assert taken.body == "주민번호 [RRN]"
        assert taken.left == {"kr.rrn": 1}
        assert not taken.mapping
        assert RRN.encode() not in taken.mapping.to_bytes()


def test_other_kinds_stay_where_only_some_are_asked_for() -> None:
    taken = take(f"{PHONE}, {MAIL}", {"phone"})
    assert taken.body == f"PHONE_1, {MAIL}"
    assert (taken.counts, taken.kept, taken.left) == ({"phone": 1}, {"email": 1}, {})


def test_what_is_said_of_the_whole_is_left() -> None:
    assert take(f"대외비\n\n{PHONE} 로 연락").left == {"marking": 1}


def test_a_body_of_any_form() -> None:
    body = {"messages": [{"role": "user", "content": PHONE}], "phones": [3847229112, PHONE], PHONE: 1}
    taken = take(body)
    assert PHONE not in str(taken.body)
    assert reidentify_anything(taken.body, taken.mapping)[0]["messages"] == body["messages"]


@pytest.mark.parametrize("body", [{"content": [{"type": "image_url", "image_url": {"url": "data:x"}}]}])
def test_what_nobody_can_read_is_refused(body: Any) -> None:
    with pytest.raises(BadRequest):
        take(body)
    with pytest.raises(BadRequest):
        taken_out("x", UNSEEN, EYES, TOKENS)


@given(
    st.lists(
        st.sampled_from([PHONE, MAIL, CARD, "PHONE_1", "⟦EMAIL_1⟧", "가", " ", "_", ",", "1", "은"]),
        max_size=12,
    )
)
def test_any_text_comes_back(pieces: list[str]) -> None:
    text = "".join(pieces)
    taken = take(text)
    assert reidentify_anything(taken.body, taken.mapping)[0] == text
