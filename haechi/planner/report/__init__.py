"""A verdict in, one page of HTML out: self-contained, with its charts as SVG."""
