"""The shared words: values, errors and ports. Imports nothing but the standard library and msgspec."""
