-- name: report_unit_state
SELECT state, delivery FROM unit_state WHERE edition = ?1 AND unit_id = ?2
-- name: report_section_states
SELECT section, state FROM section_state WHERE edition = ?1 AND unit_id = ?2
-- name: report_answers
-- one finding for each question at most
SELECT a.question, a.value, r.id, r.section, r.received_at, r.file_sha256, r.trust, coalesce(f.code, ''), a.origin
FROM "return" AS r JOIN answer AS a ON a.return_id = r.id
	LEFT JOIN finding AS f ON f.return_id = r.id AND f.question = a.question
WHERE r.unit_id = ?2 AND r.edition = ?1 AND r.state = 'applied' AND r.section <> 'delega'
