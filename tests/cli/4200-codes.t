#!/bin/sh
# Access codes: a new one in place of a lost one, who sees a letter, and that no code lies about.
. "$SRCDIR/tests/lib.sh"
for program in pdftotext pdftk jq sqlite3; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

plico() {
	"$PLICO" -w ws "$@"
}

# field NAME: of the JSON in the file out
field() {
	jq -r ".$1" out
}

db() {
	sqlite3 -cmd '.timeout 10000' ws/plico.db "$1"
}

# code_in PDF: as the letter prints it
code_in() {
	pdftotext "$1" - | grep -Eo '\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]\b' | head -n 1
}

"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = dir\ndir = letters\n' > ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example three@towns.example > towns.csv
check "the list of towns is taken" plico units import towns.csv
# whoever reads keeps the log of the database from being cleared
mkfifo hold
cat > reader.py <<'END2'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN")
db.execute("SELECT count(*) FROM unit").fetchone()
open("holding", "w").close()
sys.stdin.read()
END2
python3 reader.py ws/plico.db < hold &
exec 9> hold
at_exit 'exec 9>&-'
tries=0
while [ ! -e holding ] && [ "$tries" -lt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
check "somebody reads the database all the while" [ -e holding ]

# --- a new code -----------------------------------------------------------------------------------------------------
check_exit 65 "who has no code gets no new one" plico units reissue A001 --note "smarrito"
check "the invitation" plico wave plan
check "before it leaves it may be looked at" plico wave preview 1 --unit A001 --out first
check_exit 65 "a letter that is still to leave brings the present code" plico units reissue A001 --note "smarrito"
check_same "so nothing was revoked" "3|0" "$(db 'SELECT count(*), count(revoked_at) FROM credential')"
plico wave send > /dev/null 2>&1
check_exit 64 "a new code has a reason" plico units reissue A001
check_exit 64 "an empty one is none" plico units reissue A001 --note ""
check_exit 65 "a town that is not there" plico units reissue Atlantide --note "smarrito"
check_says "a lost letter" "Borgo A: its access code no. 2 counts" plico units reissue Borgo A --note "lettera smarrita"
check_same "the old one counts no more" "1|1 2|0" "$(db "SELECT serial, revoked_at IS NOT NULL FROM credential
	WHERE unit_id = (SELECT id FROM unit WHERE code = 'A001') ORDER BY serial" | tr '\n' ' ' | sed 's/ $//')"
check_same "the history knows who and why" "$(id -un)|1|2|lettera smarrita" \
	"$(db "SELECT actor, from_state, to_state, note FROM event WHERE what = 'credential.reissued'")"
check_says "the town's page too" "new access code +1 +2 +lettera smarrita" plico units show A001
plico wave plan --json > out
check_same "just this town gets a letter again" "1 2" "$(field planned) $(field already)"
plico wave plan --json > out
check_same "once" "0 3" "$(field planned) $(field already)"
plico wave preview 2 --unit A001 --out second > /dev/null
plico wave send > /dev/null 2>&1
check_same "four letters" 4 "$(find ws/letters -name '*.eml' | wc -l)"
old=$(code_in first/mappa-2024_A001_lettera.pdf)
new=$(code_in second/mappa-2024_A001_lettera.pdf)
check_same "with another code" different "$([ -n "$old" ] && [ -n "$new" ] && [ "$old" != "$new" ] && echo different)"

# --- who sees a letter -----------------------------------------------------------------------------------------------
check_same "looking before it leaves is in the history" "$(id -un)|A001|1 $(id -un)|A001|2" \
	"$(db "SELECT e.actor, u.code, e.to_state FROM event AS e JOIN unit AS u ON u.id = e.unit_id
		WHERE what = 'credential.previewed' ORDER BY seq" | tr '\n' ' ' | sed 's/ $//')"
check_exit 64 "what has left is not printed without a reason" plico wave preview 1 --unit A002 --out third
check_same "nothing is printed then" 0 "$(find third -type f 2> /dev/null | wc -l)"
check "with one it is" plico wave preview 1 --unit A002 --unit A003 --out third --note "chiesta dal protocollo"
check_same "and the history keeps it" "$(id -un)|1|chiesta dal protocollo" \
	"$(db "SELECT actor, to_state, note FROM event WHERE what = 'credential.reprinted' LIMIT 1")"

# --- the old code and the new one come back ----------------------------------------------------------------------------
# answer CODE NUMBER: section 1 with the code goes into the mailbox
answer() {
	cat > data.fdf <<END2
%FDF-1.2
1 0 obj << /FDF << /Fields [ << /T (plico_code) /V ($1) >> << /T ($field) /V (prova $2) >> ] >> >> endobj
trailer << /Root 1 0 R >>
%%EOF
END2
	pdftk "$sheet" fill_form data.fdf output filled.pdf
	{
		printf 'From: Borgo A <one@towns.example>\nSubject: R: Mappa\nContent-Type: application/pdf; name=s.pdf\n'
		printf 'Content-Transfer-Encoding: base64\n\n'
		base64 filled.pdf
	} > "ws/Maildir/new/$2.M1.host"
}
sheet=$(find second -name 'mappa-2024_A001_*.pdf' ! -name '*lettera*' | sort | head -n 1)
pdftk "$sheet" dump_data_fields_utf8 > fields
field=$(awk '/^FieldType:/ { t = $2 } /^FieldName:/ { n = $2 } /^---/ { if (t == "Text" && n ~ /^q/) { print n; exit } }' fields)
code_field=$(awk '/^FieldName:/ && /code/ { print $2; exit }' fields)
check_same "the sheet has a place for the code" plico_code "$code_field"
answer "$old" 1
plico collect --once --json > out
check_same "the old code is not believed" "0 1" "$(field applied) $(field held)"
check_same "and known as old" old_code "$(plico quarantine list --json | jq -r '.items[0].reason')"
answer "$new" 2
plico collect --once --json > out
check_same "the new one is" "1 0" "$(field applied) $(field held)"

# --- no code lies about ------------------------------------------------------------------------------------------------
for pdf in first/*_lettera.pdf second/*_lettera.pdf third/*_lettera.pdf; do
	code_in "$pdf"
done | sort -u > codes
check_same "each letter has its code" 4 "$(grep -c . codes)"
{
	cat codes
	tr -d - < codes
	tr A-Z a-z < codes
} > forms
plico units show A001 > said.units 2>&1
plico wave show 1 --json > said.wave
plico quarantine list --json > said.quarantine
plico answers show A001 --json > said.answers
plico units reissue A002 --note again > said.reissue
mkdir looked
cp -r ws/plico.db* ws/plico.conf ws/forms ws/mailtemplates said.* looked
check_same "the log of the database is among what is searched" true "$([ -s looked/plico.db-wal ] && echo true)"
check_same "what is searched holds what it should" 1 "$(grep -lc 'lettera smarrita' looked/plico.db-wal | wc -l)"
check_same "no code in database, its log, texts or outputs" "" "$(grep -raliF -f forms looked)"
find ws/archive -type f > kept
check_same "the archive holds what came" true "$([ -s kept ] && echo true)"
check_same "no code in the archive as such" "" "$(xargs grep -aliF -f forms < kept)"
check_same "the search finds what is there" second/mappa-2024_A001_lettera.txt \
	"$(pdftotext second/mappa-2024_A001_lettera.pdf && grep -liF -f forms second/*.txt)"
