#!/bin/sh
# What people need to decide: the page as it came, every answer with where it is from, and a section asked for once more.
. "$SRCDIR/tests/lib.sh"

export PLICO_WORKSPACE="$WORK/w"
"$PLICO" rehearse --units 60 --seed 7 --json w > played.json || exit 99
query() {
	sqlite3 -cmd ".timeout 5000" w/plico.db "$1"
}
file_of() { # SHA-256
	echo "w/archive/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)"
}
is_picture() { # FILE: a PNG, upright, of a page's size
	file -b "$1" | grep -Eq 'PNG image data, [6-9][0-9][0-9] x 1[0-9]{3}'
}

# --- the page ---------------------------------------------------------------------------------------------------------
held=$(query "SELECT min(id) FROM \"return\" WHERE state = 'held'")
check "the first page is drawn" "$PLICO" quarantine show "$held" --page page.png
check "as a picture" is_picture page.png
check_same "for nobody else's eyes" 600 "$(stat -c %a page.png)"
drawn=0
for number in $("$PLICO" quarantine list --json | jq -r '.items[] | select(.kind == "return") | .id'); do
	"$PLICO" quarantine show "$number" --page "$number.png" > /dev/null 2> said
	status=$?
	[ $status -eq 0 ] || [ $status -eq 65 ] || echo "# return $number: exit $status: $(cat said)"
	[ $status -ne 0 ] || drawn=$((drawn + 1))
done
check "so are those of the others" test "$drawn" -gt 1
check "hostile files" /usr/bin/python3 "$SRCDIR/tests/tool/hostile" make "$WORK/h" pdf
number=0
for pdf in $(find "$WORK/h/pdf" -name '*.pdf' -size -600k | sort | awk 'NR % 4 == 0'); do
	number=$((number + 1))
	{
		printf 'From: a@b.example\r\nSubject: %s\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf\r\n' "$number"
		printf 'Content-Transfer-Encoding: base64\r\n\r\n'
		base64 "$pdf"
	} > "w/Maildir/new/17610000$number.M1.host"
done
"$PLICO" collect --once > /dev/null
bad=0 seen=0
for number in $(query "SELECT id FROM \"return\" WHERE state = 'quarantined' AND unit_id IS NULL"); do
	timeout 120 "$PLICO" quarantine show "$number" --page hostile.png > /dev/null 2>&1
	status=$?
	seen=$((seen + 1))
	[ $status -eq 0 ] || [ $status -eq 65 ] || bad=$((bad + 1))
done
check_same "are drawn or not, and do nothing" "0 1" "$bad $((seen > 20))"
check_exit 65 "what does not wait has no page" "$PLICO" quarantine show 99999 --page x.png

# --- where an answer is from ----------------------------------------------------------------------------------------------
check_exit 64 "setting aside needs a reason" "$PLICO" quarantine reject "$held"
question=$(query "SELECT min(question) FROM answer WHERE return_id = $held")
town=$(query "SELECT u.code FROM unit AS u JOIN \"return\" AS r ON r.unit_id = u.id WHERE r.id = $held")
check "a person accepts" "$PLICO" quarantine accept "$held" --note "sentito per telefono"
check_same "an answer tells who let it count, and its file" "$held $(id -un) true" \
    "$("$PLICO" answers history "$town" --question "$question" --json |
	jq -r '.answers[-1] | "\(.return) \(.accepted_by) \(.file_sha256 | length == 64)"')"
check_says "in a table too" "^ *$held .* $(id -un) " "$PLICO" answers history "$town" --question "$question"
check_exit 64 "a question that is not there" "$PLICO" answers history "$town" --question q99

# --- once more --------------------------------------------------------------------------------------------------------------
done=$(query "SELECT u.code FROM unit AS u JOIN unit_state AS s ON s.unit_id = u.id WHERE s.state = 'completed' ORDER BY u.id LIMIT 1")
section=$(query "SELECT r.section FROM \"return\" AS r JOIN unit AS u ON u.id = r.unit_id WHERE u.code = '$done' AND r.state = 'applied'
	AND r.trust = 'code' AND r.section <> 'delega' ORDER BY r.id LIMIT 1")
state() {
	"$PLICO" status > /dev/null
	query "SELECT s.state || ' ' || c.state FROM unit AS u JOIN unit_state AS s ON s.unit_id = u.id
		JOIN section_state AS c ON c.unit_id = u.id WHERE u.code = '$done' AND c.section = '$section'"
}
check_exit 64 "why must be said" "$PLICO" answers reopen "$done" --section "$section"
check_exit 64 "and which section" "$PLICO" answers reopen "$done" --note "valori doppi"
before=$(state)
check "a section is reopened" "$PLICO" answers reopen "$done" --section "$section" --note "valori doppi"
check_same "it is awaited, and the town is not done" "in_progress sent" "$(state)"
check_exit 65 "not twice" "$PLICO" answers reopen "$done" --section "$section" --note "valori doppi"
check_same "its answers count until then" true "$("$PLICO" answers show "$done" --section "$section" --json | jq '.sections | length == 1')"
check_same "the history knows who and why" "$(id -un)|valori doppi" \
    "$(query "SELECT actor, note FROM event WHERE what = 'section.reopened'")"
message=$(query "SELECT m.sha256 FROM message AS m JOIN \"return\" AS r ON r.message_id = m.id JOIN unit AS u ON u.id = r.unit_id
	WHERE u.code = '$done' AND r.section = '$section' AND r.state = 'applied'")
{
	printf 'X-Again: 1\r\n'
	cat "$(file_of "$message")"
} > w/Maildir/new/1762000000.M1.host
check "the same answers come once more" "$PLICO" collect --once
check_same "that was an answer" "$before" "$(state)"
check_exit 65 "a section without answers is awaited anyway" "$PLICO" answers reopen \
    "$(query "SELECT u.code FROM unit AS u JOIN unit_state AS s ON s.unit_id = u.id WHERE s.state = 'never_opened' LIMIT 1")" \
    --section "$section" --note x
check "all of it can be made anew" "$PLICO" rebuild --check
