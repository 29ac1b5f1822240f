-- name: web_units
SELECT u.code, u.istat_code, u.name, u.name_other, u.province_code, u.region, u.population, s.state, s.delivery, s.delivery_reason
FROM unit u JOIN unit_state s ON s.unit_id = u.id AND s.edition = ?1
WHERE u.closed_at IS NULL
	AND (?2 = '' OR s.state = ?2)
	AND (?3 = '' OR u.region = ?3)
	AND (?4 = '' OR s.delivery = ?4)
	AND (?5 = '' OR instr(u.name_folded, ?5) > 0 OR u.code = upper(?5) OR u.istat_code = ?5)
ORDER BY u.istat_code
LIMIT ?6 OFFSET ?7

-- name: web_units_count
SELECT count(*)
FROM unit u JOIN unit_state s ON s.unit_id = u.id AND s.edition = ?1
WHERE u.closed_at IS NULL
	AND (?2 = '' OR s.state = ?2)
	AND (?3 = '' OR u.region = ?3)
	AND (?4 = '' OR s.delivery = ?4)
	AND (?5 = '' OR instr(u.name_folded, ?5) > 0 OR u.code = upper(?5) OR u.istat_code = ?5)

-- name: web_unit_state
SELECT state, delivery, delivery_reason FROM unit_state WHERE edition = ?1 AND unit_id = ?2

-- name: web_unit_events
SELECT at, actor, what, section, note FROM event WHERE unit_id = ?1 AND edition IN ('', ?2) ORDER BY seq DESC LIMIT 200
