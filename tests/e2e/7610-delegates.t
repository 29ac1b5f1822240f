#!/bin/sh
# From the mayor's delegation sheet to answers: an office that serves three towns gets one message with all their sheets, each
# with what its town answered last year; it fills them in with a PDF program and sends them back together, and each
# lands in its own town. Only the access code of that town makes them count at once.
. "$SRCDIR/tests/lib.sh"
for program in pdftk pdftotext sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

"$PLICO" init ws > init.out || exit 99
cp -r "$SRCDIR/tests/data/forms/prova-2024" "$SRCDIR/tests/data/forms/prova-2025" ws/forms/
printf '[survey]\nedition=prova-2025\n[memory]\nedition=prova-2024\n[mail]\nchannel=dir\ndir=letters\n' > ws/plico.conf
export PLICO_WORKSPACE=$WORK/ws
sql() { sqlite3 -separator ' ' ws/plico.db "$1"; }
office=ced@unione.example
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example three@towns.example > towns.csv
"$PLICO" units import towns.csv > import.out || exit 99
printf 'codice,q2_1,q2_2,q2_3,q2_4\nA001,social,social,10,2\nA002,social,social,20,4\n' > memoria.csv
"$PLICO" memory import memoria.csv > memory.out || exit 99
check "the invitation is planned" "$PLICO" wave plan
check "and leaves" "$PLICO" wave send
for town in A001 A002; do
	"$PLICO" wave preview 1 --unit $town --out "letter/$town" --note prova > /dev/null
	pdftotext -layout "letter/$town/prova-2025_${town}_lettera.pdf" - | grep -Eo '([0-9A-Z]{4}-){4}[0-9A-Z]' | head -1 > "$town.code"
done

# fill SHEET [NAME=VALUE ...]: into filled/; NAME:on a box to tick
mkdir filled
fill() {
	sheet=$1
	shift
	printf '%s\n' "$@" | jq -Rn '[inputs | select(. != "") | if test(":on$") then
		{name: .[:-3], kind: "check", on: "si", value: "si"} else
		{name: sub("=.*"; ""), kind: "text", value: sub("^[^=]*="; "")} end]' > fields.json
	/usr/bin/python3 "$SRCDIR/tests/tool/clients/fdf.py" fdf fields.json data.fdf &&
		pdftk "$sheet" fill_form data.fdf output "filled/$(basename "$sheet")"
}
# comes SENDER FILE ...
comes() {
	sender=$1
	shift
	/usr/bin/python3 "$SRCDIR/tests/tool/mail.py" "$sender" mappa@mappa.example "ws/Maildir/new/$(date +%s%N)" "$@"
	"$PLICO" collect --once --json > out
}
field() { pdftk "$1" dump_data_fields_utf8 | awk -v RS=--- -v name="$2" '$0 ~ "FieldName: " name "\n" { if (match($0, /FieldValue: [^\n]*/)) print substr($0, RSTART + 12, RLENGTH - 12) }'; }

# --- who fills in what -------------------------------------------------------------------------------------------------
"$PLICO" delegate sheet A001 --out delega.pdf > /dev/null
fill delega.pdf "plico_code=$(cat A001.code)" "sindaco=Rosa Verdi" "s2_nome=Ada Bianchi" s2_ufficio=CED "s2_email=$office" "s3_nome=Ada Bianchi" "s3_email=$office"
comes sindaco@towns.example filled/delega.pdf
check_same "the mayor's sheet counts" 1 "$(jq .applied out)"
check "the other towns say it by telephone" "$PLICO" delegate set A002 --section s2 --section s3 --name 'Ada Bianchi' --email "$office"
check "" "$PLICO" delegate set A003 --section s2 --name 'Ada Bianchi' --email "$office"
check "sheets are planned" "$PLICO" wave plan --kind sections
check "and leave" "$PLICO" wave send
message=$(ls ws/letters/*.sections.*.eml)
check_same "one message to the office, one to each town" "1 3" "$(echo "$message" | wc -l) $(find ws/letters -name '*.delegations.*' | wc -l)"
check "all are sound" sh -c 'python3 "$SRCDIR/tests/tool/message_check.py" mappa@mappa.example ws/letters/*.sections.*.eml ws/letters/*.delegations.*.eml'
mkdir desk
/usr/bin/python3 - "$message" desk > text <<'END'
import email, email.policy, pathlib, sys
message = email.message_from_bytes(pathlib.Path(sys.argv[1]).read_bytes(), policy=email.policy.default)
print(message["To"], " ".join(message.get_body(("plain",)).get_content().split()))
for part in message.iter_attachments():
    pathlib.Path(sys.argv[2], part.get_filename()).write_bytes(part.get_content())
END
check_same "with all their sheets, and no letter" "A001_sezione_2 A001_sezione_3 A002_sezione_2 A002_sezione_3 A003_sezione_2" \
	"$(cd desk && for f in *.pdf; do basename "${f#prova-2025_}" .pdf; done | tr '\n' ' ' | sed 's/ $//')"
check_says "it names them" 'Ada Bianchi <ced@unione.example> Gentile Ada Bianchi,.*Borgo A: sezioni 2 .* e 3 .*Borgo B: sezioni 2 .* Borgo C: sezione 2 ' cat text
check_same "no access code stands in it" 0 "$({ cat text; for f in desk/*.pdf; do pdftotext "$f" -; done; } | grep -c -f A001.code -f A002.code)"
check_same "each sheet has its town's answers of last year" "10 20" \
	"$(for town in A001 A002 A003; do field desk/prova-2025_${town}_sezione_2.pdf q2_seguaci; done | tr "\n" " " | sed "s/ *$//")"
"$PLICO" status > status.out
check_same "its sections are delegated" 5 "$(sql "SELECT count(*) FROM section_state WHERE state = 'delegated'")"

# --- what comes back ---------------------------------------------------------------------------------------------------
fill desk/prova-2025_A001_sezione_2.pdf "plico_code=$(cat A001.code)" q2_seguaci=11 plico_confirm:on
fill desk/prova-2025_A001_sezione_3.pdf "plico_code=$(cat A001.code)" q3_1__costi=1 q3_1__tempi=3 q3_1__norme=2 q3_2_a=60 q3_2_b=40
fill desk/prova-2025_A002_sezione_2.pdf q2_seguaci=22 plico_confirm:on
fill desk/prova-2025_A003_sezione_2.pdf "plico_code=$(cat A001.code)" q2_1__sito:on q2_2=sito q2_seguaci=33 q2_4=1 q2_6_web=mai q2_6_app=mai
comes "$office" filled/prova-2025_*.pdf
check_same "with the town's own code they count; without, and with another town's, they wait" "2 2 0" \
	"$(jq -r '"\(.applied) \(.held) \(.quarantined)"' out)"
answer() { "$PLICO" answers show "$1" --json | jq -r '.sections[] | select(.section == "s2").answers[] | select(.question == "q2_seguaci").value'; }
check_same "they are in the right town" "11" "$(answer A001)"
check_same "and in no other" "" "$(answer A002)$(answer A003)"
check_same "those that wait name theirs" "A002 s2 A003 s2" "$("$PLICO" quarantine list --json |
	jq -r '[.[] | .. | objects | select(has("section")) | "\(.unit) \(.section)"] | sort | join(" ")')"
for held in $(sql "SELECT id FROM \"return\" WHERE state = 'held'"); do
	"$PLICO" quarantine accept "$held" --note "sentito il Comune" > /dev/null
done
check_same "once a person has asked, they count too" "22 33" "$(answer A002) $(answer A003)"
check_same "what is back needs no sheet any more" "A001:s2:true A001:s3:true A002:s2:true A002:s3:false A003:s2:true" \
	"$("$PLICO" delegate list --json | jq -r '[.delegations[] | "\(.unit):\(.section):\(.returned)"] | join(" ")')"
check "a section that is missing is asked of another" "$PLICO" delegate set A002 --section s3 --email leo@towns.example
check_same "who had it is told, who has it now gets the sheet, the town hears of it" "3 1 1 1" "$("$PLICO" wave plan --kind sections --json |
	jq -r '"\(.planned) \(.to_delegates) \(.withdrawals) \(.confirmations)"')"
check "they leave" "$PLICO" wave send
"$PLICO" status > /dev/null
sql "SELECT * FROM unit_state ORDER BY unit_id" > before
sql "SELECT * FROM section_state ORDER BY unit_id, section" >> before
"$PLICO" status --rebuild > /dev/null
sql "SELECT * FROM unit_state ORDER BY unit_id" > after
sql "SELECT * FROM section_state ORDER BY unit_id, section" >> after
check "folded again, the log says the same" cmp before after
check "all of it is made anew from the archive" "$PLICO" rebuild --check
