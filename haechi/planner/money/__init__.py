"""Capacity and prices in; TCO, break-even and intervals out."""
