-- name: validate_message_next
SELECT id, sha256, received_at, attempts FROM message WHERE state = 'new' ORDER BY received_at, id LIMIT 1
-- name: validate_message_attempt
UPDATE message SET attempts = attempts + ?2 WHERE id = ?1
-- name: validate_message_done
UPDATE message SET state = ?2, class = ?3, sender = ?4, subject = ?5, reason = ?6 WHERE id = ?1 AND state = 'new'
-- name: validate_message_release
-- a message that has given returns is not read again: they would be there twice
UPDATE message SET state = ?2, attempts = 0 WHERE id = ?1 AND state = 'quarantined'
	AND (?2 <> 'new' OR NOT EXISTS (SELECT 1 FROM "return" AS r WHERE r.message_id = ?1))
-- name: validate_dispatch_by_message_id
SELECT id, unit_id, state, edition FROM dispatch WHERE message_id = ?1
-- name: validate_unit_by_code
SELECT id FROM unit WHERE code = ?1
-- name: validate_credentials
SELECT kid, verifier, revoked_at FROM credential WHERE edition = ?1 AND unit_id = ?2 ORDER BY serial DESC
-- name: validate_return_insert
INSERT INTO "return" (message_id, part, file_sha256, file_name, edition, unit_id, section, form_version, serial,
	answers_sha256, state, reason, detail, trust, received_at)
VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
-- name: validate_answer_insert
INSERT INTO answer (return_id, question, value) VALUES (?1, ?2, ?3)
-- name: validate_finding_insert
INSERT INTO finding (return_id, number, severity, code, question, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
-- name: validate_rivals
-- what has come for the place before: the applied return, and held ones
SELECT id, state, answers_sha256, trust FROM "return"
WHERE unit_id = ?1 AND edition = ?2 AND section = ?3 AND state IN ('applied', 'held') ORDER BY id
-- name: validate_return_state
UPDATE "return" SET state = ?2, trust = ?3 WHERE id = ?1
-- name: validate_return_get
SELECT r.state, r.edition, coalesce(r.unit_id, 0), r.section, r.answers_sha256, m.sha256, r.trust, r.reason,
	EXISTS (SELECT 1 FROM finding AS f WHERE f.return_id = r.id AND f.severity = 'error')
FROM "return" AS r JOIN message AS m ON m.id = r.message_id WHERE r.id = ?1
