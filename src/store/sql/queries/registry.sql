-- name: registry_unit_by_id
SELECT id, code, istat_code, name, name_other, province, province_code, region, area, population, zip, tax_code, ipa_code,
	lang, mayor, lat, lon, closed_at
FROM unit WHERE id = ?1

-- name: registry_unit_all
SELECT id, code, istat_code, name, name_other, province, province_code, region, area, population, zip, tax_code, ipa_code,
	lang, mayor, lat, lon, closed_at
FROM unit ORDER BY istat_code, code

-- name: registry_unit_open
SELECT id, code, istat_code, name, name_other, province, province_code, region, area, population, zip, tax_code, ipa_code,
	lang, mayor, lat, lon, closed_at
FROM unit WHERE closed_at IS NULL ORDER BY istat_code, code

-- name: registry_unit_by_code
SELECT id, code, istat_code, name, name_other, province, province_code, region, area, population, zip, tax_code, ipa_code,
	lang, mayor, lat, lon, closed_at
FROM unit WHERE (code = upper(?1) OR istat_code = ?1 OR lower(ipa_code) = lower(?1)) AND ?1 <> '' ORDER BY istat_code, code

-- name: registry_unit_by_address
SELECT DISTINCT unit.id, code, istat_code, unit.name, name_other, province, province_code, region, area, population, zip,
	tax_code, ipa_code, lang, mayor, lat, lon, unit.closed_at
FROM unit JOIN contact ON contact.unit_id = unit.id
WHERE lower(contact.address) = lower(?1) AND contact.closed_at IS NULL ORDER BY istat_code, code

-- name: registry_unit_by_name
SELECT id, code, istat_code, name, name_other, province, province_code, region, area, population, zip, tax_code, ipa_code,
	lang, mayor, lat, lon, closed_at
FROM unit WHERE name_folded LIKE '%' || ?1 || '%' ORDER BY istat_code, code

-- name: registry_contact_of_unit
SELECT id, unit_id, role, channel, address, name, rank, source
FROM contact WHERE unit_id = ?1 AND closed_at IS NULL ORDER BY rank, id

-- name: registry_unit_id
SELECT id FROM unit WHERE code = ?1

-- name: registry_unit_save
INSERT INTO unit (code, istat_code, name, name_other, name_folded, province, province_code, region, area, population, zip,
	tax_code, ipa_code, lang, mayor, lat, lon)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
ON CONFLICT (code) DO UPDATE SET istat_code = excluded.istat_code, name = excluded.name, name_other = excluded.name_other,
	name_folded = excluded.name_folded, province = excluded.province, province_code = excluded.province_code,
	region = excluded.region, area = excluded.area, population = excluded.population, zip = excluded.zip,
	tax_code = excluded.tax_code, ipa_code = excluded.ipa_code, lang = excluded.lang, mayor = excluded.mayor,
	lat = excluded.lat, lon = excluded.lon, closed_at = NULL

-- name: registry_unit_close
UPDATE unit SET closed_at = ?2 WHERE id = ?1

-- name: registry_contact_open
INSERT INTO contact (unit_id, role, channel, address, rank, source, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (unit_id, address) DO UPDATE SET role = excluded.role, channel = excluded.channel, rank = excluded.rank,
	source = excluded.source, closed_at = NULL, since = excluded.since

-- name: registry_contact_update
UPDATE contact SET channel = ?2, rank = ?3, source = ?4 WHERE id = ?1

-- name: registry_contact_close
UPDATE contact SET closed_at = ?2 WHERE id = ?1

-- name: registry_contact_shared
SELECT lower(contact.address), unit.code
FROM contact JOIN unit ON unit.id = contact.unit_id
WHERE contact.closed_at IS NULL AND unit.closed_at IS NULL AND lower(contact.address) IN (
	SELECT lower(c.address) FROM contact c JOIN unit u ON u.id = c.unit_id
	WHERE c.closed_at IS NULL AND u.closed_at IS NULL
	GROUP BY lower(c.address) HAVING count(DISTINCT c.unit_id) > 1)
ORDER BY 1, unit.istat_code

-- name: registry_credential_of_unit
SELECT issued_at, edition, serial, revoked_at FROM credential WHERE unit_id = ?1 ORDER BY edition, serial

-- name: registry_dispatch_of_unit
SELECT d.changed_at, d.edition, d.kind, d.serial, d.state, d.address, coalesce(p.sections, d.sections), d.reply
FROM dispatch AS d LEFT JOIN dispatch_part AS p ON p.dispatch_id = d.id AND p.unit_id = ?1
WHERE d.id IN (SELECT id FROM dispatch WHERE unit_id = ?1 UNION SELECT dispatch_id FROM dispatch_part WHERE unit_id = ?1)
ORDER BY d.id

-- name: registry_delegation_of_unit
SELECT since, edition, section, name, office, email, withdrawn_at FROM delegation WHERE unit_id = ?1 ORDER BY id

-- name: registry_event_of_unit
SELECT at, actor, what, section, from_state, to_state, note FROM event WHERE unit_id = ?1 ORDER BY seq

-- name: registry_delegation_present
SELECT d.id, d.unit_id, d.section, d.name, d.office, d.email, d.source, d.since
FROM delegation AS d JOIN unit AS u ON u.id = d.unit_id
WHERE d.edition = ?1 AND ?2 IN (0, d.unit_id) AND d.withdrawn_at IS NULL ORDER BY u.istat_code, u.code, d.section

-- name: registry_delegation_as_of
SELECT d.id, d.unit_id, d.section, d.name, d.office, d.email, d.source, d.since
FROM delegation AS d
WHERE d.edition = ?1 AND d.unit_id = ?2
	AND EXISTS (SELECT 1 FROM event AS e WHERE e.unit_id = d.unit_id AND e.seq <= ?3
		AND e.what = 'delegation.set' AND e.subject_id = d.id)
	AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.unit_id = d.unit_id AND e.seq <= ?3
		AND e.what = 'delegation.withdrawn' AND e.subject_id = d.id)
ORDER BY d.section

-- name: registry_delegation_insert
INSERT INTO delegation (edition, unit_id, section, name, office, email, source, since)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- name: registry_delegation_withdraw
UPDATE delegation SET withdrawn_at = ?2 WHERE id = ?1 AND withdrawn_at IS NULL
