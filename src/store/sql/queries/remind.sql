-- name: remind_units
SELECT s.unit_id, s.state, s.delivery FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id
WHERE s.edition = ?1 AND u.closed_at IS NULL ORDER BY u.istat_code, u.code
-- name: remind_dispatches
-- what was planned for each; ?2: the kinds that are contacts
SELECT unit_id, kind, serial, cause, deadline, state FROM dispatch
WHERE edition = ?1 AND state <> 'cancelled' AND instr(?2, ' ' || kind || ' ') > 0
-- name: remind_signs
-- what came from each
SELECT unit_id, max(seq), max(at) FROM event
WHERE edition = ?1 AND what IN ('return.applied', 'return.held', 'return.quarantined', 'delegation.set') AND unit_id IS NOT NULL
GROUP BY unit_id
-- name: remind_outcomes
-- what became of the messages to each; one of which nobody knows whether it left counts as a contact: better a day late than
-- twice
SELECT e.unit_id, e.seq, e.at, e.what, d.kind, d.raised, d.cause FROM event AS e JOIN dispatch AS d ON d.id = e.subject_id
WHERE e.edition = ?1 AND e.subject = 'dispatch' AND e.unit_id IS NOT NULL AND instr(?2, ' ' || d.kind || ' ') > 0
	AND e.what IN ('dispatch.sent', 'dispatch.unknown', 'dispatch.failed', 'dispatch.undelivered')
ORDER BY e.seq
-- name: remind_wrong
-- sections with errors, unless a newer sheet is held for a person
SELECT s.unit_id, s.section, s.changed_at FROM section_state AS s
WHERE s.edition = ?1 AND s.state = 'received_with_findings' AND NOT EXISTS (SELECT 1 FROM "return" AS r
	WHERE r.edition = s.edition AND r.unit_id = s.unit_id AND r.section = s.section AND r.state = 'held')
-- name: remind_came_back
-- sections that are here: received, with or without errors, or held for a person
SELECT unit_id, section FROM section_state
WHERE edition = ?1 AND state IN ('received', 'received_with_findings', 'confirmed')
UNION SELECT unit_id, section FROM "return" WHERE edition = ?1 AND state = 'held'
-- name: remind_unread
SELECT count(*) FROM message WHERE state = 'new'
