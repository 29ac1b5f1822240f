-- The present schema: the document that a reader looks at. It equals the migrations applied in order (a test
-- compares both). Times are seconds of Unix time in UTC. Keep to what SQLite and PostgreSQL share.

-- 1 WHO ------------------------------------------------------------------------------------------------

-- A municipality. The join key across years is the cadastral code; ISTAT codes change.
CREATE TABLE unit (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,                  -- cadastral code, A944
	istat_code TEXT NOT NULL,                   -- six digits, text
	name TEXT NOT NULL,
	name_other TEXT NOT NULL DEFAULT '',        -- the German, French or Slovene name
	name_folded TEXT NOT NULL,                  -- text_fold(), for search
	province TEXT NOT NULL DEFAULT '',
	province_code TEXT NOT NULL DEFAULT '',     -- NA is Napoli
	region TEXT NOT NULL DEFAULT '',
	area TEXT NOT NULL DEFAULT '',              -- ISTAT's five areas
	population INTEGER,                         -- legal population; NULL: not known
	zip TEXT NOT NULL DEFAULT '',
	tax_code TEXT NOT NULL DEFAULT '',
	ipa_code TEXT NOT NULL DEFAULT '',
	lat REAL,
	lon REAL,
	lang TEXT NOT NULL DEFAULT '',              -- de, it+fr; '': by the rules of the configuration
	mayor TEXT NOT NULL DEFAULT '',             -- name of the legal representative, where the registry has it
	closed_at INTEGER                           -- merged or gone: never deleted
) STRICT;
CREATE INDEX unit_istat ON unit (istat_code);
CREATE INDEX unit_folded ON unit (name_folded);

-- What a town was before: its former ISTAT code, or the cadastral code of a town that went into it.
CREATE TABLE unit_former (
	code TEXT NOT NULL,                         -- as it was
	now TEXT NOT NULL,                          -- cadastral code of the town in its place
	PRIMARY KEY (code, now)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_former_now ON unit_former (now);

-- An address of a unit. role: mayor, delegate, secretary, rtd, it, protocol. channel: pec or mail.
CREATE TABLE contact (
	id INTEGER PRIMARY KEY,
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	role TEXT NOT NULL,
	channel TEXT NOT NULL CHECK (channel IN ('pec', 'mail')),
	address TEXT NOT NULL,
	name TEXT NOT NULL DEFAULT '',
	rank INTEGER NOT NULL DEFAULT 1,            -- 1 is written to first
	source TEXT NOT NULL DEFAULT '',            -- istat, ipa, csv, operator
	closed_at INTEGER,
	since INTEGER NOT NULL DEFAULT 0,           -- open since; what came from it before did not come from the unit
	UNIQUE (unit_id, address)
) STRICT;
CREATE INDEX contact_address ON contact (address);

-- What recognises a unit's access code; the code itself is derived and never stored.
CREATE TABLE credential (
	edition TEXT NOT NULL,
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	serial INTEGER NOT NULL,
	kid TEXT NOT NULL,
	verifier BLOB NOT NULL,
	issued_at INTEGER NOT NULL,
	revoked_at INTEGER,
	PRIMARY KEY (edition, unit_id, serial)
) STRICT;

-- Who fills in a section for a unit, named by its mayor. A change is a new row; none goes away.
CREATE TABLE delegation (
	id INTEGER PRIMARY KEY,
	edition TEXT NOT NULL,
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	section TEXT NOT NULL,                      -- its name in the form
	name TEXT NOT NULL DEFAULT '',
	office TEXT NOT NULL DEFAULT '',
	email TEXT NOT NULL,
	source TEXT NOT NULL,                       -- operator, or return:17
	since INTEGER NOT NULL,
	withdrawn_at INTEGER,
	dispatch_id INTEGER,                        -- the message that carries the section's sheet
	notice_id INTEGER                           -- the message that says that it was withdrawn
) STRICT;
CREATE UNIQUE INDEX delegation_present ON delegation (edition, unit_id, section) WHERE withdrawn_at IS NULL;
CREATE INDEX delegation_unit ON delegation (unit_id, section);
CREATE INDEX delegation_dispatch ON delegation (dispatch_id);
CREATE INDEX delegation_notice ON delegation (notice_id);

-- 2 BEFORE ---------------------------------------------------------------------------------------------

-- Answers of earlier editions, as they were given then.
CREATE TABLE memory (
	edition TEXT NOT NULL,                      -- in which they were given
	code TEXT NOT NULL,                         -- cadastral code of the town as it was
	question TEXT NOT NULL,                     -- its name in that edition
	value TEXT NOT NULL,                        -- canonical
	source TEXT NOT NULL,                       -- name of the file, or return:17
	PRIMARY KEY (edition, code, question)
) STRICT, WITHOUT ROWID;

-- What of them is printed on a unit's sheets, each time something is: with it, what comes back is told from what was
-- given out.
CREATE TABLE memory_print (
	edition TEXT NOT NULL,                      -- of the sheets
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	number INTEGER NOT NULL,                    -- behind the serial of the sheets' identity
	question TEXT NOT NULL,                     -- its name in the sheets' form
	value TEXT NOT NULL,                        -- canonical
	origin TEXT NOT NULL,                       -- edition in which it was given
	PRIMARY KEY (edition, unit_id, number, question)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER memory_print_is_never_changed BEFORE UPDATE ON memory_print BEGIN SELECT RAISE(ABORT, 'memory_print is append-only'); END;
CREATE TRIGGER memory_print_is_never_deleted BEFORE DELETE ON memory_print BEGIN SELECT RAISE(ABORT, 'memory_print is append-only'); END;

-- 4 READY ----------------------------------------------------------------------------------------------

-- One planned mail-out. state: proposed (waits for approval), planned, sending, paused, done, cancelled.
CREATE TABLE wave (
	id INTEGER PRIMARY KEY,
	edition TEXT NOT NULL,
	kind TEXT NOT NULL,                         -- outbox/kind.c has them
	state TEXT NOT NULL,
	form_version TEXT NOT NULL,
	planned_at INTEGER NOT NULL,                -- also the Date of its messages
	planned_by TEXT NOT NULL,
	filter TEXT NOT NULL DEFAULT '',            -- the segment as typed
	message_size INTEGER NOT NULL DEFAULT 0,    -- bytes of a message, the mean of those tried out; 0: none was
	text TEXT NOT NULL DEFAULT ''               -- what an announcement says: archive/texts/LANG/TEXT.md
) STRICT;

-- One message to one address. state: queued, claimed, dot, sent, deferred, failed, unknown, cancelled.
CREATE TABLE dispatch (
	id INTEGER PRIMARY KEY,
	wave_id INTEGER NOT NULL REFERENCES wave (id),
	edition TEXT NOT NULL,                      -- of the wave
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	kind TEXT NOT NULL,
	sections TEXT NOT NULL,                     -- names with blanks between: the sheets it carries
	serial INTEGER NOT NULL,                    -- of the credential (invitation) or of the reminder
	address TEXT NOT NULL,
	channel TEXT NOT NULL,                      -- pec or mail
	lang TEXT NOT NULL,
	memory INTEGER NOT NULL DEFAULT 0,          -- number of the memory_print on its sheets; 0: none
	message_id TEXT NOT NULL UNIQUE,            -- without angle brackets; the same on every attempt
	state TEXT NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0,
	next_try INTEGER NOT NULL DEFAULT 0,
	reply TEXT NOT NULL DEFAULT '',             -- the server's last words
	sha256 TEXT NOT NULL DEFAULT '',            -- of the message as handed over; a retry must have the same
	facts TEXT NOT NULL DEFAULT '',             -- what the form knew of the unit when this was planned: "name=value" lines
	changed_at INTEGER NOT NULL,
	cause TEXT NOT NULL DEFAULT '',             -- the rule by which remind/ planned it: never_opened, last_call ...
	raised TEXT NOT NULL DEFAULT '',            -- role of the contact it goes to because the ones before it stay silent
	deadline TEXT NOT NULL DEFAULT '',          -- survey.deadline, of a last call: it is one for that only
	date INTEGER NOT NULL DEFAULT 0,            -- of the message; 0: the wave's
	answers INTEGER,                            -- the first return that it is the automatic answer to; NULL: it is none
	in_reply_to TEXT NOT NULL DEFAULT '',       -- Message-ID of the mail that it answers
	UNIQUE (edition, kind, unit_id, sections, serial)
) STRICT;
CREATE UNIQUE INDEX dispatch_answers ON dispatch (answers);
CREATE INDEX dispatch_state ON dispatch (state, next_try);
CREATE INDEX dispatch_unit ON dispatch (unit_id);

-- The units of a message to a delegate, each as it was when that was planned: an office that serves several towns gets one
-- message. The dispatch itself names the first of them.
CREATE TABLE dispatch_part (
	dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	sections TEXT NOT NULL,                     -- names with blanks between
	serial INTEGER NOT NULL DEFAULT 0,          -- of the credential that its sheets name
	lang TEXT NOT NULL,                         -- of its sheets
	memory INTEGER NOT NULL DEFAULT 0,          -- number of the memory_print on its sheets; 0: none
	facts TEXT NOT NULL DEFAULT '',             -- as in dispatch
	name TEXT NOT NULL DEFAULT '',              -- of the delegate, as the town told it
	PRIMARY KEY (dispatch_id, unit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispatch_part_unit ON dispatch_part (unit_id);

-- What a sheet of a correction asks: some questions of its section, filled with what came.
CREATE TABLE correction_sheet (
	dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
	section TEXT NOT NULL,
	return_id INTEGER NOT NULL,                 -- whose answers stand on it
	questions TEXT NOT NULL,                    -- names with blanks between, in the order of the form
	PRIMARY KEY (dispatch_id, section)
) STRICT, WITHOUT ROWID;

-- 6 IN -------------------------------------------------------------------------------------------------

-- A received message; its bytes are in the archive under sha256. state: new, parsed, quarantined.
CREATE TABLE message (
	id INTEGER PRIMARY KEY,
	sha256 TEXT NOT NULL UNIQUE,
	size INTEGER NOT NULL,
	source TEXT NOT NULL,                       -- where it came from, for the log: maildir:name, imap:uidvalidity/uid
	received_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,        -- counted before parsing: the first among others, then three alone, then quarantine
	class TEXT NOT NULL DEFAULT '',             -- return, receipt, bounce, read_receipt, complaint, auto_reply, other
	sender TEXT NOT NULL DEFAULT '',            -- as written in From: shown, never evidence
	subject TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '',
	message_id TEXT NOT NULL DEFAULT '',        -- as its sender gave it, without angle brackets
	silent INTEGER NOT NULL DEFAULT 0           -- 1: no machine may answer it (RFC 3834)
) STRICT;
CREATE INDEX message_state ON message (state, received_at);

-- 7, 8 READ, TRUE? -------------------------------------------------------------------------------------

-- One file that came back. state: new, applied, superseded, duplicate, held, rejected, quarantined.
CREATE TABLE "return" (
	id INTEGER PRIMARY KEY,
	message_id INTEGER NOT NULL REFERENCES message (id),
	part INTEGER NOT NULL,                      -- number of the PDF in its message, from 0
	file_sha256 TEXT NOT NULL,
	file_name TEXT NOT NULL DEFAULT '',         -- as the sender called it: shown, never a path
	edition TEXT NOT NULL DEFAULT '',
	unit_id INTEGER REFERENCES unit (id),
	section TEXT NOT NULL DEFAULT '',
	form_version TEXT NOT NULL DEFAULT '',
	serial INTEGER NOT NULL DEFAULT 0,
	memory INTEGER NOT NULL DEFAULT 0,          -- number of the memory_print that stood on it
	confirmed INTEGER NOT NULL DEFAULT 0,       -- 1: last year's answers were confirmed, and nothing was changed
	answers_sha256 TEXT NOT NULL DEFAULT '',    -- of the canonical answers: finds copies
	state TEXT NOT NULL,
	reason TEXT NOT NULL DEFAULT '',            -- stable word: tag, blank, altered, no_code ...
	detail TEXT NOT NULL DEFAULT '',            -- one sentence for the operator
	trust TEXT NOT NULL DEFAULT '',             -- pec, code, operator, none
	received_at INTEGER NOT NULL,
	correction INTEGER NOT NULL DEFAULT 0,      -- serial of the correction whose sheet it is; 0: a sheet of the whole section
	base INTEGER NOT NULL DEFAULT 0,            -- the return whose other answers it takes along; 0: none
	UNIQUE (message_id, part)
) STRICT;
CREATE INDEX return_place ON "return" (unit_id, edition, section, state);
CREATE INDEX return_state ON "return" (state);

-- Answers of every return that was applied or held; the current ones are those of applied returns.
CREATE TABLE answer (
	return_id INTEGER NOT NULL REFERENCES "return" (id),
	question TEXT NOT NULL,                     -- name in the form
	value TEXT NOT NULL,                        -- canonical: choice name, names with blanks between, 0.5, text
	origin TEXT NOT NULL DEFAULT 'given' CHECK (origin = 'given' OR origin = 'confirmed' OR origin = 'copied'),
	PRIMARY KEY (return_id, question)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
	return_id INTEGER NOT NULL REFERENCES "return" (id),
	number INTEGER NOT NULL,
	severity TEXT NOT NULL CHECK (severity = 'note' OR severity = 'warning' OR severity = 'error'),
	code TEXT NOT NULL,
	question TEXT NOT NULL,
	text TEXT NOT NULL,
	said TEXT NOT NULL DEFAULT '',              -- what stood in the field, where it could not be read
	PRIMARY KEY (return_id, number)
) STRICT, WITHOUT ROWID;

-- What happened, append-only: one row for each change of state --------------------------------------------

CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,                        -- plico, a person's login, or unit
	edition TEXT NOT NULL DEFAULT '',
	unit_id INTEGER REFERENCES unit (id),
	section TEXT NOT NULL DEFAULT '',
	subject TEXT NOT NULL,                      -- unit, wave, dispatch, message, return, export
	subject_id INTEGER NOT NULL,
	what TEXT NOT NULL,                         -- dispatch.sent, return.applied, ...: status/ has the table
	from_state TEXT NOT NULL DEFAULT '',
	to_state TEXT NOT NULL DEFAULT '',
	evidence TEXT NOT NULL DEFAULT '',          -- SHA-256 in the archive
	note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_unit ON event (unit_id, seq);
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

-- 9 WHERE: derived from event by status/, can be rebuilt ---------------------------------------------------

CREATE TABLE unit_state (
	edition TEXT NOT NULL,
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	state TEXT NOT NULL,                        -- never_opened, in_progress, completed, declined, excluded
	delivery TEXT NOT NULL,                     -- not_sent, queued, sent, accepted, delivered, undelivered, unknown
	delivery_reason TEXT NOT NULL DEFAULT '',
	changed_at INTEGER NOT NULL,
	PRIMARY KEY (edition, unit_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE section_state (
	edition TEXT NOT NULL,
	unit_id INTEGER NOT NULL REFERENCES unit (id),
	section TEXT NOT NULL,
	state TEXT NOT NULL,                        -- not_sent, sent, delegated, received_with_findings, received, confirmed
	changed_at INTEGER NOT NULL,
	PRIMARY KEY (edition, unit_id, section)
) STRICT, WITHOUT ROWID;

-- Up to which event status/ has folded the log.
CREATE TABLE status_mark (
	edition TEXT PRIMARY KEY,
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
