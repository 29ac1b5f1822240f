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
check "somebody reads the database all the while" eventually [ -e holding ]

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
check_says "and answered" '^sent +1$' plico wave send

# --- a run that was killed, one that was refused, one that was watched -----------------------------------------------------
mkdir mx tmp
export TMPDIR=$WORK/tmp
python3 "$SRCDIR/tests/tool/smtpd_fault.py" mx --slow 0.3 2> mx.log &
at_exit "kill $! 2> /dev/null"
eventually [ -s mx/port ]
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example three@towns.example rcpt550@towns.example dropend@towns.example \
	five@towns.example six@towns.example seven@towns.example eight@towns.example > more.csv
plico units import more.csv > /dev/null
plico wave plan > said.plan 2>&1
wave=$(db "SELECT max(id) FROM wave WHERE kind = 'invitation'")
plico wave preview "$wave" --unit A006 --out fourth > said.preview 2>&1
printf '[mail]\nchannel = smtp\n[smtp]\nport = %s\ntls = none\ntimeout = 30\n' "$(cat mx/port)" > ws/plico.conf
"$PLICO" -w ws wave send > said.killed 2>&1 &
run=$!
while [ ! -s mx/taken ]; do sleep 0.02; done
kill -9 $run
wait $run 2> /dev/null
find ws -name '*.tmp' -exec cp {} tmp/ \; # should there be any
for i in 1 2 3; do
	script -qec "$PLICO -w ws wave send" said.watched > /dev/null < /dev/null
done
printf '[mail]\nchannel = smtp\n[smtp]\nport = 9\ntls = none\ntimeout = 30\n' > ws/plico.conf
plico wave settle "$wave" --all --not-sent --early --count "$(db "SELECT count(*) FROM dispatch WHERE state = 'unknown'")" --note x > said.settled 2>&1
plico wave send > said.refused 2>&1
check_says "a run that cannot send says so" 'plico: ' cat said.refused
check_says "a watched one shows how far it is" 'sent' cat said.watched
sqlite3 ws/plico.db ".backup '$WORK/backup.db'"
plico verify > said.verify 2>&1

# --- no code lies about ------------------------------------------------------------------------------------------------
for pdf in first/*_lettera.pdf second/*_lettera.pdf third/*_lettera.pdf fourth/*_lettera.pdf; do
	code_in "$pdf"
done | sort -u > codes
check_same "each letter has its code" 5 "$(grep -c . codes)"
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
cp -r ws/plico.db* ws/plico.conf ws/forms ws/mailtemplates ws/send.lock backup.db tmp mx.log said.* looked
check_same "the log of the database is among what is searched" true "$([ -s looked/plico.db-wal ] && echo true)"
check_same "what is searched holds what it should" 1 "$(grep -lc 'lettera smarrita' looked/plico.db-wal | wc -l)"
check_same "no code in database, its log, a copy, texts, outputs, what a crash left, the temporary folder" "" "$(grep -raliF -f forms looked)"
find ws/archive -type f > kept
check_same "the archive holds what came" true "$([ -s kept ] && echo true)"
check_same "no code in the archive as such" "" "$(xargs grep -aliF -f forms < kept)"
# PDFs, mail and what is deflated would hide it: so the packed parts are looked through too
cat > search.py <<'END2'
import base64, pathlib, re, sys, zlib
forms = [line.encode() for line in open("forms").read().split()]
forms += [form.decode().encode(code) for form in forms for code in ("utf-16-be", "utf-16-le")]
forms += [form.hex().encode() for form in forms] + [form.hex().upper().encode() for form in forms]
finds = re.compile(b"|".join(map(re.escape, forms)))

def layers(data):
    yield data
    for block in re.findall(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/=]*", data):
        try:
            yield from layers(base64.b64decode(block))
        except ValueError:
            pass
    for at in [m.end() for m in re.finditer(rb"stream\r?\n", data)] + [0]:
        for bits in (15, -15):
            try:
                yield zlib.decompressobj(bits).decompress(data[at:], 4 << 20)
            except zlib.error:
                pass

for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file() and any(finds.search(layer) for layer in layers(path.read_bytes())):
            print(path)
END2
mkdir archived
find ws/archive -name '*.sent' -exec cp {} archived/ \;
find ws/archive -path ws/archive/forms -prune -o -type f ! -name '*.sent' -exec grep -l '^%PDF' {} + | xargs -r cp -t archived
check_same "there are sealed messages, and templates" "true true" \
	"$(find archived -name '*.sent' | grep -q . && echo true) $(grep -lr '^%PDF' archived | grep -q . && echo true)"
check_same "no code in what is kept of sent messages, unpacked or not" "" "$(python3 search.py archived)"
check_same "nor drawn on a template" "" "$(grep -lr '^%PDF' archived | while read -r pdf; do pdftotext "$pdf" - 2> /dev/null; done | grep -iF -f forms)"
check_same "nor in anything else, packed in any way" "" "$(python3 search.py looked)"
check_same "the previews went where they were asked for" 0 "$(find ws -path '*preview*' -type f | wc -l)"
check_same "no core was dumped" "" "$(find . -name 'core*' -type f)"
check_same "the search finds what is there" second/mappa-2024_A001_lettera.txt \
	"$(pdftotext second/mappa-2024_A001_lettera.pdf && grep -liF -f forms second/*.txt)"
# a search that finds nothing where something is would prove nothing
tr -d - < codes | head -n 1 | tr -d '\n' > seen.txt
mkdir shown && cp seen.txt shown/ && printf '%%PDF-1.4\nstream\n' > shown/packed.pdf &&
	python3 -c 'import zlib; open("shown/packed.pdf", "ab").write(zlib.compress(b"(" + open("seen.txt", "rb").read() + b") Tj"))'
check_same "the other search finds it packed" "shown/packed.pdf shown/seen.txt" "$(python3 search.py shown | paste -sd' ' -)"
