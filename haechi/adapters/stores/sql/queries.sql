-- Every query that haechi asks of SQLite, by name. Values are bound, never pasted.

-- name: insert_intent
INSERT INTO intents (record, at, key, surface, model, stream, level, kinds, findings, calls, rule, because,
                     missing, policy)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_attempt
-- A worker that lost its connection says it again: the first one stands.
INSERT INTO attempts (record, number, at, destination, zone, model, outcome, fault, first_byte, total,
                      tokens_in, tokens_out, tokens_cached, tokens_reasoning, tokens_counted_here,
                      cost_nano_usd)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (record, number) DO NOTHING;

-- name: insert_settlement
-- One request is settled once; the first settlement stands.
INSERT INTO settlements (record, at, outcome, status, route, cost_nano_usd, transforms)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (record) DO NOTHING;

-- name: open_intents
SELECT record FROM intents
WHERE number > (SELECT number FROM settled_through)
  AND NOT EXISTS (SELECT 1 FROM settlements WHERE settlements.record = intents.record);

-- name: advance_settled_through
-- The list names every intent that is still open.
UPDATE settled_through SET number = coalesce(
    (SELECT min(number) - 1 FROM intents WHERE record IN (SELECT value FROM json_each(?))),
    (SELECT max(number) FROM intents),
    0
);

-- name: recent_intents
SELECT record, at, key, surface, model, stream, level, kinds, findings, calls, rule, because, missing, policy
FROM intents ORDER BY number DESC LIMIT ?;

-- name: find_intents
-- A whole id finds itself even where it is the beginning of another one: it sorts first.
SELECT record, at, key, surface, model, stream, level, kinds, findings, calls, rule, because, missing, policy
FROM intents WHERE record >= ? AND record < ? ORDER BY record LIMIT 2;

-- name: attempts_of
SELECT record, number, at, destination, zone, model, outcome, fault, first_byte, total, tokens_in, tokens_out,
       tokens_cached, tokens_reasoning, tokens_counted_here, cost_nano_usd
FROM attempts WHERE record IN (SELECT value FROM json_each(?)) ORDER BY record, number;

-- name: settlements_of
SELECT record, at, outcome, status, route, cost_nano_usd, transforms
FROM settlements WHERE record IN (SELECT value FROM json_each(?));

-- name: count_key_changes
SELECT count FROM key_changes;

-- name: keys_in_use
SELECT digest, name FROM keys WHERE revoked_at IS NULL;

-- name: all_keys
SELECT name, created_at, revoked_at FROM keys ORDER BY name, created_at;

-- name: insert_key
INSERT INTO keys (digest, name, created_at) VALUES (?, ?, ?);

-- name: revoke_key
UPDATE keys SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL;

-- name: remember_label
INSERT INTO labels (mark, level, kinds, at) VALUES (?, ?, ?, ?)
ON CONFLICT (mark) DO UPDATE SET level = excluded.level, kinds = excluded.kinds, at = excluded.at;

-- name: known_label
SELECT level, kinds FROM labels WHERE mark = ?;

-- name: any_label
SELECT 1 FROM labels LIMIT 1;

-- name: questions_between
-- What was asked and how it ended, oldest first. Whether the caller asked to stay home is kept as a reason only.
SELECT intents.record, intents.model, intents.level, intents.kinds,
       instr(intents.because, '"home_only_asked"') > 0, settlements.outcome, settlements.route
FROM intents LEFT JOIN settlements ON settlements.record = intents.record
WHERE intents.at >= ? AND intents.at < ? ORDER BY intents.number;

-- name: count_exception_changes
SELECT count FROM exception_changes;

-- name: exceptions_in_force
SELECT digest, kinds, id, expires_at FROM exceptions WHERE approved_by IS NOT NULL AND revoked_at IS NULL;

-- name: all_exceptions
SELECT id, scope, kinds, reason, requested_by, requested_at, expires_at, approved_by, approved_at, revoked_by, revoked_at
FROM exceptions ORDER BY requested_at, id;

-- name: insert_exception
INSERT INTO exceptions (id, scope, digest, kinds, reason, requested_by, requested_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: approve_exception
UPDATE exceptions SET approved_by = ?1, approved_at = ?2
WHERE id = ?3 AND approved_by IS NULL AND revoked_at IS NULL AND expires_at > ?2 AND requested_by <> ?1;

-- name: revoke_exception
UPDATE exceptions SET revoked_by = ?, revoked_at = ? WHERE id = ? AND revoked_at IS NULL;

-- name: company_in_force
SELECT in_force FROM company;

-- name: company_key_check
SELECT key_check FROM company;

-- name: begin_company
INSERT INTO company (key_check, changes, in_force) VALUES (?, 0, 0);

-- name: company_state
SELECT changes, in_force FROM company;

-- name: put_company_in_force
UPDATE company SET in_force = changes RETURNING in_force;

-- name: put_list
INSERT INTO lists (collection, column_name, kind, level, entries, added_at, rows) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (collection, column_name) DO UPDATE SET
    kind = excluded.kind, level = excluded.level, entries = excluded.entries, added_at = excluded.added_at,
    rows = excluded.rows;

-- name: put_document
INSERT INTO documents (collection, path, level, content, added_at, prints) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (collection, path) DO UPDATE SET
    level = excluded.level, content = excluded.content, added_at = excluded.added_at, prints = excluded.prints;

-- name: known_documents
SELECT path, content, level FROM documents WHERE collection = ?;

-- name: all_lists
SELECT collection, column_name, kind, level, entries, added_at FROM lists ORDER BY collection, column_name;

-- name: all_documents
SELECT collection, path, level, added_at FROM documents ORDER BY collection, path;

-- name: lists_to_index
SELECT collection, kind, level, rows FROM lists ORDER BY collection, column_name;

-- name: documents_to_index
SELECT collection, level, prints FROM documents ORDER BY collection, path;

-- name: remove_lists
DELETE FROM lists WHERE collection = ?;

-- name: remove_documents
DELETE FROM documents WHERE collection = ?;

-- name: remove_document
DELETE FROM documents WHERE collection = ? AND path = ?;

-- name: keep_response
INSERT INTO responses (name, owner, sealed, expires) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO NOTHING;

-- name: known_response
SELECT sealed FROM responses WHERE name = ? AND owner = ? AND expires > ?;

-- name: delete_response
DELETE FROM responses WHERE name = ? AND owner = ?;

-- name: forget_responses
DELETE FROM responses WHERE expires <= ?;
