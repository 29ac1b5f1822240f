#!/bin/sh
# Two years: what was answered in the first stands on the sheets of the second, and what comes back is told apart: given,
# confirmed, merely copied.
. "$SRCDIR/tests/lib.sh"
for program in pdftk pdftotext sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

"$PLICO" init ws > init.out || exit 99
cp -r "$SRCDIR/tests/data/forms/prova-2024" "$SRCDIR/tests/data/forms/prova-2025" ws/forms/
printf '[survey]\nedition=prova-2024\n[mail]\nchannel=dir\n' > ws/plico.conf
export PLICO_WORKSPACE=$WORK/ws
sql() { sqlite3 -separator ' ' ws/plico.db "$1"; }
"$PLICO" units import "$SRCDIR/samples/comuni.csv" > import.out || exit 99

# the desk of one town in one edition: its newest message taken apart
desk() { # EDITION CODE
	mkdir -p "$1/$2"
	/usr/bin/python3 - "$1/$2" "$(ls -t ws/outbox/"$1.$2".*.eml | head -1)" <<'END'
import email, email.policy, pathlib, sys
folder, source = sys.argv[1:]
message = email.message_from_bytes(pathlib.Path(source).read_bytes(), policy=email.policy.default)
for part in message.iter_attachments():
    pathlib.Path(folder, part.get_filename().split("_", 2)[2]).write_bytes(part.get_content())
END
	pdftotext -layout "$1/$2/lettera.pdf" - | grep -Eo '([0-9A-Z]{4}-){4}[0-9A-Z]' | head -1 > "$1/$2/code"
}
# NAME=VALUE: texts and radio buttons as they are; NAME:on a box to tick
return_sheet() { # EDITION CODE SECTION [NAME=VALUE ...]
	folder=$1/$2 section=$3
	shift 3
	printf '%s\n' "$@" | jq -Rn '[inputs | select(. != "") | if test(":on$") then
		{name: .[:-3], kind: "check", on: "si", value: "si"} else
		{name: sub("=.*"; ""), kind: "text", value: sub("^[^=]*="; "")} end]' > fields.json
	/usr/bin/python3 "$SRCDIR/tests/tool/clients/fdf.py" fdf fields.json data.fdf &&
		pdftk "$folder/sezione_$section.pdf" fill_form data.fdf output filled.pdf &&
		/usr/bin/python3 "$SRCDIR/tests/tool/mail.py" ufficio@comune.example mappa@mappa.example \
			"ws/Maildir/new/$(date +%s%N)" filled.pdf
}
field() { pdftk "$1" dump_data_fields_utf8 | awk -v RS=--- -v name="$2" '$0 ~ "FieldName: " name "\n" { if (match($0, /FieldValue: [^\n]*/)) print substr($0, RSTART + 12, RLENGTH - 12) }'; }
fields() { pdftk "$1" dump_data_fields | grep -c '^FieldName: '"${2:-}"; }
code() { printf 'plico_code=%s' "$(cat "$1/$2/code")"; }
origins() { # CODE SECTION
	"$PLICO" answers show "$1" --section "$2" --json | jq -r '[.sections[0].answers[] | "\(.question)=\(.origin)"] | join(" ")'
}
state() { sql "SELECT state FROM section_state JOIN unit ON unit.id = unit_id WHERE edition = 'prova-2025' AND code = '$1' AND section = '$2'"; }

# --- the first year
a=$(sql "SELECT code FROM unit WHERE population > 5000 ORDER BY code LIMIT 1")
b=$(sql "SELECT code FROM unit WHERE population <= 5000 ORDER BY code LIMIT 1")
merged=$(sql "SELECT code FROM unit WHERE population <= 5000 ORDER BY code LIMIT 1 OFFSET 1")
none=$(sql "SELECT code FROM unit WHERE population <= 5000 ORDER BY code LIMIT 1 OFFSET 2")
check "the first year's invitation is planned" "$PLICO" wave plan
check "and leaves" "$PLICO" wave send
desk prova-2024 "$a"
check "a town answers section 2" return_sheet prova-2024 "$a" 2 "$(code prova-2024 "$a")" q2_1__sito:on q2_1__app:on q2_1__social:on \
	q2_2=social q2_3=300 q2_4=0,5 q2_5=11/07/2024 q2_6_web=mai q2_6_app=spesso
check "and section 3" return_sheet prova-2024 "$a" 3 "$(code prova-2024 "$a")" q3_1__costi=1 q3_1__tempi=3 q3_1__norme=2 q3_2_a=60 q3_2_b=40
check "and section 1" return_sheet prova-2024 "$a" 1 "$(code prova-2024 "$a")" q1_1=Anna q1_2=rtd "q1_3=Il piano è in corso."
check "they are read" "$PLICO" collect --once
check_same "and counted" 3 "$(sql "SELECT count(*) FROM \"return\" WHERE state = 'applied'")"

# --- the second
printf '[survey]\nedition=prova-2025\n[mail]\nchannel=dir\n' > ws/plico.conf
cp -r ws without
printf '[memory]\nedition=prova-2024\n' >> ws/plico.conf
check_says "last year's answers are taken; a choice that is gone is told" '«app» is no longer there' "$PLICO" memory take prova-2024
check_says "taking them again changes nothing" '^0 added, 0 changed, 0 gone, 13 as they were' "$PLICO" memory take prova-2024
cat > memoria.csv <<END
codice,q2_1,q2_2,q2_3,q2_4,q3_1,q3_2_a,q3_2_b
$b,social,social,10,2,costi tempi norme,50,50
X001,social,social,10,2,costi tempi norme,50,50
X002,social,social,10,2,tempi costi norme,50,50
X003,social,,,,,,
END
printf 'former,code\nX001,%s\nX002,%s\n' "$merged" "$merged" > former.csv
check_says "two towns have become one" '2 added' "$PLICO" units former former.csv
check_says "others come from a file, with the codes of then" '^21 added' "$PLICO" memory import memoria.csv
check_says "a code that nobody has is told" 'row 5: «X003»' "$PLICO" memory import memoria.csv
check_says "what will stand on a sheet can be asked" '2.3 +q2_seguaci +300' "$PLICO" memory show "$a"
check_says "what towns that became one do not agree on is left out" 'answered differently' "$PLICO" memory show "$merged"
check_same "and counted" 2 "$("$PLICO" memory check --json | jq '.questions[] | select(.question == "q2_seguaci").shown')"

check_same "three towns find their answers on their sheets" 3 "$("$PLICO" wave plan --json | jq .with_memory)"
check "the second invitation leaves" "$PLICO" wave send
for town in "$a" "$b" "$merged" "$none"; do
	desk prova-2025 "$town"
done
if /usr/bin/python3 -c 'import pikepdf, fontTools' 2> /dev/null; then
	check "sheets with last year's answers are accessible" "$SRCDIR/tests/tool/pdf_ua.py" prova-2025/*/*.pdf
fi
mine=prova-2025/$a
check_same "an answer stands under its new name" 300 "$(field "$mine/sezione_2.pdf" q2_seguaci)"
check_same "a choice too" social "$(field "$mine/sezione_2.pdf" q2_2)"
check_same "the choice that is left of two" si "$(field "$mine/sezione_2.pdf" q2_1__sito)"
check_same "a decimal has its comma" 0,5 "$(field "$mine/sezione_2.pdf" q2_4)"
check_same "there is a box to confirm" 1 "$(fields "$mine/sezione_2.pdf" plico_confirm)"
check_same "but not in a section without last year's answers" 0 "$(fields "$mine/sezione_1.pdf" plico_confirm)"
check_says "the page says which year" '2024' pdftotext "$mine/sezione_2.pdf" -
check_same "an answer beside its question is in words" "2024: RTD" "$(field "$mine/sezione_1.pdf" plico_memory_q1_2)"
check_same "it leaves the question's own field blank" "" "$(field "$mine/sezione_1.pdf" q1_2 | grep -v Off)"
check_says "it can be read on the page" '2024: RTD' pdftotext "$mine/sezione_1.pdf" -
check_says "under the name of then too" '2024: Il piano è in corso\.' pdftotext "$mine/sezione_2.pdf" -
check_same "nobody can write there" 1 \
	"$(pdftk "$mine/sezione_1.pdf" dump_data_fields | grep -A9 '^FieldName: plico_memory_q1_2$' | sed -n 's/^FieldFlags: //p' | head -1)"
check_same "no other town has it" "" "$(pdftotext "prova-2025/$b/sezione_2.pdf" - | grep 'Il piano')$(pdftotext "prova-2025/$b/sezione_1.pdf" - | grep RTD.*2024)"
check_same "but the line for it" 1 "$(fields "prova-2025/$b/sezione_2.pdf" plico_memory_q2_7)"
check_same "the number of a merged town is not printed" "" "$(field "prova-2025/$merged/sezione_2.pdf" q2_4)"
check_same "nor is a ranking on which its parts differ" "" "$(field "prova-2025/$merged/sezione_3.pdf" q3_1__costi)"
check_same "what they agree on is" social "$(field "prova-2025/$merged/sezione_2.pdf" q2_2)"

(
	export PLICO_WORKSPACE=$WORK/without
	"$PLICO" wave plan && "$PLICO" wave preview --unit "$none" --out "$WORK/plain" "$(sqlite3 without/plico.db 'SELECT max(id) FROM wave')"
) > plain.out 2>&1
for section in 1 2 3; do
	check "section $section of a town without is as if there were no memory" \
		cmp "prova-2025/$none/sezione_$section.pdf" "plain/prova-2025_${none}_sezione_$section.pdf"
done

check "a section with answers beside alone comes back untouched" return_sheet prova-2025 "$a" 1
check "another one filled in" return_sheet prova-2025 "$a" 1 "$(code prova-2025 "$a")" q1_1=Anna q1_2=rtd
check "one answer is changed, the others are confirmed" return_sheet prova-2025 "$a" 2 "$(code prova-2025 "$a")" q2_seguaci=301 plico_confirm:on
check "a section is confirmed as it is" return_sheet prova-2025 "$a" 3 "$(code prova-2025 "$a")" plico_confirm:on
check "one comes back untouched, with the code" return_sheet prova-2025 "$b" 2 "$(code prova-2025 "$b")"
check "one comes back untouched" return_sheet prova-2025 "$b" 3
check "one is changed, and nothing is confirmed" return_sheet prova-2025 "$merged" 2 "$(code prova-2025 "$merged")" q2_4=5
check "one never had any" return_sheet prova-2025 "$none" 2 "$(code prova-2025 "$none")" q2_1__sito:on q2_2=sito q2_4=1 q2_6_web=mai q2_6_app=mai
check "all are read" "$PLICO" collect --once
"$PLICO" status > status.out || exit 99
check_same "given and confirmed" "q2_1=confirmed q2_2=confirmed q2_seguaci=given q2_4=confirmed q2_5=confirmed q2_6_web=confirmed q2_6_app=confirmed" \
	"$(origins "$a" s2)"
check_same "what was beside, and is written again, is given" "q1_1=given q1_2=given" "$(origins "$a" s1)"
check_same "the section is received" received "$(state "$a" s1)"
check_same "untouched it is blank" "quarantined blank" \
	"$(sql "SELECT state, reason FROM \"return\" JOIN unit ON unit.id = unit_id WHERE code = '$a' AND section = 's1' AND edition = 'prova-2025' ORDER BY \"return\".id LIMIT 1")"
check_same "a section with something new is received" received "$(state "$a" s2)"
check_same "one in which all was confirmed is confirmed" confirmed "$(state "$a" s3)"
check_same "merely copied" "q2_1=copied q2_2=copied q2_seguaci=copied q2_4=copied" "$(origins "$b" s2)"
check_same "that is not enough" received_with_findings "$(state "$b" s2)"
check_says "the town can be told" 'segnare la casella di conferma' "$PLICO" answers show "$b"
check_same "an untouched sheet without a code is nobody's answer" "quarantined blank" \
	"$(sql "SELECT state, reason FROM \"return\" JOIN unit ON unit.id = unit_id WHERE code = '$b' AND section = 's3' AND edition = 'prova-2025'")"
check_same "given and copied" "q2_1=copied q2_2=copied q2_4=given" "$(origins "$merged" s2)"
check_same "without memory all are given" "q2_1=given q2_2=given q2_4=given q2_6_web=given q2_6_app=given" "$(origins "$none" s2)"

check "the town confirms after all" return_sheet prova-2025 "$b" 2 "$(code prova-2025 "$b")" plico_confirm:on q2_6_web=mai q2_6_app=mai
check "it is read" "$PLICO" collect --once
check_same "and is no duplicate" "q2_1=confirmed q2_2=confirmed q2_seguaci=confirmed q2_4=confirmed q2_6_web=given q2_6_app=given" "$(origins "$b" s2)"
check_says "the history tells how many" 'untouched' "$PLICO" answers history "$b"
check "the answers are exported" "$PLICO" export csv --raw --out out
check_same "with their origin" "confirmed copied given" "$(awk -F, 'NR > 1 { print $NF }' out/answers.raw.csv | tr -d '\r' | sort -u | xargs)"

check "a later import" "$PLICO" memory import memoria.csv
sed -i "s/^$b,social/$b,nessuno/" memoria.csv
check "with other answers" "$PLICO" memory import memoria.csv
check "does not touch what went out" return_sheet prova-2025 "$b" 3 "$(code prova-2025 "$b")" plico_confirm:on
check "when it comes back" "$PLICO" collect --once
"$PLICO" status > status.out
check_same "it is what was printed" confirmed "$(state "$b" s3)"
