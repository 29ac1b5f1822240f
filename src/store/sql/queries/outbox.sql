-- name: outbox_credential_newest
SELECT serial, kid FROM credential WHERE edition = ?1 AND unit_id = ?2 AND revoked_at IS NULL ORDER BY serial DESC LIMIT 1
-- name: outbox_credential_get
SELECT serial, kid FROM credential WHERE edition = ?1 AND unit_id = ?2 AND serial = ?3
-- name: outbox_credential_insert
INSERT INTO credential (edition, unit_id, serial, kid, verifier, issued_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
-- name: outbox_credential_revoke
UPDATE credential SET revoked_at = ?3 WHERE edition = ?1 AND unit_id = ?2 AND revoked_at IS NULL
-- name: outbox_dispatch_waiting
-- a receipt knows of no code
SELECT count(*) FROM dispatch
WHERE edition = ?1 AND kind <> 'receipt' AND state IN ('queued', 'claimed', 'dot', 'deferred')
	AND (unit_id = ?2 OR EXISTS (SELECT 1 FROM dispatch_part AS p WHERE p.dispatch_id = dispatch.id AND p.unit_id = ?2))

-- name: outbox_wave_insert
INSERT INTO wave (edition, kind, state, form_version, planned_at, planned_by, filter)
VALUES (?1, ?2, ?7, ?3, ?4, ?5, ?6)
-- name: outbox_wave_all
SELECT id, edition, kind, state, form_version, planned_at, planned_by, filter, message_size, text FROM wave ORDER BY id
-- name: outbox_wave_by_id
SELECT id, edition, kind, state, form_version, planned_at, planned_by, filter, message_size, text FROM wave WHERE id = ?1
-- name: outbox_wave_move
UPDATE wave SET state = ?3 WHERE id = ?1 AND state = ?2
-- name: outbox_announcement_serial
-- the number of the announcement that says this, or the next one
SELECT coalesce((SELECT min(d.serial) FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
		WHERE d.edition = ?1 AND d.kind = 'announcement' AND w.text = ?2),
	(SELECT max(serial) + 1 FROM dispatch WHERE edition = ?1 AND kind = 'announcement'), 1)
-- name: outbox_wave_text
UPDATE wave SET text = ?2 WHERE id = ?1
-- name: outbox_wave_size
UPDATE wave SET message_size = ?2 WHERE id = ?1
-- name: outbox_wave_leaves
SELECT count(*) FROM wave WHERE id = ?1 AND state IN ('planned', 'sending')
-- name: outbox_closing
-- what ended the unit's part, and nothing took back since: whoever declined and answers takes part
SELECT e.what FROM event AS e WHERE e.unit_id = ?1 AND e.edition IN ('', ?2) AND (e.what IN ('unit.declined', 'unit.excluded')
	AND NOT EXISTS (SELECT 1 FROM event AS l WHERE l.unit_id = e.unit_id AND l.edition IN ('', ?2) AND l.seq > e.seq
		AND (l.what = 'unit.reopened' OR l.what = 'return.applied' AND e.what = 'unit.declined')))
UNION ALL SELECT 'unit.closed' FROM unit WHERE id = ?1 AND closed_at IS NOT NULL LIMIT 1
-- name: outbox_address_outcomes
-- four words behind IN would be a table that SQLite makes at each run
SELECT d.address, e.what FROM event AS e JOIN dispatch AS d ON d.id = e.subject_id
WHERE e.unit_id = ?1 AND e.subject = 'dispatch' AND (e.what = 'dispatch.sent' OR e.what = 'dispatch.delivered' OR e.what = 'dispatch.failed'
	OR e.what = 'dispatch.undelivered')
ORDER BY e.seq
-- name: outbox_correction_return
-- the sheet that counted when the dispatch was queued last
SELECT r.id, r.form_version FROM event AS e JOIN "return" AS r ON r.id = e.subject_id
WHERE e.unit_id = ?1 AND e.edition = ?2 AND e.section = ?3 AND e.subject = 'return' AND e.what = 'return.applied'
	AND e.seq < (SELECT coalesce(max(q.seq), 0) FROM event AS q
		WHERE q.unit_id = ?1 AND q.subject = 'dispatch' AND q.subject_id = ?4 AND q.what = 'dispatch.queued')
ORDER BY e.seq DESC LIMIT 1
-- name: outbox_correction_answers
SELECT question, value, origin FROM answer WHERE return_id = ?1 ORDER BY question
-- name: outbox_correction_remarks
SELECT question, code, said FROM finding WHERE return_id = ?1 AND severity = 'error' ORDER BY number
-- name: outbox_correction_applied
-- the sheet that counts now
SELECT id, form_version FROM "return" WHERE unit_id = ?1 AND edition = ?2 AND section = ?3 AND state = 'applied'
-- name: outbox_correction_sheet
SELECT c.return_id, c.questions, r.form_version FROM correction_sheet AS c JOIN "return" AS r ON r.id = c.return_id
WHERE c.dispatch_id = ?1 AND c.section = ?2
-- name: outbox_correction_forget
DELETE FROM correction_sheet WHERE dispatch_id = ?1
-- name: outbox_correction_write
INSERT INTO correction_sheet (dispatch_id, section, return_id, questions) VALUES (?1, ?2, ?3, ?4)
-- name: outbox_evidence
-- what came from the unit since this dispatch was queued last
SELECT e.what, e.section FROM event AS e WHERE e.unit_id = ?1 AND e.edition = ?2
	AND e.seq > (SELECT coalesce(max(q.seq), 0) FROM event AS q
		WHERE q.unit_id = ?1 AND q.subject = 'dispatch' AND q.subject_id = ?3 AND q.what = 'dispatch.queued')
	AND e.what IN ('return.applied', 'return.held', 'return.quarantined', 'delegation.set', 'delegation.withdrawn')
ORDER BY e.seq
-- name: outbox_wave_had_begun
SELECT count(*) FROM event WHERE subject = 'wave' AND subject_id = ?1 AND what = 'wave.sending'
-- name: outbox_wave_history
SELECT at, actor, what, note FROM event WHERE subject = 'wave' AND subject_id = ?1 ORDER BY seq
-- A wave is done when no message of it can still leave by itself; that of answers stands for those to come.
-- name: outbox_wave_finished
SELECT id, edition, kind, state, form_version, planned_at, planned_by, filter, message_size, text FROM wave
WHERE state = 'sending' AND kind <> 'receipt' AND NOT EXISTS (SELECT 1 FROM dispatch
	WHERE wave_id = wave.id AND dispatch.state IN ('queued', 'claimed', 'dot', 'deferred'))

-- name: outbox_dispatch_same
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.edition = ?1 AND d.kind = ?2 AND d.unit_id = ?3 AND d.serial = ?4
-- name: outbox_dispatch_readdress
UPDATE dispatch SET wave_id = ?2, address = ?3, channel = ?4, state = 'queued', tries = 0, next_try = 0, reply = '', sha256 = '',
	changed_at = ?5
WHERE id = ?1 AND state = 'failed'
-- What was cancelled never left: planned again, it is what it would be if it were planned now for the first time.
-- name: outbox_dispatch_renew
UPDATE dispatch SET wave_id = ?2, sections = ?3, address = ?4, channel = ?5, lang = ?6, message_id = ?7, facts = ?8, memory = ?9,
	cause = ?11, raised = ?12, deadline = ?13, date = 0, answers = NULL, in_reply_to = '', state = 'queued', tries = 0, next_try = 0, reply = '', sha256 = '', changed_at = ?10
WHERE id = ?1 AND state = 'cancelled'
-- name: outbox_dispatch_insert
INSERT INTO dispatch (wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, facts, memory, state, changed_at,
	cause, raised, deadline)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'queued', ?13, ?14, ?15, ?16)
-- name: outbox_dispatch_of_wave
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.wave_id = ?1 AND (?2 = '' OR d.state = ?2) AND (?3 IN (0, d.unit_id)
	OR EXISTS (SELECT 1 FROM dispatch_part AS p WHERE p.dispatch_id = d.id AND p.unit_id = ?3))
ORDER BY d.id LIMIT ?4
-- name: outbox_dispatch_in_state
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id WHERE d.state = ?1 ORDER BY d.id
-- name: outbox_dispatch_stranded
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.state IN ('queued', 'deferred') AND w.state = 'cancelled' ORDER BY d.id
-- Two halves, each in the order of the index dispatch_state, so that the first rows come without the others being sorted.
-- name: outbox_dispatch_due
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to, d.next_try
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.state = 'queued' AND d.next_try <= ?2 AND (d.wave_id = ?1 OR ?1 = 0 AND d.edition = ?3) AND w.state IN ('planned', 'sending')
UNION ALL
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to, d.next_try
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.state = 'deferred' AND d.next_try <= ?2 AND (d.wave_id = ?1 OR ?1 = 0 AND d.edition = ?3) AND w.state IN ('planned', 'sending')
ORDER BY 25, 1
-- name: outbox_dispatch_planned_at
-- the row of the event log in which it was planned, or planned again: not that in which a person settled that it did not
-- leave, because then it leaves with the same bytes
SELECT max(seq) FROM event
WHERE unit_id = ?2 AND subject = 'dispatch' AND subject_id = ?1 AND what = 'dispatch.queued' AND from_state <> 'unknown'
-- name: outbox_dispatch_claim
UPDATE dispatch SET state = 'claimed', changed_at = ?2 WHERE id = ?1 AND state IN ('queued', 'deferred')
-- name: outbox_dispatch_cancel
UPDATE dispatch SET state = 'cancelled', changed_at = ?2 WHERE id = ?1 AND state IN ('queued', 'deferred')
-- name: outbox_dispatch_dot
UPDATE dispatch SET state = 'dot', sha256 = ?2, changed_at = ?3 WHERE id = ?1 AND state = 'claimed'
-- name: outbox_dispatch_hold
UPDATE dispatch SET state = 'claimed', changed_at = ?2 WHERE id = ?1 AND state = 'dot'
-- name: outbox_dispatch_record
UPDATE dispatch SET state = ?2, tries = ?3, next_try = ?4, reply = ?5, sha256 = ?6, changed_at = ?7
WHERE id = ?1 AND state IN ('claimed', 'dot')
-- name: outbox_dispatch_release
UPDATE dispatch SET state = 'queued', changed_at = ?1 WHERE state = 'claimed'
-- name: outbox_dispatch_forget
UPDATE dispatch SET sha256 = '' WHERE state IN ('queued', 'deferred') AND sha256 <> '' AND (?1 = 0 OR wave_id = ?1)
-- name: outbox_dispatch_by_id
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id WHERE d.id = ?1
-- name: outbox_dispatch_by_message_id
SELECT id FROM dispatch WHERE message_id = ?1
-- name: outbox_dispatch_by_tag
-- the keyed part of the Message-ID, twelve letters and digits
SELECT id FROM dispatch WHERE message_id LIKE '%.' || ?1 || '@%'
-- name: outbox_dispatch_changed_at
SELECT changed_at FROM dispatch WHERE id = ?1
-- What arrived are the bytes of the attempt that ended in doubt, whatever a later one was to bring.
-- name: outbox_dispatch_proven
UPDATE dispatch SET state = 'sent', changed_at = ?3, sha256 = CASE WHEN sha256 <> '' THEN sha256 ELSE coalesce((
	SELECT evidence FROM event AS e WHERE e.unit_id = dispatch.unit_id AND e.subject = 'dispatch'
		AND e.subject_id = dispatch.id AND e.what = 'dispatch.unknown' ORDER BY seq DESC LIMIT 1), '') END
WHERE id = ?1 AND state = ?2
-- name: outbox_dispatch_settle
UPDATE dispatch SET state = ?2, reply = ?3, next_try = 0, changed_at = ?4 WHERE id = ?1 AND state = 'unknown'
-- name: outbox_dispatch_refused
UPDATE dispatch SET state = 'failed', reply = ?3, changed_at = ?4 WHERE id = ?1 AND state = ?2
-- name: outbox_dispatch_is_sent
SELECT count(*) FROM dispatch WHERE id = ?1 AND state = 'sent'
-- name: outbox_dispatch_was_accepted
SELECT count(*) FROM event WHERE unit_id = ?2 AND subject = 'dispatch' AND subject_id = ?1
	AND what IN ('dispatch.accepted', 'dispatch.delivered')
-- Its letter or sheets would bring an access code that counts no more, or another than at the first attempt. ?2: its serial
-- is not the credential's.
-- name: outbox_dispatch_is_outdated
SELECT count(*) FROM dispatch AS d JOIN credential AS c ON c.edition = d.edition AND c.unit_id = d.unit_id
WHERE d.id = ?1 AND CASE WHEN ?2 THEN c.issued_at > d.changed_at ELSE c.serial > d.serial END
-- name: outbox_dispatch_counts
SELECT state, count(*) FROM dispatch WHERE ?1 = 0 OR wave_id = ?1 GROUP BY state ORDER BY state
-- name: outbox_dispatch_count_due
SELECT count(*) FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.state IN ('queued', 'deferred') AND d.next_try <= ?2 AND (d.wave_id = ?1 OR ?1 = 0 AND d.edition = ?3)
	AND w.state IN ('planned', 'sending')
-- name: outbox_dispatch_count_waiting
SELECT count(*) FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.state IN ('queued', 'deferred') AND w.state IN ('proposed', 'paused')
-- name: outbox_dispatch_busiest
SELECT count(*) FROM dispatch WHERE state IN ('queued', 'deferred') AND (?1 = 0 OR wave_id = ?1)
GROUP BY substr(address, instr(address, '@') + 1) ORDER BY 1 DESC LIMIT 1

-- to delegates ---------------------------------------------------------------------------------------------
-- name: outbox_town_list
SELECT p.unit_id, p.sections, p.serial, p.lang, p.memory, p.facts, p.name
FROM dispatch_part AS p JOIN unit AS u ON u.id = p.unit_id WHERE p.dispatch_id = ?1 ORDER BY u.istat_code, u.code
-- name: outbox_town_insert
INSERT INTO dispatch_part (dispatch_id, unit_id, sections, serial, lang, memory, facts, name)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
-- name: outbox_town_units
SELECT p.unit_id FROM dispatch_part AS p JOIN unit AS u ON u.id = p.unit_id WHERE p.dispatch_id = ?1 ORDER BY u.istat_code, u.code
-- name: outbox_delegate_serial
SELECT coalesce(max(serial), 0) + 1 FROM dispatch WHERE edition = ?1 AND kind = ?2 AND unit_id = ?3
-- name: outbox_delegate_insert
INSERT INTO dispatch (wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, state, changed_at)
VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?7, ?8, ?9, 'queued', ?10)
-- name: outbox_delegate_cancel
UPDATE dispatch SET state = 'cancelled', reply = ?3, changed_at = ?2 WHERE id = ?1 AND state IN ('queued', 'deferred')
-- name: outbox_delegate_channel
SELECT channel FROM contact WHERE lower(address) = lower(?1) AND closed_at IS NULL ORDER BY channel DESC LIMIT 1
-- name: outbox_delegate_waiting
-- messages about delegations that are still to leave: those that speak of a unit (0: all)
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.edition = ?1 AND d.state IN ('queued', 'deferred') AND d.kind IN ('sections', 'withdrawal', 'delegations')
	AND (?2 IN (0, d.unit_id) OR EXISTS (SELECT 1 FROM dispatch_part AS p WHERE p.dispatch_id = d.id AND p.unit_id = ?2))
-- withdrawals first: what was given back to the same person is no longer taken away
ORDER BY d.kind DESC, d.id

-- What a person has again, or under another name, he or she has had by mail already: unless that was refused, came back, or
-- a message took it away.
-- name: outbox_sections_adopt
UPDATE delegation SET dispatch_id = (
	SELECT old.dispatch_id FROM delegation AS old JOIN dispatch AS m ON m.id = old.dispatch_id
		LEFT JOIN dispatch AS n ON n.id = old.notice_id
	WHERE old.edition = delegation.edition AND old.unit_id = delegation.unit_id AND old.section = delegation.section
		AND lower(old.email) = lower(delegation.email) AND old.withdrawn_at IS NOT NULL
		AND m.state NOT IN ('cancelled', 'failed') AND (n.id IS NULL OR n.state = 'cancelled')
		AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.what = 'dispatch.undelivered' AND e.subject_id = m.id
			AND e.unit_id IN (m.unit_id, old.unit_id))
	ORDER BY old.id DESC LIMIT 1)
WHERE edition = ?1 AND dispatch_id IS NULL AND withdrawn_at IS NULL AND ?2 IN (0, unit_id)
-- name: outbox_sections_wanted
-- delegations whose sheets no message carries, and that have not come back
SELECT d.unit_id, d.section, d.email, d.name
FROM delegation AS d JOIN unit AS u ON u.id = d.unit_id LEFT JOIN dispatch AS m ON m.id = d.dispatch_id
WHERE d.edition = ?1 AND d.withdrawn_at IS NULL AND (m.id IS NULL OR m.state = 'cancelled')
	AND NOT EXISTS (SELECT 1 FROM "return" AS r WHERE r.unit_id = d.unit_id AND r.edition = d.edition
		AND r.section = d.section AND r.state IN ('applied', 'held'))
ORDER BY lower(d.email), u.istat_code, u.code, d.section
-- name: outbox_sections_due
-- what of a message's sheets is still to be sent by it
SELECT d.unit_id, d.section FROM delegation AS d
WHERE d.dispatch_id = ?1 AND d.withdrawn_at IS NULL
	AND NOT EXISTS (SELECT 1 FROM "return" AS r WHERE r.unit_id = d.unit_id AND r.edition = d.edition
		AND r.section = d.section AND r.state IN ('applied', 'held'))
-- name: outbox_sections_take
-- ?5: the message in whose place the new one is, or 0
UPDATE delegation SET dispatch_id = ?4 WHERE edition = ?1 AND unit_id = ?2 AND section = ?3 AND withdrawn_at IS NULL
	AND (dispatch_id IS NULL OR dispatch_id = ?5 OR dispatch_id IN (SELECT id FROM dispatch WHERE state = 'cancelled'))
-- name: outbox_withdrawals_wanted
-- sheets that left, whose reader no longer has the section and was not told
SELECT DISTINCT d.unit_id, d.section, m.address, d.name, lower(d.email) AS mailbox, u.istat_code, u.code
FROM delegation AS d JOIN unit AS u ON u.id = d.unit_id JOIN dispatch AS m ON m.id = d.dispatch_id
	LEFT JOIN dispatch AS n ON n.id = d.notice_id
WHERE d.edition = ?1 AND d.withdrawn_at IS NOT NULL AND m.state IN ('sent', 'unknown') AND (n.id IS NULL OR n.state = 'cancelled')
	AND NOT EXISTS (SELECT 1 FROM delegation AS now WHERE now.edition = d.edition AND now.unit_id = d.unit_id
		AND now.section = d.section AND now.withdrawn_at IS NULL AND lower(now.email) = lower(d.email))
	AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.what = 'dispatch.undelivered' AND e.subject_id = m.id
		AND e.unit_id IN (m.unit_id, d.unit_id))
ORDER BY mailbox, u.istat_code, u.code, d.section, d.name
-- name: outbox_withdrawals_due
SELECT DISTINCT d.unit_id, d.section FROM delegation AS d
WHERE d.notice_id = ?1 AND NOT EXISTS (SELECT 1 FROM delegation AS now WHERE now.edition = d.edition AND now.unit_id = d.unit_id
	AND now.section = d.section AND now.withdrawn_at IS NULL AND lower(now.email) = lower(d.email))
-- name: outbox_withdrawals_take
-- ?6: the message in whose place the new one is, or 0
UPDATE delegation SET notice_id = ?5 WHERE edition = ?1 AND unit_id = ?2 AND section = ?3 AND lower(email) = lower(?4)
	AND withdrawn_at IS NOT NULL AND dispatch_id IN (SELECT id FROM dispatch WHERE state IN ('sent', 'unknown'))
	AND (notice_id IS NULL OR notice_id = ?6 OR notice_id IN (SELECT id FROM dispatch WHERE state = 'cancelled'))
-- name: outbox_delegations_changes
-- how often it was said who has a section of the unit
SELECT count(*) + count(withdrawn_at) FROM delegation WHERE edition = ?1 AND unit_id = ?2
-- name: outbox_delegations_wanted
-- units whose delegations have changed since the last message about them; the first one only where there is any
SELECT c.unit_id, c.changes FROM (
	SELECT d.unit_id, count(*) + count(d.withdrawn_at) AS changes, count(*) - count(d.withdrawn_at) AS present
	FROM delegation AS d WHERE d.edition = ?1 GROUP BY d.unit_id) AS c JOIN unit AS u ON u.id = c.unit_id
WHERE (c.present > 0 OR EXISTS (SELECT 1 FROM dispatch AS p WHERE p.edition = ?1 AND p.kind = 'delegations'
		AND p.unit_id = c.unit_id AND p.state IN ('sent', 'unknown', 'claimed', 'dot')))
	AND NOT EXISTS (SELECT 1 FROM dispatch AS p WHERE p.edition = ?1 AND p.kind = 'delegations'
		AND p.unit_id = c.unit_id AND p.serial = c.changes AND p.state NOT IN ('cancelled', 'failed'))
ORDER BY u.istat_code, u.code
-- name: outbox_delegation_mails
-- of each delegation that holds, what became of the message with its sheet
SELECT d.id, d.unit_id, d.section, d.email, coalesce(m.state, ''), coalesce(m.reply, ''), coalesce(m.changed_at, 0),
	coalesce(m.wave_id, 0),
	(SELECT e.note FROM event AS e WHERE e.what = 'dispatch.undelivered' AND e.subject_id = m.id
		AND e.unit_id IN (m.unit_id, d.unit_id) ORDER BY e.seq DESC LIMIT 1),
	EXISTS (SELECT 1 FROM "return" AS r WHERE r.unit_id = d.unit_id AND r.edition = d.edition
		AND r.section = d.section AND r.state IN ('applied', 'held'))
FROM delegation AS d JOIN unit AS u ON u.id = d.unit_id LEFT JOIN dispatch AS m ON m.id = d.dispatch_id
WHERE d.edition = ?1 AND ?2 IN (0, d.unit_id) AND d.withdrawn_at IS NULL ORDER BY u.istat_code, u.code, d.section
-- name: outbox_wave_undelivered
-- dispatches of which the last word is that they did not arrive, by the reason given
SELECT e.note, count(*) FROM dispatch AS d JOIN event AS e ON e.seq = (
	SELECT max(x.seq) FROM event AS x WHERE x.unit_id = d.unit_id AND x.subject = 'dispatch' AND x.subject_id = d.id
		AND x.what IN ('dispatch.queued', 'dispatch.sent', 'dispatch.delivered', 'dispatch.failed', 'dispatch.undelivered'))
WHERE d.wave_id = ?1 AND e.what IN ('dispatch.failed', 'dispatch.undelivered') GROUP BY e.note
-- name: outbox_wave_receipts
-- how many of a wave were accepted, delivered, opened, reported as junk, each dispatch once
SELECT e.what, count(DISTINCT d.id) FROM dispatch AS d JOIN event AS e ON e.unit_id = d.unit_id AND e.subject = 'dispatch'
	AND e.subject_id = d.id AND e.what IN ('dispatch.accepted', 'dispatch.delivered', 'dispatch.opened', 'dispatch.complained')
WHERE d.wave_id = ?1 GROUP BY e.what ORDER BY e.what

-- answers to returns -------------------------------------------------------------------------------------------
-- name: outbox_reply_wave
SELECT id FROM wave WHERE edition = ?1 AND kind = 'receipt' AND form_version = ?2
	AND state <> 'proposed' AND state <> 'done' AND state <> 'cancelled'
ORDER BY id DESC LIMIT 1
-- name: outbox_reply_there
SELECT count(*) FROM dispatch WHERE answers = ?1
-- name: outbox_reply_waiting
-- answers to the same reader that are still to leave
SELECT d.id, d.wave_id, d.edition, d.unit_id, d.kind, d.sections, d.serial, d.address, d.channel, d.lang, d.message_id,
	d.state, d.tries, d.reply, d.sha256, CASE WHEN d.date > 0 THEN d.date ELSE w.planned_at END, d.facts, d.memory,
	d.cause, d.raised, w.text, d.deadline, d.answers, d.in_reply_to
FROM dispatch AS d JOIN wave AS w ON w.id = d.wave_id
WHERE d.unit_id = ?1 AND d.edition = ?2 AND d.answers IS NOT NULL AND d.state IN ('queued', 'deferred') AND d.address = ?3
	AND d.raised = ?4
ORDER BY d.id
-- name: outbox_reply_count
-- how many the unit got, or is about to get, since ?3
SELECT count(*) FROM dispatch WHERE unit_id = ?1 AND edition = ?2 AND answers IS NOT NULL AND state <> 'cancelled' AND date >= ?3
-- name: outbox_reply_wrong
-- sections whose answers that count have errors
SELECT DISTINCT r.section FROM "return" AS r JOIN finding AS f ON f.return_id = r.id
WHERE r.unit_id = ?1 AND r.edition = ?2 AND r.state = 'applied' AND f.severity = 'error'
-- name: outbox_reply_insert
INSERT INTO dispatch (wave_id, edition, unit_id, kind, sections, serial, address, channel, lang, message_id, facts, memory, state, changed_at,
	cause, raised, next_try, date, answers, in_reply_to)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'queued', ?13, ?14, ?15, ?16, ?13, ?17, ?18)
-- name: outbox_standing
-- what counted for each section when the dispatch was queued, ?3 being that event
SELECT r.section, r.id, r.received_at, r.form_version, m.sender, r.file_name, r.file_sha256, r.trust,
	EXISTS (SELECT 1 FROM finding AS f WHERE f.return_id = r.id AND f.severity = 'error')
FROM (SELECT e.section, max(e.seq) AS seq FROM event AS e
	WHERE e.unit_id = ?1 AND e.edition = ?2 AND e.subject = 'return' AND e.what = 'return.applied' AND e.seq < ?3
	GROUP BY e.section) AS last
	JOIN event AS a ON a.seq = last.seq JOIN "return" AS r ON r.id = a.subject_id JOIN message AS m ON m.id = r.message_id
-- name: outbox_standing_findings
SELECT severity, code, question FROM finding WHERE return_id = ?1 ORDER BY number
