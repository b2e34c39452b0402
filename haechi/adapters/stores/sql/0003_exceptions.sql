-- Reviewed exceptions for false alarms: a keyed digest of a value or a document, never the text. Nobody approves his
-- own request. `exception_changes` counts changes, so that a worker sees at a glance whether to read them anew.

CREATE TABLE exceptions (
    id           TEXT PRIMARY KEY,
    scope        TEXT NOT NULL CHECK (scope IN ('value', 'document')),
    digest       BLOB NOT NULL,
    kinds        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at REAL NOT NULL,
    expires_at   REAL NOT NULL,
    approved_by  TEXT CHECK (approved_by <> requested_by),
    approved_at  REAL,
    revoked_by   TEXT,
    revoked_at   REAL
) WITHOUT ROWID;

CREATE TABLE exception_changes (count INTEGER NOT NULL);

INSERT INTO exception_changes (count) VALUES (0);

CREATE TRIGGER exceptions_created AFTER INSERT ON exceptions
BEGIN UPDATE exception_changes SET count = count + 1; END;

CREATE TRIGGER exceptions_changed AFTER UPDATE ON exceptions
BEGIN UPDATE exception_changes SET count = count + 1; END;

CREATE TRIGGER exceptions_removed AFTER DELETE ON exceptions
BEGIN UPDATE exception_changes SET count = count + 1; END;
