"""One file a dialect: its bytes in and out, to and from the internal form."""
