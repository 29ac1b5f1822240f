#!/bin/sh
# Between sending and return the world moves on: a town grows over the threshold, the questionnaire gets a new version.
# Sheets that are out are read as what they were.
. "$SRCDIR/tests/lib.sh"
sheets=$(dirname "$PLICO")/t/tool/sheets
for program in pdftk sqlite3; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

"$PLICO" init ws > init.out || exit 99
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
export PLICO_WORKSPACE=$WORK/ws
form=ws/forms/mappa-2024
sql() { sqlite3 -separator '	' ws/plico.db "$1"; }

"$PLICO" units import "$SRCDIR/samples/comuni.csv" > import.out || exit 99
small=$(sql "SELECT code FROM unit WHERE population <= 5000 ORDER BY code LIMIT 1")
large=$(sql "SELECT code FROM unit WHERE population > 5000 ORDER BY code LIMIT 1")
planned=$(sql "SELECT code FROM unit WHERE population <= 5000 ORDER BY code LIMIT 1 OFFSET 1")
check "the invitation is planned" "$PLICO" wave plan
check "the form is kept beside what is received" cmp "$form/survey.csv" ws/archive/forms/mappa-2024/v*/survey.csv

# the desk of one town: its sheets, and what is to be filled in
desk() {
	mkdir -p "$1"
	"$sheets" ws "$1" "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$1'")" \
		ws/outbox/*.eml)" "$1"
}
return_sheet() { # CODE SECTION
	/usr/bin/python3 "$SRCDIR/tests/tool/clients/fdf.py" fdf "$1/$2.json" data.fdf &&
		pdftk "$1/$2.pdf" fill_form data.fdf output filled.pdf &&
		/usr/bin/python3 "$SRCDIR/tests/tool/mail.py" ufficio@comune.example mappa@mappa.example "ws/Maildir/new/$1.$2" filled.pdf
}
states() { sql "SELECT group_concat(state || reason, ' ') FROM \"return\" JOIN unit ON unit.id = unit_id WHERE code = '$1'"; }

sql "UPDATE unit SET population = 5001 WHERE code = '$planned'"
check "it leaves as files" "$PLICO" wave send
desk "$small"
desk "$large"
desk "$planned"
check_same "what was planned for a small town leaves as for a small town" "$(pdftk "$small/s5.pdf" dump_data_fields | grep -c FieldName:)" \
	"$(pdftk "$planned/s5.pdf" dump_data_fields | grep -c FieldName:)"

sql "UPDATE unit SET population = 5001 WHERE code = '$small'"
check "the small town returns section 5" return_sheet "$small" s5
check "and is read" "$PLICO" collect --once
check_same "as of the size it had" applied "$(states "$small")"

sed -i 's/Facebook/Faccialibro/' "$form/choices.csv"
check_exit 78 "a form may not change under the same version" "$PLICO" wave plan
check_says "which is said" 'give it another version in settings.csv' "$PLICO" wave plan
old=$(sed -n '2p' "$form/settings.csv" | cut -d, -f3)
sed -i "2s/,$old,/,$old-bis,/" "$form/settings.csv"
sed -i '/,q5_11,/d' "$form/survey.csv"
check "the new version is in order" "$PLICO" forms check "$form"
check "the large town returns section 5 of the old version" return_sheet "$large" s5
check "and is read too" "$PLICO" collect --once
check_same "as the version it is" applied "$(states "$large")"
check_same "an answer to a question that is no longer there is kept" 1 \
	"$(sql "SELECT count(*) FROM answer JOIN \"return\" r ON r.id = return_id JOIN unit u ON u.id = r.unit_id
		WHERE question = 'q5_11' AND code = '$large'")"
check "what is stored can be shown" "$PLICO" answers show "$large"
check "and exported" "$PLICO" export csv --out out
