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
FROM unit WHERE code = upper(?1) OR istat_code = ?1 OR lower(ipa_code) = lower(?1) ORDER BY istat_code, code

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
