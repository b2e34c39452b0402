"""Names of people, by a small network of our own over syllables, words and signs."""
