"""What stands behind each port."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from haechi.adapters.backends.addresses import allowed
from haechi.adapters.backends.distant_door import DistantDoor
from haechi.adapters.backends.door import Door
from haechi.app.settings.compile import LocalEngine
from haechi.app.settings.load import parse
from haechi.app.wiring import SystemNames, backends, upstream


@pytest.mark.parametrize(
    ("ours", "socket", "home", "gpt"),
    [
        (True, None, Door, Door),
        (False, None, Door, Door),
        (True, Path("door.sock"), Door, DistantDoor),  # it shares the place of the workers
        (False, Path("door.sock"), DistantDoor, DistantDoor),  # it is anywhere on this machine
    ],
)
def test_which_door_a_destination_is_reached_through(
    ours: bool, socket: Path | None, home: type[Any], gpt: type[Any]
) -> None:
    text = "destinations: {home: {engine: auto}, gpt: {provider: openai, key: k}}"
    engine = LocalEngine("http://127.0.0.1:1/v1", ("m",), ours=ours)
    found: Any = backends(parse(text, "t", {}), engine, socket)[0]
    assert type(found["home"]._door) is home
    assert type(found["gpt"]._door) is gpt


@pytest.mark.parametrize(
    ("facts", "reached"),
    [
        ("private_network: true, verified_on: 2026-11-20", True),
        ("private_network: false, verified_on: 2026-11-20", False),
        ("trains: false, verified_on: 2026-11-20", False),
    ],
)
def test_a_private_line_under_contract_may_lead_to_a_private_address(facts: str, reached: bool) -> None:
    contract = (
        f"{{preset: openai-api-standard, attested_by: ciso, valid_until: 2027-01-31, facts: {{{facts}}}}}"
    )
    text = f"destinations: {{seoul: {{provider: openai, key: k, contract: {contract}}}}}"
    seoul = upstream("seoul", parse(text, "t", {}).destinations["seoul"], None)
    assert seoul is not None
    address = ip_address("10.1.2.3")
    assert allowed(address, seoul.zone, attested=seoul.attested, explicit=False) is reached


def test_record_ids_are_unlike_and_sort_by_time() -> None:
    names = SystemNames()
    made = [names.record() for _ in range(2000)]  # more than chance is fetched for at once
    assert len(set(made)) == len(made)
    assert [each[:11] for each in made] == sorted(each[:11] for each in made)
    assert {len(each) for each in made} == {21}
    assert set("".join(made)) <= set("r0123456789abcdefghjkmnpqrstvwxyz")
