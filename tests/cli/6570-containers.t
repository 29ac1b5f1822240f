#!/bin/sh
# However a sheet is packed it is the same sheet: each container is made by a real program, and must end in the right answers of
# the right town, or be shown to a person.
. "$SRCDIR/tests/lib.sh"
tools=$(dirname "$PLICO")/t/tool
for program in openssl zip qpdf pdftk sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
python=/usr/bin/python3

"$PLICO" init ws > init.out || exit 99
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
export PLICO_WORKSPACE=$WORK/ws
sql() { sqlite3 -separator ' ' ws/plico.db "$1"; }
"$PLICO" units import "$SRCDIR/samples/comuni.csv" > import.out && "$PLICO" wave plan > plan.out && "$PLICO" wave send > send.out || exit 99
mkdir desk
"$tools/sheets" ws L219 "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = 'L219'")" \
	ws/outbox/*.eml)" desk > sheets.out || exit 99
for s in s2 s3 s5; do
	"$python" "$SRCDIR/tests/tool/clients/fdf.py" fdf desk/$s.json data.fdf && pdftk desk/$s.pdf fill_form data.fdf output $s.pdf 2> /dev/null || exit 99
done
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Ada Bianchi' -keyout ada.key -out ada.pem 2> /dev/null

arrive() { # FILE.eml: what became of the files in it, and of the message
	cp "$1" ws/Maildir/new/one
	before=$(sql 'SELECT coalesce(max(id), 0) FROM "return"')
	"$PLICO" collect --once --json > collected.json
	sql "SELECT group_concat(s, ' ') FROM (SELECT state || CASE WHEN reason <> '' THEN ':' || reason ELSE '' END AS s FROM \"return\" WHERE id > $before ORDER BY part)
		UNION ALL SELECT state || CASE WHEN reason <> '' THEN ':' || reason ELSE '' END FROM message WHERE id = (SELECT max(id) FROM message)" |
		paste -sd' ' | sed 's/^ *//'
}
# mail HOW FILE...: by such a mail
mail() {
	how=$1
	shift
	"$python" "$SRCDIR/tests/tool/container.py" "$how" mail.eml "$@" && arrive mail.eml
}
p7m() { openssl cms -sign -nodetach -binary -signer ada.pem -inkey ada.key "$@"; }

# --- in the mail itself: the first is applied, the same answers again are a copy of it --------------------------------------
check_same "attached" "applied parsed" "$(mail attached s2.pdf)"
check_same "the answers are what was meant" "$(grep '^q2' desk/meant.tsv)" \
	"$(sqlite3 ws/plico.db "SELECT question || char(9) || replace(value, char(10), '\n') FROM answer WHERE return_id = 1 ORDER BY question")"
same='duplicate parsed'
for how in inline nameless octet-stream x-download word text renamed forwarded twice eml postacert; do
	check_same "$how" "$same" "$(mail $how s2.pdf)"
done
check_same "several in one mail" "duplicate applied applied parsed" "$(mail attached s2.pdf s3.pdf s5.pdf)"

# --- zip ------------------------------------------------------------------------------------------------------------------------
zip -q one.zip s2.pdf && zip -q two.zip one.zip && zip -q three.zip two.zip && zip -q four.zip three.zip && zip -q five.zip four.zip
check_same "a zip" "$same" "$(mail attached one.zip)"
check_same "called as where it lay" 'one.zip/s2.pdf' "$(sql 'SELECT file_name FROM "return" ORDER BY id DESC LIMIT 1')"
check_same "a zip in a zip" "$same" "$(mail attached two.zip)"
check_same "four of them" "$same" "$(mail attached four.zip)"
check_same "five are shown to a person" "quarantined:attachment" "$(mail attached five.zip)"
echo ciao > leggimi.txt && zip -q text.zip leggimi.txt s2.pdf
check_same "with a text beside it" "$same" "$(mail attached text.zip)"
zip -q only.zip leggimi.txt
check_same "with no sheet" "quarantined:attachment" "$(mail attached only.zip)"
zip -q -P segreta locked.zip s2.pdf
check_same "locked" "quarantined:attachment" "$(mail attached locked.zip)"
head -c 1000 one.zip > cut.zip
check_same "cut off" "quarantined:attachment" "$(mail attached cut.zip)"
{ cat s2.pdf; head -c 30000000 /dev/zero; } > bomb.pdf && zip -q bomb.zip bomb.pdf
check_same "a bomb" "quarantined:attachment" "$(mail attached bomb.zip)"
mkdir many && for i in $(seq 60); do echo "$i" > "many/$i"; done
zip -qr many.zip many
check_same "too many files" "quarantined:attachment" "$(mail attached many.zip)"
check_same "beside a sheet the sheet counts, and the rest is shown" "duplicate quarantined:attachment" "$(mail attached s2.pdf locked.zip)"

# --- winmail.dat ----------------------------------------------------------------------------------------------------------------
"$python" "$SRCDIR/tests/tool/tnef.py" winmail.dat s2.pdf
check_same "winmail.dat" "$same" "$(mail attached winmail.dat)"
"$python" "$SRCDIR/tests/tool/tnef.py" winmail.dat leggimi.txt one.zip
check_same "with a zip in it" "$same" "$(mail octet-stream winmail.dat)"
head -c 2000 winmail.dat > cut.dat
check_same "cut off" "quarantined:attachment" "$(mail attached cut.dat)"

# --- signed files ---------------------------------------------------------------------------------------------------------------
p7m -in s2.pdf -outform DER -out der.pdf.p7m
p7m -in s2.pdf -outform DER -stream -out ber.pdf.p7m
p7m -in s2.pdf -outform PEM -out pem.pdf.p7m
openssl base64 -in der.pdf.p7m -out base64.pdf.p7m
p7m -in der.pdf.p7m -outform DER -out twice.pdf.p7m.p7m
p7m -in one.zip -outform DER -out zip.zip.p7m
zip -q p7m.zip der.pdf.p7m
for file in der.pdf.p7m ber.pdf.p7m pem.pdf.p7m base64.pdf.p7m twice.pdf.p7m.p7m zip.zip.p7m p7m.zip; do
	check_same "$file" "$same" "$(mail attached $file)"
done
check_says "who signed is told" 'in a file signed by Ada Bianchi' sql 'SELECT detail FROM "return" ORDER BY id DESC LIMIT 1'
check_same "without a name" "$same" "$(mail nameless der.pdf.p7m)"
openssl cms -sign -binary -signer ada.pem -inkey ada.key -in s2.pdf -outform DER -out beside.p7s
check_same "a signature beside its file is shown with it" "duplicate quarantined:attachment" "$(cp beside.p7s s2.pdf.p7m; mail attached s2.pdf s2.pdf.p7m)"
"$python" - <<'END'
data = open('der.pdf.p7m', 'rb').read()
open('altered.pdf.p7m', 'wb').write(data[:-1] + bytes([data[-1] ^ 1]))  # the end of the signature
END
check_same "a signature of something else" "quarantined:signature parsed" "$(mail attached altered.pdf.p7m)"
"$python" "$SRCDIR/tests/tool/container.py" entity entity.eml s2.pdf
p7m -in entity.eml -outform DER -out smime.p7m
check_same "a mail that is signed as a whole" "$same" "$(mail smime smime.p7m)"

# --- inside the PDF ---------------------------------------------------------------------------------------------------------------
qpdf --encrypt "" owner 256 -- s2.pdf aes.pdf
check_same "encrypted with an empty password" "$same" "$(mail attached aes.pdf)"
qpdf --encrypt user owner 256 -- s2.pdf user.pdf
check_same "with a real one" "quarantined:encrypted parsed" "$(mail attached user.pdf)"
if command -v certutil > /dev/null && command -v pdfsig > /dev/null; then
	mkdir nss && certutil -N -d sql:nss --empty-password &&
		openssl pkcs12 -export -in ada.pem -inkey ada.key -name ada -out ada.p12 -passout pass: 2> /dev/null &&
		pk12util -i ada.p12 -d sql:nss -W '' > /dev/null
	pdfsig -nssdir sql:nss -add-signature -nick ada s2.pdf pades.pdf > pdfsig.out 2>&1
	check_says "a sheet signed inside (PAdES)" 'Signature is Valid' pdfsig -nssdir sql:nss pades.pdf
	check_same "is the same sheet" "$same" "$(mail attached pades.pdf)"
fi

# --- several sheets in one PDF ----------------------------------------------------------------------------------------------------
pdftk s2.pdf s3.pdf cat output pdftk.pdf 2> /dev/null
check_same "merged by pdftk" "duplicate duplicate parsed" "$(mail attached pdftk.pdf)"
qpdf --empty --pages s2.pdf s3.pdf s5.pdf -- qpdf.pdf
check_same "merged by qpdf" "duplicate duplicate duplicate parsed" "$(mail attached qpdf.pdf)"
pdftk s2.pdf s2.pdf cat output same.pdf 2> /dev/null
check_same "the same sheet twice" "duplicate duplicate parsed" "$(mail attached same.pdf)"
"$tools/sheets" ws C860 "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = 'C860'")" \
	ws/outbox/*.eml)" desk > sheets.out
"$python" "$SRCDIR/tests/tool/clients/fdf.py" fdf desk/s3.json data.fdf && pdftk desk/s3.pdf fill_form data.fdf output other.pdf 2> /dev/null
pdftk s2.pdf other.pdf cat output towns.pdf 2> /dev/null
check_same "sheets of two towns" "duplicate applied parsed" "$(mail attached towns.pdf)"
check_same "each goes to its own" "C860 s3" "$(sql "SELECT code, section FROM \"return\" JOIN unit ON unit.id = unit_id ORDER BY \"return\".id DESC LIMIT 1")"
mutool merge -o flat.pdf s2.pdf s3.pdf 2> /dev/null && check_same "a merger that drops the fields" "quarantined:flattened quarantined:flattened parsed" "$(mail attached flat.pdf)"
