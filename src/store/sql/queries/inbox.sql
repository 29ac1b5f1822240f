-- name: inbox_insert_message
INSERT INTO message (sha256, size, source, received_at, state) VALUES (?1, ?2, ?3, ?4, 'new')
ON CONFLICT (sha256) DO NOTHING
