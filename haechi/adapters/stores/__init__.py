"""Where rows and keys lie: SQLite now. SQL stands in `sql/`."""
