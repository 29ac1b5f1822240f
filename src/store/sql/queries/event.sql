-- name: event_insert
INSERT INTO event (at, actor, edition, unit_id, section, subject, subject_id, what, from_state, to_state, evidence, note)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
