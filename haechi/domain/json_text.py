"""Whether a text is JSON: then values in it are written as JSON spells them."""

import msgspec


def is_json(text: str) -> bool:
    """Whether `text` is a JSON object or array."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True
