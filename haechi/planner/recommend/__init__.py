"""Money and obligations in, verdict with reasons out. Still empty."""
