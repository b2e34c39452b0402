-- A company's own lists and documents: keyed digests of values, keyed prints of documents, never a text. A list is
-- replaced whole; `changes` counts what was changed, and the index of that number is in force.

CREATE TABLE IF NOT EXISTS lists (
    collection  TEXT NOT NULL,
    column_name TEXT NOT NULL,
    kind        TEXT NOT NULL,
    level       INTEGER NOT NULL,
    entries     INTEGER NOT NULL,
    added_at    REAL NOT NULL,
    rows        BLOB NOT NULL,
    PRIMARY KEY (collection, column_name)
);

CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL,
    path       TEXT NOT NULL,
    level      INTEGER NOT NULL,
    content    BLOB NOT NULL,
    added_at   REAL NOT NULL,
    prints     BLOB NOT NULL,
    PRIMARY KEY (collection, path)
);

CREATE TABLE IF NOT EXISTS company (key_check BLOB NOT NULL, changes INTEGER NOT NULL, in_force INTEGER NOT NULL);

CREATE TRIGGER IF NOT EXISTS lists_added AFTER INSERT ON lists
BEGIN UPDATE company SET changes = changes + 1; END;

CREATE TRIGGER IF NOT EXISTS lists_changed AFTER UPDATE ON lists
BEGIN UPDATE company SET changes = changes + 1; END;

CREATE TRIGGER IF NOT EXISTS lists_removed AFTER DELETE ON lists
BEGIN UPDATE company SET changes = changes + 1; END;

CREATE TRIGGER IF NOT EXISTS documents_added AFTER INSERT ON documents
BEGIN UPDATE company SET changes = changes + 1; END;

CREATE TRIGGER IF NOT EXISTS documents_changed AFTER UPDATE ON documents
BEGIN UPDATE company SET changes = changes + 1; END;

CREATE TRIGGER IF NOT EXISTS documents_removed AFTER DELETE ON documents
BEGIN UPDATE company SET changes = changes + 1; END;
