-- name: rehearse_towns
-- whom the invitation went to
SELECT d.unit_id, d.address, d.serial FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE w.edition = ?1 AND d.kind = 'invitation' ORDER BY d.id
-- name: rehearse_returns
SELECT r.id, r.file_sha256, r.state, coalesce(u.code, ''), r.section
FROM "return" AS r LEFT JOIN unit AS u ON u.id = r.unit_id ORDER BY u.code, r.id
-- name: rehearse_answers
SELECT question, value, origin FROM answer WHERE return_id = ?1
-- name: rehearse_states
SELECT u.code, s.state FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id WHERE s.edition = ?1
-- name: rehearse_sent
SELECT count(*), coalesce(sum(state = 'sent'), 0) FROM dispatch
