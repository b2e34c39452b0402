"""Every reason for not reading is said in both languages."""

from typing import get_args

import pytest

from haechi.catalogue.reasons import word
from haechi.domain.reading import Left, Why


@pytest.mark.parametrize("code", [*get_args(Why), *get_args(Left)])
def test_it_has_a_word(code: str) -> None:
    assert word(code, "ko") != code
