-- name: verify_pages
SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'
-- name: verify_references
SELECT "table", count(*), "parent" FROM pragma_foreign_key_check GROUP BY "table", "parent"
-- name: verify_count
SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM dispatch WHERE sha256 <> ''), (SELECT count(*) FROM "return"),
	(SELECT count(*) FROM event)
-- name: verify_in_archive
-- what must be in the archive, in its order; 2: it has left, or may have
SELECT sha256, 0 FROM message
UNION SELECT evidence, 0 FROM event WHERE what = 'return.entered'
UNION ALL SELECT sha256, max(CASE WHEN state IN ('dot', 'sent', 'unknown') THEN 2 ELSE 1 END) FROM dispatch WHERE sha256 <> ''
	GROUP BY sha256
ORDER BY 1, 2
-- name: verify_forms
SELECT DISTINCT edition, form_version FROM wave ORDER BY 1, 2
-- name: verify_last_events
-- things whose state is not the one that the log tells last; claiming a dispatch is no event
WITH thing (subject, id, state) AS (
	SELECT 'message', id, state FROM message
	UNION ALL SELECT 'return', id, state FROM "return"
	UNION ALL SELECT 'wave', id, state FROM wave
	UNION ALL SELECT 'dispatch', id, state FROM dispatch),
last (subject, id, seq) AS (
	SELECT subject, subject_id, max(seq) FROM event
	WHERE subject IN ('message', 'return', 'wave')
		OR (subject = 'dispatch' AND to_state IN ('queued', 'deferred', 'sent', 'failed', 'unknown', 'cancelled'))
	GROUP BY subject, subject_id)
SELECT t.subject, t.id, t.state, coalesce(e.to_state, '')
FROM thing AS t LEFT JOIN last AS l ON l.subject = t.subject AND l.id = t.id LEFT JOIN event AS e ON e.seq = l.seq
WHERE coalesce(e.to_state, '') <> t.state AND t.state NOT IN ('claimed', 'dot')
ORDER BY 1, 2
-- name: verify_events_of_nothing
-- events of things that are not there
SELECT subject, subject_id, what FROM event AS e
WHERE (subject = 'message' AND NOT EXISTS (SELECT 1 FROM message WHERE id = e.subject_id))
	OR (subject = 'return' AND NOT EXISTS (SELECT 1 FROM "return" WHERE id = e.subject_id))
	OR (subject = 'dispatch' AND NOT EXISTS (SELECT 1 FROM dispatch WHERE id = e.subject_id))
	OR (subject = 'wave' AND NOT EXISTS (SELECT 1 FROM wave WHERE id = e.subject_id))
ORDER BY seq
-- name: verify_answers
SELECT r.id, r.state, r.answers_sha256, a.question, a.value, a.origin
FROM "return" AS r LEFT JOIN answer AS a ON a.return_id = r.id ORDER BY r.id
