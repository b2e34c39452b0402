-- Labels that a text carries although a scan of it does not give them. `mark` is a keyed digest of the text: the
-- text itself is nowhere here.
CREATE TABLE IF NOT EXISTS labels (
    mark  BLOB PRIMARY KEY,
    level INTEGER NOT NULL,
    kinds TEXT NOT NULL,
    at    REAL NOT NULL
) WITHOUT ROWID;
