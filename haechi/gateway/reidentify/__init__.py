"""Answer and mapping in, what the caller reads out. Still empty, as nothing is taken out yet."""
