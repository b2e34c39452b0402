"""The one command line: every command of the table is there, and costs nobody else its import."""

import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from haechi.app.cli.main import COMMANDS, app


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(name: str) -> None:
    """With an example, or with commands of its own."""
    said = CliRunner().invoke(app, [name, "--help"])
    assert said.exit_code == 0
    assert f"haechi {name}" in said.output or f"{name} [OPTIONS]" in said.output


def test_help_lists_all_of_them() -> None:
    """In the order of the table."""
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    places = [said.index(f"│ {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_a_command_that_is_none() -> None:
    """Wrong use, by its name."""
    said = CliRunner().invoke(app, ["fly"])
    assert said.exit_code == 2
    assert "fly" in said.output


def test_the_version() -> None:
    """The one that is installed."""
    assert CliRunner().invoke(app, ["--version"]).output == f"haechi {version('haechi')}\n"


def test_a_command_is_imported_when_it_is_called() -> None:
    """The line itself brings neither detectors nor numpy."""
    code = "import sys, haechi.app.cli.main; print(sorted({'numpy', 'haechi.app.wiring', 're2'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        == "[]\n"
    )
