"""Observed calls in, workload out: arrivals, lengths, label mix, growth. Still empty."""
