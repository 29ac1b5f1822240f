-- name: validate_message_next
SELECT id, sha256, received_at, attempts FROM message WHERE state = 'new' AND (received_at, id) > (?1, ?2)
ORDER BY received_at, id LIMIT ?3
-- name: validate_message_attempt
UPDATE message SET attempts = attempts + ?2 WHERE id = ?1
-- name: validate_message_done
UPDATE message SET state = ?2, class = ?3, sender = ?4, subject = ?5, reason = ?6, message_id = ?7, silent = ?8
WHERE id = ?1 AND state = 'new'
-- name: validate_message_release
-- a message that has given returns is not read again: they would be there twice
UPDATE message SET state = ?2, attempts = 0 WHERE id = ?1 AND state = 'quarantined'
	AND (?2 <> 'new' OR NOT EXISTS (SELECT 1 FROM "return" AS r WHERE r.message_id = ?1))
-- name: validate_unit_by_code
SELECT id FROM unit WHERE code = ?1
-- name: validate_facts
-- newest first
SELECT facts FROM (SELECT facts, id FROM dispatch WHERE edition = ?1 AND unit_id = ?2
	UNION ALL SELECT p.facts, d.id FROM dispatch_part AS p JOIN dispatch AS d ON d.id = p.dispatch_id
	WHERE d.edition = ?1 AND p.unit_id = ?2) AS planned
WHERE facts <> '' GROUP BY facts ORDER BY max(id) DESC
-- name: validate_sent
-- messages with sheets of the unit that were planned by the time ?3, oldest first
SELECT sha256, min(id) FROM (SELECT d.sha256, d.id FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
	WHERE d.edition = ?1 AND d.unit_id = ?2 AND d.sha256 <> '' AND w.planned_at <= ?3
	UNION ALL SELECT d.sha256, d.id FROM dispatch_part AS p JOIN dispatch AS d ON d.id = p.dispatch_id
	JOIN wave AS w ON w.id = d.wave_id WHERE d.edition = ?1 AND p.unit_id = ?2 AND d.sha256 <> '' AND w.planned_at <= ?3) AS sent
GROUP BY sha256 ORDER BY 2
-- name: validate_credentials
SELECT kid, verifier, revoked_at FROM credential WHERE edition = ?1 AND unit_id = ?2 ORDER BY serial DESC
-- name: validate_contact_pec
-- one that is in the registry, or was at the time ?3
SELECT id FROM contact WHERE unit_id = ?1 AND channel = 'pec' AND lower(address) = lower(?2)
	AND since <= ?3 AND (closed_at IS NULL OR closed_at > ?3) LIMIT 1
-- name: validate_return_insert
INSERT INTO "return" (message_id, part, file_sha256, file_name, edition, unit_id, section, form_version, serial,
	memory, confirmed, answers_sha256, state, reason, detail, trust, received_at, id, correction, base)
VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, nullif(?18, 0), ?19, ?20)
-- name: validate_answer_insert
INSERT INTO answer (return_id, question, value, origin) VALUES (?1, ?2, ?3, ?4)
-- name: validate_answer_insert_8
INSERT INTO answer (return_id, question, value, origin) VALUES (?1, ?2, ?3, ?4), (?1, ?5, ?6, ?7), (?1, ?8, ?9, ?10),
	(?1, ?11, ?12, ?13), (?1, ?14, ?15, ?16), (?1, ?17, ?18, ?19), (?1, ?20, ?21, ?22), (?1, ?23, ?24, ?25)
-- name: validate_finding_insert
INSERT INTO finding (return_id, number, severity, code, question, text, said) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
-- name: validate_rivals
-- what has come for the place before
SELECT id, state, answers_sha256, trust FROM "return" WHERE unit_id = ?1 AND edition = ?2 AND section = ?3
-- name: validate_is_old_file
-- these very bytes have given the place answers which others have replaced since
SELECT count(*) FROM "return" WHERE unit_id = ?1 AND edition = ?2 AND section = ?3 AND file_sha256 = ?4
	AND state = 'superseded'
-- name: validate_return_state
UPDATE "return" SET state = ?2, trust = ?3 WHERE id = ?1
-- name: validate_return_get
SELECT r.state, r.edition, coalesce(r.unit_id, 0), r.section, r.answers_sha256, m.sha256, r.trust,
	EXISTS (SELECT 1 FROM finding AS f WHERE f.return_id = r.id AND f.severity = 'error'), r.confirmed, r.reason, r.base
FROM "return" AS r JOIN message AS m ON m.id = r.message_id WHERE r.id = ?1
-- name: validate_desk
SELECT m.sha256, r.part, r.received_at, r.reason, r.state, r.unit_id FROM "return" AS r JOIN message AS m ON m.id = r.message_id WHERE r.id = ?1
-- name: validate_entry_place
SELECT coalesce(unit_id, 0), section, serial, memory, correction FROM "return" WHERE id = ?1
-- name: validate_entry_no_answers
DELETE FROM answer WHERE return_id = ?1
-- name: validate_entry_no_findings
DELETE FROM finding WHERE return_id = ?1
-- name: validate_entry_return
UPDATE "return" SET answers_sha256 = ?2, confirmed = ?3, form_version = ?4, unit_id = ?5, edition = ?6, section = ?7, serial = ?8,
	memory = ?9, correction = ?10, base = ?11 WHERE id = ?1
-- name: validate_pending_returns
SELECT r.id, r.state, r.reason, r.detail, r.received_at, m.sender, m.subject, r.file_name, r.file_sha256, m.sha256,
	coalesce(u.code, ''), coalesce(u.name, ''), r.section, r.answers_sha256 <> '' AND r.reason NOT IN ('flattened', 'scanned')
FROM "return" AS r JOIN message AS m ON m.id = r.message_id LEFT JOIN unit AS u ON u.id = r.unit_id
WHERE r.state IN ('held', 'quarantined') AND ?1 IN (0, r.id) ORDER BY r.received_at, r.id
-- name: validate_pending_messages
-- the sentence stands in the event that put it into quarantine last
SELECT m.id, m.state, m.reason, coalesce(e.note, ''), m.received_at, m.sender, m.subject, '', '', m.sha256, '', '', '', 0
FROM message AS m
	LEFT JOIN (SELECT subject_id, max(seq) AS seq FROM event
		WHERE unit_id IS NULL AND what = 'message.quarantined' GROUP BY subject_id) AS last ON last.subject_id = m.id
	LEFT JOIN event AS e ON e.seq = last.seq
WHERE m.state = 'quarantined' AND ?1 IN (0, m.id) ORDER BY m.received_at, m.id
-- name: validate_units_by_address
SELECT DISTINCT u.code, u.name FROM contact AS c JOIN unit AS u ON u.id = c.unit_id
WHERE lower(c.address) = lower(?1) AND c.closed_at IS NULL AND u.closed_at IS NULL LIMIT 2
-- name: validate_stored_of_unit
SELECT r.id, r.section, r.state, r.reason, r.detail, r.trust, r.received_at, m.sender, r.file_name, r.file_sha256,
	r.form_version, r.confirmed, r.base, coalesce((SELECT c.questions FROM correction_sheet AS c JOIN dispatch AS d ON d.id = c.dispatch_id
		WHERE d.edition = r.edition AND d.unit_id = r.unit_id AND d.kind = 'correction' AND d.serial = r.correction
		AND c.section = r.section), '')
FROM "return" AS r JOIN message AS m ON m.id = r.message_id
WHERE r.unit_id = ?1 AND r.edition = ?2 ORDER BY r.received_at, r.id
-- name: validate_stored_of_return
SELECT r.id, r.section, r.state, r.reason, r.detail, r.trust, r.received_at, m.sender, r.file_name, r.file_sha256,
	r.form_version, r.confirmed, r.base, coalesce((SELECT c.questions FROM correction_sheet AS c JOIN dispatch AS d ON d.id = c.dispatch_id
		WHERE d.edition = r.edition AND d.unit_id = r.unit_id AND d.kind = 'correction' AND d.serial = r.correction
		AND c.section = r.section), '')
FROM "return" AS r JOIN message AS m ON m.id = r.message_id WHERE r.id = ?1
-- name: validate_stored_answers
SELECT question, value, origin FROM answer WHERE return_id = ?1
-- name: validate_stored_findings
SELECT severity, code, question, text FROM finding WHERE return_id = ?1 ORDER BY number
-- name: validate_is_reopened
-- a person has asked for the section once more since its answers came
SELECT count(*) FROM event AS e WHERE e.unit_id = ?1 AND e.edition = ?2 AND e.section = ?3 AND e.what = 'section.reopened'
	AND e.seq > (SELECT coalesce(max(a.seq), 0) FROM event AS a
		WHERE a.unit_id = ?1 AND a.edition = ?2 AND a.section = ?3 AND a.what = 'return.applied')
-- name: validate_accepted_by
SELECT actor, note FROM event WHERE unit_id = ?1 AND subject = 'return' AND subject_id = ?2 AND what = 'return.accepted'
ORDER BY seq DESC LIMIT 1
-- name: validate_correction
-- what a sheet of the unit's correction ?3 asks
SELECT c.return_id, c.questions, d.facts FROM correction_sheet AS c JOIN dispatch AS d ON d.id = c.dispatch_id
WHERE d.edition = ?1 AND d.unit_id = ?2 AND d.kind = 'correction' AND d.serial = ?3 AND c.section = ?4
-- name: validate_applied
SELECT id, form_version FROM "return" WHERE unit_id = ?1 AND edition = ?2 AND section = ?3 AND state = 'applied'
-- name: validate_unread
SELECT question, said FROM finding WHERE return_id = ?1 AND said <> ''
-- name: validate_reply_source
-- what an answer to a return needs of the mail that brought it
SELECT r.unit_id, r.section, m.sender, m.message_id, m.silent FROM "return" AS r JOIN message AS m ON m.id = r.message_id
WHERE r.id = ?1
-- name: validate_incoming
-- with what the log says of it, and the first thing that followed from it about our own messages
SELECT m.id, m.state, m.class, m.reason, m.received_at, m.sender, m.subject, m.sha256, coalesce(e.note, ''), coalesce(d.what, '')
FROM message AS m
	LEFT JOIN (SELECT evidence, min(what) AS what FROM event WHERE subject = 'dispatch' AND evidence <> ''
		GROUP BY evidence) AS d ON d.evidence = m.sha256
	LEFT JOIN (SELECT subject_id, max(seq) AS seq FROM event WHERE unit_id IS NULL AND subject = 'message'
		AND what IN ('message.parsed', 'message.quarantined') GROUP BY subject_id) AS last ON last.subject_id = m.id
	LEFT JOIN event AS e ON e.seq = last.seq
WHERE ?1 IN (0, m.id) AND ?2 IN ('', m.class) AND ?3 IN ('', m.state) AND m.received_at >= ?4
	AND (?5 = 1 OR (m.class <> 'return' AND (m.class NOT IN ('receipt', 'bounce', 'read_receipt') OR d.what IS NULL)))
ORDER BY m.received_at, m.id
-- name: validate_incoming_owners
SELECT lower(c.address), u.code, u.name FROM contact AS c JOIN unit AS u ON u.id = c.unit_id
WHERE c.closed_at IS NULL AND u.closed_at IS NULL
UNION SELECT lower(d.email), u.code, u.name FROM delegation AS d JOIN unit AS u ON u.id = d.unit_id
WHERE d.withdrawn_at IS NULL
-- name: validate_incoming_receipts
-- the note is "receipt delivery", and behind it why it is not believed; not_ours says that it is about somebody else's message
SELECT coalesce(sum(e.note LIKE 'receipt %' AND (e.note NOT LIKE 'receipt % %' OR e.note LIKE 'receipt % not_ours')), 0),
	coalesce(sum(e.note LIKE 'receipt % %' AND e.note NOT LIKE 'receipt % not_ours'), 0)
FROM message AS m
	JOIN (SELECT subject_id, max(seq) AS seq FROM event WHERE unit_id IS NULL AND subject = 'message'
		AND what = 'message.parsed' GROUP BY subject_id) AS last ON last.subject_id = m.id
	JOIN event AS e ON e.seq = last.seq
	LEFT JOIN (SELECT DISTINCT evidence FROM event WHERE subject = 'dispatch' AND evidence <> '') AS d ON d.evidence = m.sha256
WHERE m.class = 'receipt' AND d.evidence IS NULL
-- name: validate_incoming_events
SELECT e.at, e.what, e.note, coalesce(u.code, '') FROM event AS e LEFT JOIN unit AS u ON u.id = e.unit_id
WHERE e.evidence = ?2 OR (e.unit_id IS NULL AND e.subject = 'message' AND e.subject_id = ?1) ORDER BY e.seq
