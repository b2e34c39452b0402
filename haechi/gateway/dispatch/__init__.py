"""A decision in, the order of attempts out: what to try next after which fault, as data."""
