"""A contract whose facts were read today: presets age, and tests that run on the real clock must not age with them."""

from datetime import UTC, datetime


def contract(preset: str) -> str:
    """The contract of `preset` as it stands in a configuration, in force and attested just now."""
    today = datetime.now(UTC).astimezone().date()
    facts = f"facts: {{trains: false, verified_on: {today}}}"
    return f"{{preset: {preset}, attested_by: tests, valid_until: 2099-12-31, {facts}}}"
