"""A file in, its text out, read in resource-limited processes. Still empty: files are unreadable, hence restricted."""
