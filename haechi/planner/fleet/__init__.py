"""Workload and hardware in; capacity, latency and memory fit out."""
