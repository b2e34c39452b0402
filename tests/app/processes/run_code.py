"""Runs the code that is its argument: `python -m tests.app.processes.run_code CODE`, behind a launcher."""

import sys

exec(sys.argv[1])  # noqa: S102  the tests' own words
