"""Second looks at a match: dates, check digits, placeholders, positions."""
