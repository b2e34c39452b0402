"""Answer and mapping in, what the caller reads out. See `stream.py`."""
