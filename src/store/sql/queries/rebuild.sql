-- name: rebuild_events
SELECT at, actor, edition, unit_id, section, subject, subject_id, what, from_state, to_state, evidence, note FROM event ORDER BY seq
-- name: rebuild_readings
-- what was read, in this order; a message that plico died at is not read again
SELECT e.evidence, e.at FROM event AS e JOIN message AS m ON m.id = e.subject_id
WHERE e.subject = 'message' AND e.what IN ('message.parsed', 'message.quarantined') AND m.reason <> 'crash' ORDER BY e.seq
-- name: rebuild_count
SELECT count(*), coalesce(max(subject_id) FILTER (WHERE subject = 'return'), 0)
FROM event WHERE what IN ('message.parsed', 'message.quarantined') OR subject = 'return'
-- name: rebuild_forget_readings
UPDATE message SET state = 'new', class = '', sender = '', subject = '', reason = '', message_id = '', silent = 0
-- name: rebuild_forget_revocations
UPDATE credential SET revoked_at = NULL
-- name: rebuild_forget_closings
UPDATE unit SET closed_at = NULL
-- name: rebuild_message
SELECT id, received_at, state, reason FROM message WHERE sha256 = ?1
-- name: rebuild_message_read
SELECT state, class, sender, subject, reason, message_id, silent FROM message WHERE sha256 = ?1
-- name: rebuild_message_state
UPDATE message SET state = ?2 WHERE id = ?1
-- name: rebuild_return_decided
-- a person decides; what is pushed aside by that keeps whom it was believed by
UPDATE "return" SET state = ?2, trust = CASE WHEN ?2 = 'applied' THEN 'operator' ELSE trust END WHERE id = ?1
-- name: rebuild_return_state
UPDATE "return" SET state = ?2 WHERE id = ?1
-- name: rebuild_returns_of_message
SELECT * FROM "return" WHERE message_id = ?1 ORDER BY id
-- name: rebuild_answers_of_message
SELECT a.* FROM answer AS a JOIN "return" AS r ON r.id = a.return_id WHERE r.message_id = ?1
-- name: rebuild_findings_of_message
SELECT f.* FROM finding AS f JOIN "return" AS r ON r.id = f.return_id WHERE r.message_id = ?1
-- name: rebuild_revocations
SELECT edition, unit_id, serial, revoked_at FROM credential WHERE revoked_at IS NOT NULL AND ?1 IN (0, unit_id)
-- name: rebuild_revoke
UPDATE credential SET revoked_at = ?4 WHERE edition = ?1 AND unit_id = ?2 AND serial = ?3
-- name: rebuild_closings
SELECT id, closed_at FROM unit
-- name: rebuild_close
UPDATE unit SET closed_at = nullif(?2, 0) WHERE id = ?1
-- name: rebuild_version
-- of an edition, of which sheets went out last
SELECT form_version FROM wave WHERE edition = ?1 ORDER BY id DESC LIMIT 1
-- name: rebuild_sizes
SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM "return"), (SELECT count(*) FROM answer),
	(SELECT count(*) FROM finding), (SELECT count(*) FROM event)
-- name: rebuild_editions
SELECT DISTINCT edition FROM wave
