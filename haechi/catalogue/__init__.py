"""Facts as TOML, each with value, unit, source and date; code reads the table, it does not repeat it."""
