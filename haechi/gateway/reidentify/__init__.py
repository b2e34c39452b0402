"""Answer and mapping in, what the caller reads out. See `stream.py`; the flow does not call it yet."""
