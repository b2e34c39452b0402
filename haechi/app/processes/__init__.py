"""What `haechi up` runs: supervisor, workers, ledger writer, door, engine."""
