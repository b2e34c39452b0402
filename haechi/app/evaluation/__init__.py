"""Merging, cascades and routing measured on outcomes of a customer's own."""
