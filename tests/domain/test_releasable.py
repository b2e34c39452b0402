"""Nothing is released to where its label may not go, whoever asks and for whatever attempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from haechi.domain.decision import Call, Transform
from haechi.domain.destination import NEVER_OUTSIDE, Clearance, Destination, Zone
from haechi.domain.errors import NotCleared
from haechi.domain.label import Label, Level
from haechi.domain.releasable import Receipt, release

RECEIPT = Receipt("r1")
levels = st.sampled_from(Level)
kinds = st.frozensets(st.sampled_from(["kr.rrn", "kr.passport", "phone", "secret"]))


def place(zone: Zone) -> Destination:
    return Destination("there", zone, "openai", ("m",))


@given(levels, kinds, levels, st.none() | levels, st.sampled_from(["raw", "deidentified"]))
def test_a_cloud_gets_only_what_it_is_cleared_for(
    level: Level, found: frozenset[str], raw: Level, deidentified: Level | None, transform: Transform
) -> None:
    label, clearance = Label(level, found), Clearance(raw, deidentified)
    limit = raw if transform == "raw" else deidentified
    call = Call("there", "m", transform)
    if limit is not None and level <= limit and not found & NEVER_OUTSIDE:
        assert release(b"{}", call, place("cloud"), clearance, label, RECEIPT, "p").body == b"{}"
    else:
        with pytest.raises(NotCleared):
            release(b"{}", call, place("cloud"), clearance, label, RECEIPT, "p")


@given(levels, kinds)
def test_home_gets_everything(level: Level, found: frozenset[str]) -> None:
    release(
        b"{}",
        Call("there", "m"),
        place("onprem"),
        Clearance(Level.RESTRICTED),
        Label(level, found),
        RECEIPT,
        "p",
    )


def test_a_release_is_for_one_destination() -> None:
    with pytest.raises(NotCleared):
        release(
            b"{}",
            Call("elsewhere", "m"),
            place("onprem"),
            Clearance(Level.RESTRICTED),
            Label(Level.PUBLIC),
            RECEIPT,
            "p",
        )


def test_a_changed_body_is_noticed() -> None:
    given_out = release(
        b"{}",
        Call("there", "m"),
        place("onprem"),
        Clearance(Level.RESTRICTED),
        Label(Level.PUBLIC),
        RECEIPT,
        "p",
    )
    assert given_out.intact()
    assert not structs.replace(given_out, body=b'{"more":1}').intact()
