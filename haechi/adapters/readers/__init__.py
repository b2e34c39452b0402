"""A file in, its text out, read in processes of their own without a network."""
