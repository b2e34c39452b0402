"""Everything that touches the outside: networks, files, databases, engines. Known to wiring, processes and command line only."""
