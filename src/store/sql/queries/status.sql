-- name: status_mark_get
SELECT seq FROM status_mark WHERE edition = ?1
-- name: status_mark_set
INSERT INTO status_mark (edition, seq) VALUES (?1, ?2) ON CONFLICT (edition) DO UPDATE SET seq = excluded.seq
-- name: status_newest_event
SELECT coalesce(max(seq), 0) FROM event
-- name: status_units_unseen
SELECT count(*) FROM unit WHERE NOT EXISTS (SELECT 1 FROM unit_state AS s WHERE s.edition = ?1 AND s.unit_id = unit.id)
-- name: status_units_see
INSERT INTO unit_state (edition, unit_id, state, delivery, delivery_reason, changed_at)
SELECT ?1, id, 'never_opened', 'not_sent', '', 0 FROM unit
WHERE NOT EXISTS (SELECT 1 FROM unit_state AS s WHERE s.edition = ?1 AND s.unit_id = unit.id)
-- name: status_events
-- an invitation that was queued before the event, and after its dispatch, tells where the unit stands: the older one no
-- longer does
SELECT e.seq, e.at, e.unit_id, e.section, e.what, e.note, coalesce(d.kind, ''), coalesce(p.sections, d.sections, ''),
	EXISTS (SELECT 1 FROM event AS q JOIN dispatch AS later ON later.id = q.subject_id
		WHERE q.unit_id = e.unit_id AND q.seq < e.seq AND q.what = 'dispatch.queued' AND q.subject_id > d.id
		AND instr(?3, ' ' || later.kind || ' ') > 0 AND later.edition = d.edition),
	coalesce(d.raised, '') <> ''
FROM event AS e LEFT JOIN dispatch AS d ON e.subject = 'dispatch' AND d.id = e.subject_id
	LEFT JOIN dispatch_part AS p ON d.kind = 'sections' AND p.dispatch_id = d.id AND p.unit_id = e.unit_id
WHERE e.seq > ?1 AND e.edition IN ('', ?2) AND e.unit_id IS NOT NULL ORDER BY e.seq
-- name: status_was_opened
SELECT count(*) FROM event WHERE unit_id = ?1 AND edition = ?2 AND seq < ?3 AND what IN ('return.applied', 'return.held', 'delegation.set', 'dispatch.opened')
-- name: status_is_delegated
-- what was said last about who fills in the section
SELECT what = 'delegation.set' FROM event
WHERE unit_id = ?1 AND edition = ?2 AND section = ?3 AND subject = 'delegation' AND seq < ?4 ORDER BY seq DESC LIMIT 1
-- name: status_unit_get
SELECT state, delivery, delivery_reason, changed_at FROM unit_state WHERE edition = ?1 AND unit_id = ?2
-- name: status_unit_set
INSERT INTO unit_state (edition, unit_id, state, delivery, delivery_reason, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (edition, unit_id) DO UPDATE SET state = excluded.state, delivery = excluded.delivery,
	delivery_reason = excluded.delivery_reason, changed_at = excluded.changed_at
-- name: status_sections_get
SELECT section, state, changed_at FROM section_state WHERE edition = ?1 AND unit_id = ?2
-- name: status_section_set
INSERT INTO section_state (edition, unit_id, section, state, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (edition, unit_id, section) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
-- name: status_forget_units
DELETE FROM unit_state WHERE edition = ?1
-- name: status_forget_sections
DELETE FROM section_state WHERE edition = ?1
-- name: status_forget_mark
DELETE FROM status_mark WHERE edition = ?1
-- name: status_count_units
SELECT count(*), count(*) FILTER (WHERE s.state = 'never_opened'), count(*) FILTER (WHERE s.state = 'in_progress'),
	count(*) FILTER (WHERE s.state = 'completed'), count(*) FILTER (WHERE s.state = 'declined'), count(*) FILTER (WHERE s.state = 'excluded'),
	count(*) FILTER (WHERE s.delivery = 'undelivered'), count(*) FILTER (WHERE s.delivery = 'unknown'),
	(SELECT count(*) FROM unit WHERE closed_at IS NOT NULL)
FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id WHERE s.edition = ?1 AND u.closed_at IS NULL
-- name: status_count_sections
SELECT s.section, count(*) FILTER (WHERE s.state <> 'not_sent'),
	count(*) FILTER (WHERE s.state IN ('received', 'confirmed')), count(*) FILTER (WHERE s.state = 'received_with_findings')
FROM section_state AS s JOIN unit AS u ON u.id = s.unit_id
WHERE s.edition = ?1 AND u.closed_at IS NULL GROUP BY s.section
-- name: status_each_unit
SELECT s.unit_id, s.state, s.delivery FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id
WHERE s.edition = ?1 AND u.closed_at IS NULL
-- name: status_undelivered
SELECT s.delivery_reason, count(*) FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id
WHERE s.edition = ?1 AND s.delivery = 'undelivered' AND u.closed_at IS NULL GROUP BY s.delivery_reason
