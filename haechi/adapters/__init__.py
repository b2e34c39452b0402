"""Everything that touches the outside: networks, files, databases, engines. Known to `app/wiring` only."""
