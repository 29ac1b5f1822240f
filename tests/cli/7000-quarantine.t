#!/bin/sh
# plico quarantine and plico answers: a person sees what waits, and decides.
. "$SRCDIR/tests/lib.sh"

export PLICO_CLOCK=2024-10-17T08:30:00Z PLICO_WORKSPACE="$WORK/w"
check "a workspace" "$PLICO" init "$WORK/w"
check "the sample towns" "$PLICO" units import "$SRCDIR/samples/comuni.csv"
check_says "nothing waits at first" '^Nothing waits' "$PLICO" quarantine list

# as collect leaves them: a sheet without code, a blank one, a message with a signed file
sqlite3 "$WORK/w/plico.db" <<'SQL'
INSERT INTO message (id, sha256, size, source, received_at, state, class, sender, subject, reason) VALUES
	(1, 'aa01', 1, 'maildir:1', 1729000000, 'parsed', 'return', 'Ufficio <u@comune.example>', 'Mappa', ''),
	(2, 'aa02', 1, 'maildir:2', 1729000100, 'parsed', 'return', 'Altro <a@comune.example>', 'Mappa', ''),
	(3, 'aa03', 1, 'maildir:3', 1729000200, 'quarantined', 'other', 'Terzo <t@comune.example>', 'Firmato', 'attachment');
INSERT INTO "return" (id, message_id, part, file_sha256, file_name, edition, unit_id, section, answers_sha256, state, reason,
	detail, received_at) VALUES
	(1, 1, 0, 'ff01', 'sezione 1.pdf', 'mappa-2024', (SELECT id FROM unit WHERE code = 'L219'), 's1', 'cc', 'held', 'no_code',
	 'without access code', 1729000000),
	(2, 2, 0, 'ff02', 'vuoto.pdf', 'mappa-2024', (SELECT id FROM unit WHERE code = 'L219'), 's2', '', 'quarantined', 'blank',
	 'the sheet came back without any answer', 1729000100);
INSERT INTO answer (return_id, question, value) VALUES (1, 'q1_1_nome', 'Ada'), (1, 'q1_2', 'altro');
INSERT INTO finding (return_id, number, severity, code, question, text) VALUES
	(1, 0, 'error', 'required', 'q1_2_altro', '1.2: no answer');
INSERT INTO event (at, actor, subject, subject_id, what, note) VALUES (1, 'plico', 'message', 3, 'message.quarantined', 'sezione5.pdf.p7m');
SQL

sqlite3 "$WORK/w/plico.db" "UPDATE contact SET address = 'T@comune.example' WHERE unit_id = (SELECT id FROM unit WHERE code = 'H855')"
check_same "who a nameless message may be from is proposed by its sender" "H855 true" \
    "$("$PLICO" quarantine list --json | jq -r '.items[] | select(.id == "m3") | "\(.unit) \(.unit_by_sender)"')"
check_same "never against what the sheet says" "L219 false" \
    "$("$PLICO" quarantine list --json | jq -r '.items[] | select(.id == "1") | "\(.unit) \(.unit_by_sender)"')"
check_same "three things wait, oldest first" "1 2 m3" \
    "$("$PLICO" quarantine list --json | jq -r '[.items[].id] | join(" ")')"
check_same "the blank one cannot be accepted" "true false false" \
    "$("$PLICO" quarantine list --json | jq -r '[.items[].acceptable | tostring] | join(" ")')"
check_says "the table names town and reason" 'Torino +s2 +blank sheet' "$PLICO" quarantine list
check_says "a return is shown with its answers" 'q1_2 +Altro' "$PLICO" quarantine show 1
check_says "and what is wrong with them" 'error: q1_2_altro: 1\.2: no answer' "$PLICO" quarantine show 1
check_says "a message with the names of what was not read" 'sezione5\.pdf\.p7m' "$PLICO" quarantine show m3
check_exit 65 "what does not wait is not shown" "$PLICO" quarantine show 9
check_exit 64 "nor what is no number" "$PLICO" quarantine show 1x
check_exit 65 "the blank one is not accepted" "$PLICO" quarantine accept 2
check_exit 64 "nor a message" "$PLICO" quarantine accept m3
check_says "before the decision there are no answers" '^No answers' "$PLICO" answers show Torino

check "a person accepts" "$PLICO" quarantine accept 1 --note "sentito per telefono"
check_same "now the answers count" "altro" \
    "$("$PLICO" answers show Torino --json | jq -r '.sections[0].answers[] | select(.question == "q1_2").value')"
check_same "in words too" "Altro referente (specificare)" \
    "$("$PLICO" answers show L219 --section s1 --json | jq -r '.sections[0].answers[] | select(.question == "q1_2").words')"
check_says "with the words for the town" '→ Scrivere' "$PLICO" answers show Torino
check_same "its section has errors, the town is in progress" "1 1" \
    "$("$PLICO" status --json | jq -r '"\(.in_progress) \(.sections[0].received_with_findings)"')"
check_exit 65 "nobody accepts twice" "$PLICO" quarantine accept 1
check_same "the history knows who and why" "$(id -un)|sentito per telefono" \
    "$(sqlite3 "$WORK/w/plico.db" "SELECT actor, note FROM event WHERE what = 'return.accepted'")"
check "the others are set aside" "$PLICO" quarantine reject 2 --note vuoto
check "messages as well" "$PLICO" quarantine reject m3 --note "chiesto di nuovo"
check_says "nothing waits any more" '^Nothing waits' "$PLICO" quarantine list
check_same "all that came from the town" "applied rejected" \
    "$("$PLICO" answers history torino --json | jq -r '[.returns[].state] | join(" ")')"
check_says "in a table too" 'rejected +0 +0 +0 +0 +blank sheet' "$PLICO" answers history Torino
check_exit 64 "an unknown section" "$PLICO" answers show Torino --section s99

check "export leaves section 4 out" "$PLICO" export csv --out "$WORK/out"
check_same "no column of it" "" "$(head -1 "$WORK/out/units.csv" | tr ';' '\n' | grep q4)"
check_exit 64 "it needs a reason" "$PLICO" export csv --out "$WORK/out" --with-reserved
check "with one it is there" "$PLICO" export csv --out "$WORK/out" --with-reserved --reason "analisi nazionale"
check_says "in its columns" '"q4_1"' head -1 "$WORK/out/units.csv"
