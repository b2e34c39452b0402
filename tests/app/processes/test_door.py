"""The process of the door, where something it would like to have is not to be had."""

from pathlib import Path

import pytest

from haechi.app.processes.door import reviewed


def test_without_a_readable_ledger_no_exception_holds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert reviewed(tmp_path / "nowhere") is None
    assert "refused here" in caplog.text
