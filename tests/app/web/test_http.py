"""Who may speak to a gate that asks for no key."""

import pytest

from haechi.app.web.http import own_page, same_host


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8484", True),
        ("localhost", True),
        ("[::1]:8484", True),
        ("[::1]", True),
        ("evil.example", False),
        ("localhost.evil.example:8484", False),
        ("", False),
        (None, False),
    ],
)
def test_only_this_machine_is_this_machine(host: str | None, ours: bool) -> None:
    assert same_host(host) is ours


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        (None, True),  # a program, not a page
        ("http://localhost:3000", True),
        ("http://127.0.0.1:8484", True),
        ("https://[::1]", True),
        ("https://evil.example", False),
        ("https://127.0.0.1.evil.example", False),
        ("https://evil.example/127.0.0.1", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_page_from_elsewhere_is_not_ours(origin: str | None, ours: bool) -> None:
    assert own_page(origin) is ours
