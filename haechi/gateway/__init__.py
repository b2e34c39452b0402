"""The road of one request: admit, classify, decide, deidentify, dispatch, merge, reidentify, record. `flow.py` walks it."""
