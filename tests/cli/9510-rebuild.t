#!/bin/sh
# plico rebuild: after a campaign with all that people do, everything that follows from the mail is made anew, and is the same.
. "$SRCDIR/tests/lib.sh"

export PLICO_WORKSPACE="$WORK/w"
"$PLICO" rehearse --units 100 --seed 5 --json w > played.json || exit 99
query() {
	sqlite3 -cmd ".timeout 5000" "${2:-w/plico.db}" "$1"
}
file_of() { # SHA-256
	echo "w/archive/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)"
}
again() { # N WHICH: the message that brought return N comes once more, in other bytes
	{
		printf 'X-Again: %s\r\n' "$2"
		cat "$(file_of "$(query "SELECT sha256 FROM message AS m JOIN \"return\" AS r ON r.message_id = m.id WHERE r.id = $1")")"
	} > "w/Maildir/new/17600000$1.$2.host"
}
collect() {
	"$PLICO" collect --once --json | jq -c '[.messages, .returns] | map(. > 0)'
}
rows="state, reason, trust, unit_id, section, answers_sha256, detail, serial, memory, confirmed, received_at, file_sha256"
dump() { # DATABASE: all that is made anew, and all that is kept
	query "SELECT id, $rows FROM \"return\" ORDER BY id; SELECT * FROM answer ORDER BY 1, 2; SELECT * FROM finding ORDER BY 1, 2;
		SELECT * FROM unit_state ORDER BY 1, 2; SELECT * FROM section_state ORDER BY 1, 2, 3; SELECT * FROM message ORDER BY id;
		SELECT * FROM event WHERE what <> 'database.rebuilt' ORDER BY seq; SELECT * FROM delegation ORDER BY id;
		SELECT edition, unit_id, serial, revoked_at FROM credential ORDER BY 1, 2, 3; SELECT * FROM dispatch ORDER BY id;
		SELECT * FROM contact ORDER BY id; SELECT * FROM unit ORDER BY id; SELECT * FROM memory_print ORDER BY 1, 2, 3, 4" "$1"
}
one() { # STATE [N]: the number of a return
	query "SELECT id FROM \"return\" WHERE state = '$1' AND section <> 'delega' ORDER BY id LIMIT 1 OFFSET ${2:-0}"
}

# --- what people do ---------------------------------------------------------------------------------------------------
held=$(one held) refused=$(one held 1) blank=$(one quarantined)
check "an operator accepts" "$PLICO" quarantine accept "$held" --note "sentito per telefono"
check "rejects" "$PLICO" quarantine reject "$refused" --note "altro mittente"
check "sets a file aside" "$PLICO" quarantine reject "$blank" --note "vuoto"
first=$(one superseded)
town=$(query "SELECT code FROM unit AS u JOIN \"return\" AS r ON r.unit_id = u.id WHERE r.id = $first")
query "UPDATE dispatch SET state = 'sent' WHERE state IN ('queued', 'deferred')"
check "gives a town a new access code" "$PLICO" units reissue "$town" --note "lettera smarrita"
again "$first" old-code
sed 's/\(Subject: .*\)/\1 bis/' "$(file_of "$(query "SELECT sha256 FROM message WHERE class = 'other' LIMIT 1")")" > w/Maildir/new/1.other.host
silent=$(query "SELECT u.code FROM unit AS u JOIN unit_state AS s ON s.unit_id = u.id WHERE s.state = 'never_opened' ORDER BY u.id LIMIT 1")
check "notes that a town declines" "$PLICO" units decline "$silent" --note "delibera"
check "and that it takes part after all" "$PLICO" units reopen "$silent" --note "ci ripensa"
other=$(query "SELECT u.code FROM unit AS u JOIN unit_state AS s ON s.unit_id = u.id WHERE s.state = 'never_opened' ORDER BY u.id LIMIT 1 OFFSET 1")
check "excludes another" "$PLICO" units exclude "$other" --note "commissariato"
check "says who fills in a section" "$PLICO" delegate set "$silent" --section s5 --email ufficio@comune.example --name "Ada Neri"
check "and that nobody does" "$PLICO" delegate remove "$silent" --section s5
check "with hostile mail" /usr/bin/python3 "$SRCDIR/tests/tool/hostile" make "$WORK"
find mail -type f -size -200k -exec cp {} w/Maildir/new/ \;
check_same "all is collected" '[true,true]' "$(collect)"
message=$(query "SELECT id FROM message WHERE state = 'quarantined' ORDER BY id LIMIT 1")
check "a message is read again" "$PLICO" quarantine retry "m$message"
query "INSERT INTO message (sha256, size, source, received_at, state, attempts) SELECT '$(printf 'a%.0s' $(seq 64))', 1, 'x', 1, 'new', 4"
query "INSERT INTO event (at, actor, subject, subject_id, what, to_state, evidence)
	SELECT 1, 'plico', 'message', max(id), 'message.received', 'new', sha256 FROM message WHERE received_at = 1"
closed=$(query "SELECT code FROM unit AS u JOIN \"return\" AS r ON r.unit_id = u.id WHERE r.state = 'applied' AND code <> '$town' ORDER BY r.id LIMIT 1")
gone=$(query "SELECT min(r.id) FROM \"return\" AS r JOIN unit AS u ON u.id = r.unit_id WHERE u.code = '$closed' AND r.state = 'applied'")
grep -v "\"$closed\"" w/registry.csv > without.csv
check "a town leaves the registry" "$PLICO" units import without.csv --yes
again "$gone" closed
collect > /dev/null
grep "\"$closed\"\\|^istat" w/registry.csv > back.csv
check "and comes back" "$PLICO" units import back.csv --partial
for number in $(query "SELECT min(id) FROM \"return\" WHERE state = 'applied' GROUP BY unit_id ORDER BY 1 LIMIT 8"); do
	again "$number" more
done
check_same "what comes again" '[true,true]' "$(collect)"
old=$(query "SELECT id FROM \"return\" WHERE reason = 'old_code'")
check "a sheet with the former code is believed by a person" "$PLICO" quarantine accept "$old"
check_same "every fate is among them" "applied duplicate held quarantined rejected superseded" \
    "$(query "SELECT group_concat(state, ' ') FROM (SELECT DISTINCT state FROM \"return\" ORDER BY 1)")"
check_same "so is every reason that depends on the day" "old_code unit_closed" \
    "$(query "SELECT group_concat(reason, ' ') FROM (SELECT DISTINCT reason FROM \"return\" WHERE reason IN ('old_code', 'unit_closed') ORDER BY 1)")"
"$PLICO" status > /dev/null
check_same "the database is in order" missing \
    "$("$PLICO" verify --json 2> /dev/null | jq -r '[.findings[] | select(.severity == "error") | .code] | join(" ")')"

# --- made anew ----------------------------------------------------------------------------------------------------------
dump w/plico.db > before
check "a rebuild would change nothing" "$PLICO" rebuild --check
check_same "nor does looking" "" "$(dump w/plico.db | diff before -)"
check "it is made anew" "$PLICO" rebuild
check_same "all is as it was" "" "$(dump w/plico.db | diff before - | head -5)"
check_same "the former one is kept" "" "$(dump w/plico.db.before-* | diff before -)"
check_same "the history tells of it" "$(id -un)" "$(query "SELECT actor FROM event WHERE what = 'database.rebuilt'")"
check_same "nothing else is left behind" "" "$(ls -d w/.rebuild w/plico.db-* 2> /dev/null)"
check "status goes on from there" "$PLICO" status
check "so does collecting" "$PLICO" collect --once
check "once more" "$PLICO" rebuild
check_same "all is as it was" "" "$(dump w/plico.db | diff before - | head -5)"

# --- what is damaged ------------------------------------------------------------------------------------------------------
query "UPDATE answer SET value = 'altro' WHERE return_id = $first AND question = (SELECT min(question) FROM answer WHERE return_id = $first);
	DELETE FROM finding; UPDATE \"return\" SET state = 'rejected' WHERE id = $gone; DELETE FROM answer WHERE return_id = $held"
check_exit 65 "altered answers and lost findings are told" "$PLICO" rebuild --check
check_says "with what they were" "return $gone: state: \"rejected\", \"applied\"" "$PLICO" rebuild --check
check "they are made good" "$PLICO" rebuild
check_same "all is as it was" "" "$(dump w/plico.db | diff before - | head -5)"
lost=$(query "SELECT sha256 FROM message AS m JOIN \"return\" AS r ON r.message_id = m.id WHERE r.id = $first")
chmod u+w "$(file_of "$lost")"
python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(300); byte = f.read(1)[0]; f.seek(300); f.write(bytes([byte ^ 1]))' "$(file_of "$lost")"
check_exit 65 "a flipped bit in the archive is told" "$PLICO" rebuild --check
check_says "with its name" "$(file_of "$lost"): altered" "$PLICO" rebuild --check
check_exit 65 "what was read of it before is kept" "$PLICO" rebuild
check_same "all is as it was" "" "$(dump w/plico.db | diff before - | head -5)"

# --- what comes in between ------------------------------------------------------------------------------------------------
killed=0 moved=0
for wait in 0.05 0.1 0.2 0.4 0.7; do
	inode=$(stat -c %i w/plico.db)
	"$PLICO" rebuild > /dev/null 2>&1 &
	sleep $wait
	kill -9 $! 2> /dev/null
	wait $! 2> /dev/null
	[ $? -eq 137 ] || continue # it had ended
	killed=$((killed + 1))
	[ "$inode" = "$(stat -c %i w/plico.db)" ] || moved=$((moved + 1))
done
check "it was killed" test $killed -gt 0
check "the former database was in force, but for once at most: at the very end" test $moved -le 1
check_same "and whole" "" "$(dump w/plico.db | diff before - | head -5)"
check_exit 65 "what it has left does not hinder the next" "$PLICO" rebuild
"$PLICO" collect > /dev/null 2>&1 &
collector=$!
at_exit "kill $collector 2> /dev/null"
is_at_work() { # it holds the workspace
	! flock --nonblock w true
}
eventually is_at_work
check_exit 75 "while another plico is at work nothing is replaced" "$PLICO" rebuild
check_says "though it can be compared" 'differences +0' "$PLICO" rebuild --check
kill $collector

# --- the database is lost -----------------------------------------------------------------------------------------------
wait $collector 2> /dev/null
chmod u+w "$(file_of "$lost")"
python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(300); byte = f.read(1)[0]; f.seek(300); f.write(bytes([byte ^ 1]))' "$(file_of "$lost")"
check "it is whole again" "$PLICO" rebuild --check
cp w/plico.conf conf
sed -i 's/^\[survey\]/[survey]\nedition=mappa-2025/' w/plico.conf
check "when the next edition has begun, this one is read by its own form" "$PLICO" rebuild --check
cp conf w/plico.conf
check "what no archive has is exported" "$PLICO" export log --out night.db
check_same "without answers" 0 "$(query 'SELECT count(*) FROM answer' night.db)"
check_exit 64 "never over another one" "$PLICO" export log --out night.db
again "$held" next-day
check "mail comes after that" "$PLICO" collect --once
query "SELECT u.code, r.section, r.state, r.reason, r.trust, a.question, a.value, a.origin FROM \"return\" AS r
	JOIN unit AS u ON u.id = r.unit_id LEFT JOIN answer AS a ON a.return_id = r.id ORDER BY 1, 2, 3, r.id, 6;
	SELECT * FROM unit_state ORDER BY 1, 2; SELECT * FROM section_state ORDER BY 1, 2, 3" | sed 's/|[0-9]\{10\}$//' > answers
rm w/plico.db w/plico.db-* 2> /dev/null
check_exit 74 "without a database there is nothing to go by" "$PLICO" rebuild
check "with the log there is" "$PLICO" rebuild --from night.db
check_same "all answers and states are there again" "" "$(query "SELECT u.code, r.section, r.state, r.reason, r.trust, a.question, a.value, a.origin FROM \"return\" AS r
	JOIN unit AS u ON u.id = r.unit_id LEFT JOIN answer AS a ON a.return_id = r.id ORDER BY 1, 2, 3, r.id, 6;
	SELECT * FROM unit_state ORDER BY 1, 2; SELECT * FROM section_state ORDER BY 1, 2, 3" | sed 's/|[0-9]\{10\}$//' | diff answers - | head -5)"
check_same "the database is in order" "" "$("$PLICO" verify --json | jq -r '[.findings[] | select(.severity == "error" and .code != "missing") | .text] | join(" ")')"
