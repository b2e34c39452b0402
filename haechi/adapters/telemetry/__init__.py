"""Prometheus metrics, summed over workers."""
