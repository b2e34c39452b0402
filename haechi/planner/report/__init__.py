"""A verdict in, one page out, HTML and PDF. Still empty."""
