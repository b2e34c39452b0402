"""Money and obligations in, verdict with reasons out."""
