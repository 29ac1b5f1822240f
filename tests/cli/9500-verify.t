#!/bin/sh
# plico verify: what is missing, altered or not referred to is told, and nothing is changed.
. "$SRCDIR/tests/lib.sh"

export PLICO_WORKSPACE="$WORK/w"
"$PLICO" rehearse --units 40 --seed 5 --json "$WORK/played" > played.json || exit 99
fresh() { # the rehearsal as it was
	chmod -R u+w w 2> /dev/null
	rm -rf w
	cp -a played w
	chmod -R u+w w/archive
}
query() {
	sqlite3 w/plico.db "$1"
}
file_of() { # SHA-256 [SUFFIX]
	echo "w/archive/$(echo "$1" | cut -c1-2)/$(echo "$1" | cut -c3-)${2:-}"
}
flip() { # FILE: one bit
	python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(300); byte = f.read(1)[0]; f.seek(300); f.write(bytes([byte ^ 1]))' "$1"
}
codes() {
	"$PLICO" verify --json 2> /dev/null | jq -r '[.findings[] | "\(.severity) \(.code)"] | sort | unique | join(", ")'
}

fresh
check "a whole campaign is in order" "$PLICO" verify --strict
check_same "all of it was looked at" "$(jq -c '[.messages, .dispatches]' played.json)" \
    "$("$PLICO" verify --json | jq -c '[.received, .sent]')"
check_same "templates and forms too" true "$("$PLICO" verify --json | jq '.templates > 0 and .forms == 1')"
before=$(sqlite3 w/plico.db .dump | sha256sum) files=$(find w/archive -type f | sort | sha256sum)
check "while another writes" sh -c '(sleep 0.3; sqlite3 w/plico.db "BEGIN IMMEDIATE; ROLLBACK") & "$PLICO" verify; wait'
check_same "nothing is changed" "$before $files" \
    "$(sqlite3 w/plico.db .dump | sha256sum) $(find w/archive -type f | sort | sha256sum)"

letter=$(query "SELECT sha256 FROM message WHERE class = 'return' ORDER BY id LIMIT 1")
dispatch=$(query "SELECT sha256 FROM dispatch WHERE state = 'sent' ORDER BY id LIMIT 1")
flip "$(file_of "$letter")"
check_exit 65 "a flipped bit in a received message" "$PLICO" verify
check_says "is told with its file" "$(file_of "$letter"): altered" "$PLICO" verify
check_same "and nothing else is" "error altered" "$(codes)"
fresh
rm "$(file_of "$letter")"
check_same "a received message that is gone" "error missing" "$(codes)"
fresh
rm "$(file_of "$dispatch" .sent)"
check_says "a sent one that is gone" "$(file_of "$dispatch" .sent): a sent message is not there" "$PLICO" verify
fresh
flip "$(file_of "$dispatch" .sent)"
check_says "a sent one that was altered" "$(file_of "$dispatch" .sent): altered" "$PLICO" verify
fresh
for file in w/archive/??/*; do
	[ "$(head -c 4 "$file")" != %PDF ] || template=$file
done
flip "$template"
check_same "an altered template is told once, not for each message" "1 altered" \
    "$("$PLICO" verify --json 2> /dev/null | jq -r '"\(.errors) \(.findings[0].code)"')"
fresh
for file in w/archive/forms/mappa-2024/v*/survey.csv; do echo x >> "$file"; done
check_says "an altered form" 'survey\.csv: altered' "$PLICO" verify
rm w/archive/forms/mappa-2024/v*/choices.csv
check_same "one that is gone beside it" "error altered, error missing" "$(codes)"
fresh
rm w/archive/forms/mappa-2024/v*/SHA256SUMS
check_same "forms without sums are a warning" "warning no_sums" "$(codes)"
check "which ends well" "$PLICO" verify
check_exit 1 "but not under --strict" "$PLICO" verify --strict

fresh
mkdir -p w/archive/ab && echo other > w/archive/ab/other && echo half > "$(file_of "$letter").17.tmp"
check_same "what does not belong there" "note leftover, warning stranger" "$(codes)"
fresh
query "PRAGMA foreign_keys = OFF; DELETE FROM message WHERE sha256 = '$letter'"
touch -d '2 days ago' "$(file_of "$letter")"
check_same "a row that is gone" "error gone, error reference" "$(codes)"
fresh
query "UPDATE answer SET value = 'altro' WHERE return_id = (SELECT min(id) FROM \"return\" WHERE state = 'applied')
	AND question = (SELECT min(question) FROM answer WHERE return_id = (SELECT min(id) FROM \"return\" WHERE state = 'applied'))"
check_same "an answer that was changed" "error answers" "$(codes)"
fresh
query "UPDATE \"return\" SET state = 'rejected' WHERE id = (SELECT min(id) FROM \"return\" WHERE state = 'applied')"
check_same "a state that the log does not tell" "error state" "$(codes)"
fresh
query "UPDATE section_state SET state = 'sent' WHERE state = 'received' AND unit_id = (SELECT min(unit_id) FROM section_state WHERE state = 'received')"
check_same "a folded state that the log does not give" "error folded" "$(codes)"
fresh
dd if=/dev/zero of=w/plico.db bs=4096 seek=20 count=200 conv=notrunc 2> /dev/null
check_exit 65 "a database with holes" "$PLICO" verify
fresh
echo nothing > w/plico.db
check_exit 65 "a file that is no database" "$PLICO" verify
check_same "does not keep the archive from being read" "$(jq .dispatches played.json)" \
    "$("$PLICO" verify --json 2> /dev/null | jq .sent)"
rm w/plico.db
check_exit 65 "no database at all" "$PLICO" verify
check_exit 1 "which is not made" test -e w/plico.db
