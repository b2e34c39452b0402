"""What `haechi up` runs: supervisor, workers, ledger writer, readers, door, engine."""
