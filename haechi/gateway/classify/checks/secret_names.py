"""Names that hold the word password, token or key and speak of something else: `next_page_token`, `password_hash`."""

import re
from typing import Final

_BEHIND: Final = frozenset((
    "hash", "hashed", "digest", "salt", "len", "length", "size", "min", "max", "count", "policy", "policies", "rule",
    "rules", "regex", "pattern", "strength", "expires", "expiry", "expiration", "expired", "ttl", "age", "days", "hint",
    "reset", "field", "fields", "input", "label", "placeholder", "column", "name", "names", "id", "ids", "type", "types",
    "uri", "url", "path", "file", "files", "dir", "location", "ref", "arn", "version", "algorithm", "alg", "encoder",
    "encoding", "manager", "mgr", "service", "provider", "store", "storage", "form", "page", "view", "link", "limit", "budget",
    "usage", "window", "index", "idx", "embedding", "izer", "ized", "ization", "ary", "changed", "updated", "created", "at",
    "date", "time", "enabled", "required", "verified", "valid", "validator", "validation", "error", "errors", "message",
    "msg", "prompt", "text", "title", "checker", "generator", "generation", "rotation", "stdin", "env", "var", "header",
    "prefix", "suffix", "pos", "format", "class", "callback", "s", "less", "confirmation", "based", "protected",
))  # fmt: skip
"""Words behind the name, when it is not the secret that follows."""

_BEFORE: Final = frozenset((
    "next", "page", "continuation", "cursor", "csrf", "xsrf", "max", "min", "num", "total", "input", "output", "prompt",
    "completion", "cached", "pad", "eos", "bos", "unk", "sep", "cls", "mask", "stop", "special", "hash", "hashed", "public",
    "foreign", "primary", "partition", "sort", "sync", "device", "fcm", "push", "no", "is", "has", "forgot", "reset",
    "wrong", "per", "cache", "idempotency",
))  # fmt: skip
"""Words before it."""

_WORDS: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+")
_NAME_SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"


def speaks_of_something_else(tail: str, before: str, name: str = "") -> bool:
    """`next_page_token`, `password_hash`, `secretName`, `CACHE_KEY`."""
    behind, ahead = _WORDS.findall(tail), _WORDS.findall(before[len(before.rstrip(_NAME_SIGNS)) :])
    if name.endswith("_KEY") and name.partition("_")[0].lower() in _BEFORE:
        return True
    return bool(behind and behind[0].lower() in _BEHIND) or bool(ahead and ahead[-1].lower() in _BEFORE)


def is_parameter(before: str) -> bool:
    """A value in the query of an address ends at `&`, and has a rule of its own."""
    return before.rstrip(_NAME_SIGNS)[-1:] in ("?", "&")
