-- Stored responses, sealed. `owner` is a keyed mark of the key that asked.

CREATE TABLE IF NOT EXISTS responses (
    name    TEXT PRIMARY KEY,
    owner   BLOB NOT NULL,
    sealed  BLOB NOT NULL,
    expires REAL NOT NULL
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS responses_by_end ON responses (expires);
