"""Text in, vectors out. Still empty."""
