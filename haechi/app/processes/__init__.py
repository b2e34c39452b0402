"""What `haechi up` runs: supervisor, workers, ledger writer, engine."""
