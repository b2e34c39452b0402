"""`python -m haechi`."""

from haechi.app.cli.main import run

run()
