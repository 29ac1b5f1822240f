#!/bin/sh
# What a municipality gets for a sheet that came back: a receipt, or a sheet of the questions to correct, which merges; once, at a
# registered address.
. "$SRCDIR/tests/lib.sh"
for program in pdftotext pdftk qpdf sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

export PLICO_WORKSPACE="$WORK/w"
export PLICO_CLOCK=2025-09-01T08:00:00Z
"$PLICO" init w > /dev/null
printf '[mail]\nchannel = dir\n' > w/plico.conf
"$PLICO" units import "$SRCDIR/samples/comuni.csv" > /dev/null
printf 'L219\nC860\nB160\nI442\n' > list.txt
"$PLICO" wave plan --list list.txt > /dev/null
"$PLICO" wave send > /dev/null
query() {
	sqlite3 -cmd ".timeout 5000" w/plico.db "$1"
}
# sheets TOWN: what it got, in shown/, and its access code in $code
sheets() {
	"$PLICO" wave preview 1 --unit "$1" --out shown --note prova > /dev/null
	code=$(pdftotext "shown/mappa-2024_$1_lettera.pdf" - | grep -Eo '\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]\b' | head -n 1)
}
# fill IN OUT FIELD=VALUE ...: as a PDF viewer does
fill() {
	from=$1 to=$2
	shift 2
	{
		printf '%%FDF-1.2\n1 0 obj << /FDF << /Fields ['
		for pair in "$@"; do
			printf '<< /T (%s) /V (%s) >>' "${pair%%=*}" "${pair#*=}"
		done
		printf '] >> >> endobj\ntrailer << /Root 1 0 R >>\n%%%%EOF\n'
	} > data.fdf
	pdftk "$from" fill_form data.fdf output "$to"
}
# mail FROM HEADERS FILE ...: a message with the files, in the mailbox; its Message-ID is NUMBER@town.example
number=0
mail() {
	number=$((number + 1))
	{
		printf 'From: Ufficio <%s>\r\nTo: mappa@mappa.example\r\nSubject: R: Mappa\r\nMessage-ID: <%s@town.example>\r\n' "$1" "$number"
		[ -z "$2" ] || printf '%s\r\n' "$2"
		printf 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
		shift 2
		for file in "$@"; do
			printf -- '--b\r\nContent-Type: application/pdf; name=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n' "$(basename "$file")"
			base64 "$file"
			printf '\r\n'
		done
		printf -- '--b--\r\n'
	} > "w/Maildir/new/17567136$number.M1.host"
}
collect() {
	"$PLICO" collect --once --json | jq -r '"\(.returns) \(.applied)"'
}
# unpack KIND TOWN SERIAL: the message that left, its text in text and its PDFs beside it
unpack() {
	rm -rf unpacked
	eml=$(ls w/outbox/mappa-2024."$2"."$1"."$3".*.eml)
	/usr/bin/python3 - "$eml" << 'END'
import email, email.policy, pathlib, sys
message = email.message_from_bytes(pathlib.Path(sys.argv[1]).read_bytes(), policy=email.policy.default)
folder = pathlib.Path('unpacked')
folder.mkdir()
for name in 'To', 'Subject', 'Auto-Submitted', 'In-Reply-To', 'References', 'Date':
	(folder / name).write_text(message[name] or '')
(folder / 'text').write_text(message.get_body(('plain',)).get_content().replace('\r\n', '\n'))
for part in message.iter_attachments():
	(folder / part.get_filename()).write_bytes(part.get_content())
END
}
answers() { # all that was planned, oldest first
	query "SELECT group_concat(kind || ':' || sections || ':' || state, ' ') FROM (SELECT * FROM dispatch WHERE answers IS NOT NULL ORDER BY id)"
}
rows="q4_4_ransomware=n0 q4_4_phishing=n1 q4_4_malware=n0 q4_4_ddos=n0 q4_4_defacement=n0 q4_4_intrusione=n0 q4_4_frode=n0 q4_4_altri=nd"
four="q4_1__cloud=si q4_2=interno q4_3__antivirus=si q4_3__firewall=si $rows q4_5__csirt=si"
town=$(query "SELECT address FROM contact AS c JOIN unit AS u ON u.id = c.unit_id WHERE u.code = 'L219'")

# --- a receipt ------------------------------------------------------------------------------------------------------------
sheets L219
# shellcheck disable=SC2086
fill shown/mappa-2024_L219_sezione_4.pdf four.pdf "plico_code=$code" $four
PLICO_CLOCK=2025-09-02T09:30:00Z
mail "$town" "" four.pdf
check_same "a sheet comes" "1 1" "$(collect)"
check_same "its receipt is planned with it" "receipt:s4:queued" "$(answers)"
check_same "in a wave that needs no approval" "receipt planned" "$(query "SELECT kind || ' ' || state FROM wave WHERE id = 2")"
check_says "which the list of waves has" 'answer to a return' "$PLICO" wave list
PLICO_CLOCK=2025-09-02T09:31:00Z
check "it leaves as all mail does" "$PLICO" wave send --once
unpack receipt L219 1
check_says "to the address that the registry has" "<$town>" cat unpacked/To
check_same "as automatic mail that answers this one" "auto-replied <1@town.example> <1@town.example>" \
    "$(cat unpacked/Auto-Submitted) $(cat unpacked/In-Reply-To) $(cat unpacked/References)"
check_says "dated when it was planned" '02 Sep 2025 09:30' cat unpacked/Date
check_says "its subject fits" '^Mappa dei Comuni Digitali: moduli ricevuti, Torino$' cat unpacked/Subject
check_says "it says what was read" '^- Sezione 4: Sicurezza$' cat unpacked/text
check_says "what is complete" 'Sezione 4: .* – completa, arrivata il 2 settembre' sh -c 'tr "\n" " " < unpacked/text | tr -s " "'
check_says "what is awaited" 'Sezione 5: .* – non ancora arrivata' sh -c 'tr "\n" " " < unpacked/text | tr -s " "'
check_says "and how many" 'Mancano ancora le sezioni 1 .* e 7' sh -c 'tr "\n" " " < unpacked/text | tr -s " "'
check "with the answers so far, a sound PDF" qpdf --check unpacked/mappa-2024_L219_risposte.pdf
pdftotext -layout unpacked/mappa-2024_L219_risposte.pdf answers.txt
check_says "in words" 'Phishing.* Uno$' cat answers.txt
check_says "with the file that brought them" "$(sha256sum four.pdf | cut -c1-20)" cat answers.txt
check_says "and what has not come" 'Non ancora ricevuta' cat answers.txt
check_same "nothing to fill in" "" "$(pdftk unpacked/mappa-2024_L219_risposte.pdf dump_data_fields 2> /dev/null)"
check_says "the unit's history tells" 'message sent' "$PLICO" units show L219
check_same "the wave stands for those to come" sending "$(query "SELECT state FROM wave WHERE id = 2")"

# --- once -------------------------------------------------------------------------------------------------------------------
mail "$town" "" four.pdf
check_same "the same sheet again" "1 0" "$(collect)"
check_same "is not answered again" "receipt:s4:sent" "$(answers)"

# --- whom no machine may answer ---------------------------------------------------------------------------------------------
n=0
for header in 'Auto-Submitted: auto-generated' 'Precedence: bulk' 'List-Id: <comuni.list.example>' 'List-Post: <mailto:l@list.example>' \
    'Return-Path: <>' 'X-Auto-Response-Suppress: All' 'Precedence: list'; do
	n=$((n + 1))
	# shellcheck disable=SC2086
	fill shown/mappa-2024_L219_sezione_4.pdf silent.pdf "plico_code=$code" $four "q4_4_$(echo "$rows" | tr ' ' '\n' | sed -n "$n{s/q4_4_//;s/=.*//;p}")=n4_5"
	mail "$town" "$header" silent.pdf
	check_same "$header: the answers count" "1 1" "$(collect)"
done
mail "$town" 'Auto-Submitted: auto-replied' shown/mappa-2024_L219_sezione_5.pdf shown/mappa-2024_L219_sezione_6.pdf
check_same "an automatic reply that quotes our blank sheets brings nothing" "0 0 1" \
    "$("$PLICO" collect --once --json | jq -r '"\(.returns) \(.quarantined) \(.auto_replies)"')"
fill shown/mappa-2024_L219_sezione_4.pdf ours.pdf "plico_code=$code" $four q4_2=no
mail mappa@mappa.example "" ours.pdf
check_same "what says to come from our own mailbox" "1 1" "$(collect)"
printf 'From: MAILER-DAEMON@town.example\r\nSubject: Undelivered\r\nContent-Type: text/plain\r\n\r\n<a@b.example>: no such user\r\n' > w/Maildir/new/1.bounce.host
collect > /dev/null
fill shown/mappa-2024_L219_sezione_2.pdf held.pdf q2_2=3
mail "$town" "" held.pdf
check_same "a sheet without code, which waits" "1 0" "$(collect)"
check_same "none of them is answered" "receipt:s4:sent" "$(answers)"

# --- whom it goes to ---------------------------------------------------------------------------------------------------------
fill shown/mappa-2024_L219_sezione_4.pdf other.pdf "plico_code=$code" $four q4_2=nd
mail chiunque@altrove.example "" other.pdf
check_same "whoever writes with the code" "1 1" "$(collect)"
check_same "the town is told, and not the sender" "$town" "$(query "SELECT address FROM dispatch WHERE answers IS NOT NULL AND state = 'queued'")"
"$PLICO" delegate set L219 --section s4 --email ced@torino.example --name "Ada Bianchi" > /dev/null
PLICO_CLOCK=2025-09-02T10:00:00Z
fill shown/mappa-2024_L219_sezione_4.pdf delegate.pdf "plico_code=$code" $four q4_2=in_corso
mail CED@torino.example "" delegate.pdf
check_same "a delegate's sheet" "1 1" "$(collect)"
check "is answered" "$PLICO" wave send --once
unpack receipt L219 3
check_says "to the delegate" '<ced@torino.example>' cat unpacked/To
check_says "by name" 'Gentile Ada Bianchi' cat unpacked/text
check_same "who reads of this section alone" 1 "$(grep -c 'Sezione [0-9]:.* –' unpacked/text)"
pdftotext -layout unpacked/mappa-2024_L219_risposte.pdf answers.txt
check_same "in the PDF too" "Sezione 4" "$(grep -o 'Sezione [0-9]' answers.txt | sort -u)"
check_same "no address of a person stands in the log" 0 "$(query "SELECT count(*) FROM event WHERE note LIKE '%ced@torino%'")"

# --- a person's word ----------------------------------------------------------------------------------------------------------
waiting=$(query "SELECT min(id) FROM \"return\" WHERE state = 'held'")
check "a held sheet is accepted" "$PLICO" quarantine accept "$waiting" --note "sentito per telefono"
check_same "and answered" "$waiting" "$(query "SELECT answers FROM dispatch ORDER BY id DESC LIMIT 1")"

# --- several at once, and too many -------------------------------------------------------------------------------------------
sheets C860
collegno=$(query "SELECT address FROM contact AS c JOIN unit AS u ON u.id = c.unit_id WHERE u.code = 'C860'")
PLICO_CLOCK=2025-09-03T09:00:00Z
for value in interno fornitore no nd; do
	fill shown/mappa-2024_C860_sezione_4.pdf one.pdf "plico_code=$code" $four "q4_2=$value"
	mail "$collegno" "" one.pdf
done
check_same "four mails before the post goes" "4 4" "$(collect)"
check_same "one answer to all of them" "cancelled 3,queued 1" "$(query "SELECT group_concat(state || ' ' || n, ',') FROM (SELECT state, count(*) AS n
	FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE u.code = 'C860' AND answers IS NOT NULL GROUP BY state)")"
printf '[mail]\nchannel = dir\n[replies]\nper_day = 1\n' > w/plico.conf
"$PLICO" wave send --once > /dev/null
fill shown/mappa-2024_C860_sezione_4.pdf one.pdf "plico_code=$code" $four q4_2=associato
mail "$collegno" "" one.pdf
collect > /dev/null
"$PLICO" wave send --once > /dev/null 2>&1
last="SELECT state FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE u.code = 'C860' AND answers IS NOT NULL ORDER BY d.id DESC LIMIT 1"
check_same "more than a day allows waits" queued "$(query "$last")"
PLICO_CLOCK=2025-09-04T05:00:00Z
"$PLICO" wave send --once > /dev/null
check_same "until the next" sent "$(query "$last")"
printf '[mail]\nchannel = dir\n[replies]\nreceipts = no\n' > w/plico.conf
fill shown/mappa-2024_C860_sezione_4.pdf one.pdf "plico_code=$code" $four q4_2=in_corso
mail "$collegno" "" one.pdf
before=$(answers)
collect > /dev/null
check_same "or not at all" "$before" "$(answers)"

# --- what is to be corrected ---------------------------------------------------------------------------------------------------
printf '[mail]\nchannel = dir\n' > w/plico.conf
sheets B160
brixen=$(query "SELECT address FROM contact AS c JOIN unit AS u ON u.id = c.unit_id WHERE u.code = 'B160'")
values() { # FILE: its fields but the hidden ones, each with what stands in it
	pdftk "$1" dump_data_fields_utf8 | awk '/^FieldName: /{n = $2} /^FieldValue: /{v = substr($0, 13)}
		/^---/{if (n != "") print n "=" v; n = v = ""} END {print n "=" v}' | sed 's/=Off$/=/' | grep -v '^plico_' | sort
}
said() { # QUESTION: of B160, as it counts
	query "SELECT a.value FROM answer AS a JOIN \"return\" AS r ON r.id = a.return_id JOIN unit AS u ON u.id = r.unit_id
		WHERE u.code = 'B160' AND r.state = 'applied' AND a.question = '$1'"
}
needs=
for row in base sicurezza cloud documentale piattaforme pdnd dati procurement progettazione privacy; do
	needs="$needs q2_8_$row=medio"
done
# shellcheck disable=SC2086
fill shown/mappa-2024_B160_sezione_2.pdf two.pdf "plico_code=$code" q2_1=interna "q2_2=circa dodici" q2_3=4,5 q2_4__assente=si \
    q2_4__dirigente=si q2_5=si q2_6=altro q2_7=dirigente $needs
mail "$brixen" "" two.pdf
check_same "a sheet with errors counts as far as it goes" "1 1" "$(collect)"
wrong="q2_2 q2_2_nd q2_4 q2_5 q2_6 q2_6_altro q2_8_ia"
check_same "a correction asks what is wrong, and what hangs together with it" "correction s2 $wrong" \
    "$(query "SELECT kind || ' ' || sections || ' ' || questions FROM dispatch AS d JOIN correction_sheet AS c ON c.dispatch_id = d.id
	JOIN unit AS u ON u.id = d.unit_id WHERE u.code = 'B160'")"
"$PLICO" wave send --once > /dev/null
unpack correction B160 1
check_says "it says what is wrong, in the town's language" 'Frage 2\.2: Bitte eine Zahl in Ziffern' cat unpacked/text
check_says "and how the sections stand" 'Abschnitt 2: .* – eingegangen am 4' sh -c 'tr "\n" " " < unpacked/text | tr -s " "'
correction=unpacked/mappa-2024_B160_correzioni_2.pdf
check "its sheet is a sound PDF" qpdf --check "$correction"
pdftotext -layout "$correction" asked.txt
check_says "with what is wrong beside the question" 'Zu berichtigen: Bitte eine Zahl in Ziffern' cat asked.txt
check_says "in both languages" 'Da correggere: Scrivere un numero in cifre' cat asked.txt
check_says "and at the row of a table" 'Zu berichtigen: „Künstliche Intelligenz“: Bitte für diese Zeile' cat asked.txt
check_same "no other question stands on it" "$(echo "$wrong" | tr ' ' '\n' | sort)" "$(values "$correction" | sed 's/=.*//;s/__.*//' | sort -u)"
check_same "what came stands in its fields, unreadable or not" "$(values two.pdf | grep -E "^($(echo "$wrong" | tr ' ' '|'))(__[a-z_]*)?=")" \
    "$(values "$correction")"
if /usr/bin/python3 -c 'import pikepdf, fontTools' 2> /dev/null; then
	check "accessible" "$SRCDIR/tests/tool/pdf_ua.py" "$correction"
fi
mail chiunque@altrove.example "" "$correction"
check_same "sent back as it went out it says nothing" "1 0 blank" "$(collect) $(query "SELECT reason FROM \"return\" ORDER BY id DESC LIMIT 1")"
fill "$correction" nocode.pdf q2_2=11 q2_4__assente=Off q2_8_ia=alto
mail "$brixen" "" nocode.pdf
check_same "without code it waits" "1 0 no_code" "$(collect) $(query "SELECT reason FROM \"return\" ORDER BY id DESC LIMIT 1")"
waiting=$(query "SELECT max(id) FROM \"return\"")
fill "$correction" right.pdf "plico_code=$code" q2_2=12 q2_4__assente=Off q2_4__dirigente=si "q2_6_altro=Geografo" q2_8_ia=alto
PLICO_CLOCK=2025-09-05T09:00:00Z
mail "$brixen" "" right.pdf
check_same "with it, it counts" "1 1" "$(collect)"
check_same "its answers take the place of the former" "12|dirigente|alto|Geografo" \
    "$(said q2_2)|$(said q2_4)|$(said q2_8_ia)|$(said q2_6_altro)"
check_same "the others stay" "interna|4.5|dirigente|medio" "$(said q2_1)|$(said q2_3)|$(said q2_7)|$(said q2_8_base)"
check_same "nothing is wrong any more" 0 "$(query "SELECT count(*) FROM finding AS f JOIN \"return\" AS r ON r.id = f.return_id
	WHERE r.state = 'applied' AND r.correction > 0")"
check_same "the former sheet is kept, and what it said" "superseded circa dodici" "$(query "SELECT r.state || ' ' || f.said FROM finding AS f
	JOIN \"return\" AS r ON r.id = f.return_id WHERE f.question = 'q2_2'")"
check_same "where the rest is from is known" 1 "$(query "SELECT count(*) FROM \"return\" AS r JOIN \"return\" AS b ON b.id = r.base
	WHERE r.state = 'applied' AND b.state = 'superseded'")"
check_same "the history tells which answer is of which sheet" "0 false" "$("$PLICO" answers history B160 --question q2_2 --json |
	jq -r '.answers[-1].taken_from') $("$PLICO" answers history B160 --question q2_7 --json | jq '.answers[-1].taken_from == 0')"
check_same "a receipt follows" "receipt:s2:queued" "$(answers | sed 's/.* //')"
check_same "who had waited is overtaken" superseded "$(query "SELECT state FROM \"return\" WHERE id = $waiting")"
before=$(answers)
mail "$brixen" "" right.pdf
check_same "the same once more" "1 0 duplicate" "$(collect) $(query "SELECT state FROM \"return\" ORDER BY id DESC LIMIT 1")"
check_same "is not answered" "$before" "$(answers)"
fill "$correction" later.pdf q2_2=13
mail "$brixen" "" later.pdf
collect > /dev/null
waiting=$(query "SELECT max(id) FROM \"return\"")
# shellcheck disable=SC2086
fill shown/mappa-2024_B160_sezione_2.pdf anew.pdf "plico_code=$code" q2_1=esterna q2_2=1 q2_3=2 q2_4__dirigente=si q2_5=si q2_6=tecnico \
    q2_7=segretario $needs q2_8_ia=basso
mail "$brixen" "" anew.pdf
check_same "a whole sheet after it" "1 1" "$(collect)"
check_same "is not mixed with what waited" "superseded" "$(query "SELECT state FROM \"return\" WHERE id = $waiting")"
fill "$correction" again.pdf "plico_code=$code" q2_2=14 q2_4__assente=Off q2_8_ia=nullo
mail "$brixen" "" again.pdf
check_same "a correction that comes late changes its questions alone" "1 1 14|nullo|esterna|segretario" \
    "$(collect) $(said q2_2)|$(said q2_8_ia)|$(said q2_1)|$(said q2_7)"

# --- by itself ------------------------------------------------------------------------------------------------------------------
sheets I442
sarre=$(query "SELECT address FROM contact AS c JOIN unit AS u ON u.id = c.unit_id WHERE u.code = 'I442'")
printf '[mail]\nchannel = dir\n[inbox]\npoll = 1\n' > w/plico.conf
"$PLICO" run > run.log 2>&1 &
service=$!
at_exit "kill $service 2> /dev/null"
# shellcheck disable=SC2086
fill shown/mappa-2024_I442_sezione_4.pdf sarre.pdf "plico_code=$code" $four
mail "$sarre" "" sarre.pdf
for i in $(seq 300); do
	[ -z "$(query "SELECT 1 FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE u.code = 'I442' AND answers IS NOT NULL AND state = 'sent'")" ] || break
	sleep 0.1
done
kill "$service"
wait "$service" 2> /dev/null
unpack receipt I442 1
check_says "the service answers without a person" 'Section 4 : .* – complète' sh -c 'tr "\n\302\240" "   " < unpacked/text | tr -s " "'

# --- made anew -----------------------------------------------------------------------------------------------------------------
before=$(query "SELECT group_concat(id || state || coalesce(answers, 0) || in_reply_to) FROM dispatch")
counted=$(query "SELECT group_concat(id || state || correction || base || answers_sha256) FROM (SELECT * FROM \"return\" ORDER BY id)")
check "a rebuild would change nothing" "$PLICO" rebuild --check
check "it is made anew" "$PLICO" rebuild
check_same "and plans nothing" "$before" "$(query "SELECT group_concat(id || state || coalesce(answers, 0) || in_reply_to) FROM dispatch")"
check_same "corrections are merged as they were" "$counted" \
    "$(query "SELECT group_concat(id || state || correction || base || answers_sha256) FROM (SELECT * FROM \"return\" ORDER BY id)")"
