-- The ledger: three tables that only grow. What is once written stays as it was written.
-- `number` is the order of writing; the newest records are read by it, without a sort.

CREATE TABLE intents (
    number   INTEGER PRIMARY KEY,
    record   TEXT NOT NULL UNIQUE,
    at       REAL NOT NULL,
    key      TEXT NOT NULL,
    surface  TEXT NOT NULL,
    model    TEXT NOT NULL,
    stream   INTEGER NOT NULL,
    level    TEXT NOT NULL,
    kinds    TEXT NOT NULL, -- JSON
    findings TEXT NOT NULL, -- JSON
    calls    TEXT NOT NULL, -- JSON
    rule     TEXT NOT NULL,
    because  TEXT NOT NULL, -- JSON
    missing  TEXT NOT NULL, -- JSON
    policy   TEXT NOT NULL
);

CREATE INDEX intents_by_time ON intents (at);

CREATE TABLE attempts (
    record              TEXT NOT NULL REFERENCES intents (record),
    number              INTEGER NOT NULL,
    at                  REAL NOT NULL,
    destination         TEXT NOT NULL,
    zone                TEXT NOT NULL,
    model               TEXT NOT NULL,
    outcome             TEXT NOT NULL,
    fault               TEXT,
    first_byte          REAL,
    total               REAL NOT NULL,
    tokens_in           INTEGER NOT NULL,
    tokens_out          INTEGER NOT NULL,
    tokens_cached       INTEGER NOT NULL,
    tokens_reasoning    INTEGER NOT NULL,
    tokens_counted_here INTEGER NOT NULL,
    cost_nano_usd       INTEGER,
    PRIMARY KEY (record, number)
) WITHOUT ROWID;

CREATE TABLE settlements (
    record        TEXT PRIMARY KEY REFERENCES intents (record),
    at            REAL NOT NULL,
    outcome       TEXT NOT NULL,
    status        INTEGER NOT NULL,
    route         TEXT NOT NULL,
    cost_nano_usd INTEGER
) WITHOUT ROWID;

-- Up to this intent everything is settled: a restart looks for open intents only behind it.
CREATE TABLE settled_through (number INTEGER NOT NULL);

INSERT INTO settled_through (number) VALUES (0);

CREATE TRIGGER intents_stay BEFORE UPDATE ON intents
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER intents_last BEFORE DELETE ON intents
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER attempts_stay BEFORE UPDATE ON attempts
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER attempts_last BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER settlements_stay BEFORE UPDATE ON settlements
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER settlements_last BEFORE DELETE ON settlements
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
