-- name: remind_units
-- a message of which nobody knows whether it left counts as a contact: better a day late than twice
SELECT s.unit_id, s.state, s.delivery,
	coalesce((SELECT max(e.at) FROM event AS e JOIN dispatch AS d ON d.id = e.subject_id
		WHERE e.unit_id = s.unit_id AND e.edition = s.edition AND e.what IN ('dispatch.sent', 'dispatch.unknown')
		AND instr(?2, ' ' || d.kind || ' ') > 0), 0),
	coalesce((SELECT max(d.serial) FROM dispatch AS d
		WHERE d.unit_id = s.unit_id AND d.kind = 'reminder' AND d.edition = s.edition AND d.state <> 'cancelled'), 0),
	EXISTS (SELECT 1 FROM dispatch AS d
		WHERE d.unit_id = s.unit_id AND d.edition = s.edition AND d.state IN ('queued', 'claimed', 'dot', 'deferred'))
FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id
WHERE s.edition = ?1 AND u.closed_at IS NULL ORDER BY u.istat_code, u.code
-- name: remind_came_back
-- sections that are here: received, with or without errors, or held for a person
SELECT unit_id, section FROM section_state
WHERE edition = ?1 AND state IN ('received', 'received_with_findings', 'confirmed')
UNION SELECT unit_id, section FROM "return" WHERE edition = ?1 AND state = 'held'
