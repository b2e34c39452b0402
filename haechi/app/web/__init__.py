"""ASGI: dialects in, dialects out, errors as HTTP."""
