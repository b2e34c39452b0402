-- The keys callers come with; only a digest of each is kept. A revoked key keeps its line.
-- `key_changes` counts changes, so that a worker sees at a glance whether to read the keys anew:
-- the database itself changes with every request.

CREATE TABLE keys (
    digest     BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at REAL NOT NULL,
    revoked_at REAL
) WITHOUT ROWID;

CREATE UNIQUE INDEX keys_in_use ON keys (name) WHERE revoked_at IS NULL;

CREATE TABLE key_changes (count INTEGER NOT NULL);

INSERT INTO key_changes (count) VALUES (0);

CREATE TRIGGER keys_created AFTER INSERT ON keys
BEGIN UPDATE key_changes SET count = count + 1; END;

CREATE TRIGGER keys_changed AFTER UPDATE ON keys
BEGIN UPDATE key_changes SET count = count + 1; END;

CREATE TRIGGER keys_removed AFTER DELETE ON keys
BEGIN UPDATE key_changes SET count = count + 1; END;
