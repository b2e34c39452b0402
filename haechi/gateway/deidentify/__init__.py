"""Clear parts in, de-identified parts and a mapping out (가명처리). See `replace.py`; the flow does not call it yet."""
