-- name: rehearse_towns
-- whom the invitation went to
SELECT d.unit_id, d.address, d.serial FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE w.edition = ?1 AND d.kind = 'invitation' ORDER BY d.id
-- name: rehearse_returns
SELECT r.id, r.file_sha256, r.state, coalesce(u.code, ''), r.section, m.sha256
FROM "return" AS r JOIN message AS m ON m.id = r.message_id LEFT JOIN unit AS u ON u.id = r.unit_id ORDER BY u.code, r.id
-- name: rehearse_strike
-- one message: how often its returns have counted, with how many answers; its returns now; what it changed about our letters
SELECT m.state,
	(SELECT count(*) FROM event AS e WHERE e.evidence = m.sha256 AND e.what = 'return.applied'),
	(SELECT count(*) FROM answer AS a JOIN "return" AS b ON b.id = a.return_id WHERE b.message_id = m.id),
	count(r.id), coalesce(sum(r.state = 'quarantined'), 0), coalesce(sum(r.state IN ('held', 'superseded')), 0),
	(SELECT count(*) FROM event AS e WHERE e.evidence = m.sha256 AND e.subject = 'dispatch')
FROM message AS m LEFT JOIN "return" AS r ON r.message_id = m.id WHERE m.sha256 = ?1 GROUP BY m.id
-- name: rehearse_answers
SELECT question, value, origin FROM answer WHERE return_id = ?1
-- name: rehearse_states
SELECT u.code, s.state FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id WHERE s.edition = ?1
-- name: rehearse_sent
SELECT count(*), coalesce(sum(state = 'sent'), 0) FROM dispatch
