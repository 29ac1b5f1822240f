-- name: memory_of_town
-- the answers of a town and of those that went into it; a town that was divided has left its own to none
WITH RECURSIVE before (code) AS (
	SELECT ?1
	UNION SELECT f.code FROM unit_former AS f JOIN before AS b ON f.now = b.code
	WHERE (SELECT count(*) FROM unit_former AS o WHERE o.code = f.code) = 1)
SELECT m.question, m.value, EXISTS (SELECT 1 FROM before WHERE code <> ?1 AND length(code) < 6)
FROM memory AS m JOIN before AS b ON m.code = b.code WHERE m.edition = ?2 ORDER BY m.question
-- name: memory_of_code
SELECT question, value FROM memory WHERE edition = ?1 AND code = ?2
-- name: memory_set
INSERT INTO memory (edition, code, question, value, source) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (edition, code, question) DO UPDATE SET value = excluded.value, source = excluded.source
-- name: memory_forget
DELETE FROM memory WHERE edition = ?1 AND code = ?2 AND question = ?3
-- name: memory_count
SELECT count(*) FROM memory WHERE edition = ?1
-- name: memory_editions
SELECT edition, count(DISTINCT code), count(*) FROM memory GROUP BY edition ORDER BY edition

-- name: memory_codes
-- what a file may call a town -> the cadastral code of then
SELECT code, code FROM unit
UNION SELECT istat_code, code FROM unit
UNION SELECT code, CASE WHEN length(code) < 6 THEN code ELSE now END FROM unit_former
-- name: memory_taken
-- the last of the answers that count; not one with an error, nor one that nobody gave or confirmed
SELECT u.code, a.question, a.value, r.id FROM "return" AS r
	JOIN unit AS u ON u.id = r.unit_id JOIN answer AS a ON a.return_id = r.id
WHERE r.edition = ?1 AND r.state = 'applied' AND r.section <> 'delega' AND a.origin <> 'copied' AND NOT EXISTS (
	SELECT 1 FROM finding AS f WHERE f.return_id = r.id AND f.question = a.question AND f.severity = 'error')
ORDER BY u.code, a.question

-- name: memory_print_last
SELECT coalesce(max(number), 0) FROM memory_print WHERE edition = ?1 AND unit_id = ?2
-- name: memory_print_get
SELECT question, value, origin FROM memory_print WHERE edition = ?1 AND unit_id = ?2 AND number = ?3
-- name: memory_print_add
INSERT INTO memory_print (edition, unit_id, number, question, value, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- name: memory_former_known
SELECT count(*) FROM unit_former WHERE code = ?1 AND now = ?2
-- name: memory_former_add
INSERT INTO unit_former (code, now) VALUES (?1, ?2)
-- name: memory_former_divided
SELECT count(*) FROM unit_former WHERE code = ?1
-- name: memory_unit_known
SELECT count(*) FROM unit WHERE code = ?1
