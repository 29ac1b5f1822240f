#!/bin/sh
# Certified mail is believed by its provider's signature alone: every kind of receipt and both envelopes, good, expired, foreign,
# forged and altered; and a sheet that comes from a town's own certified mailbox counts at once.
. "$SRCDIR/tests/lib.sh"
tools=$(dirname "$PLICO")/t/tool
for program in openssl pdftk sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
pec() { /usr/bin/python3 "$SRCDIR/tests/tool/pec.py" "$WORK/ca" "$@"; }
pec ca || exit 99

# said KIND [key=value ...]: what is made of such a message, in a few words
said() {
	made=$1
	shift
	pec make "$made" "$WORK/one.eml" "$@" &&
		"$tools/collect_show" --certificates "${LIST:-$WORK/ca/list.pem}" "$WORK/one.eml" | sed -n 's/ provider=[^ ]*//; s/^pec //p' | head -1
}

# --- kinds -------------------------------------------------------------------------------------------------------
while read -r kind name rest; do
	check_same "$kind" "$name verified $rest" "$(said "$kind" detail='5.1.1 - non valido')"
done <<'END'
posta-certificata transport sender=protocollo@pec.comune.example reference=0@mappa.example recipient= ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
errore anomaly sender= reference= recipient= ordinary=0 error= "" at=0
accettazione acceptance sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
non-accettazione non_acceptance sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
presa-in-carico taken_on sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
avvenuta-consegna delivery sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
errore-consegna non_delivery sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
preavviso-errore-consegna warning sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
rilevazione-virus virus sender= reference=0@mappa.example recipient=protocollo@pec.comune.example ordinary=0 error=nessuno "5.1.1 - non valido" at=1795252504
END
for kind in posta-certificata errore accettazione avvenuta-consegna errore-consegna; do
	name=$(said "$kind" | cut -d' ' -f1)
	check_same "$kind: expired" "$name expired" "$(said "$kind" signer=expired)"
	check_same "$kind: of a provider that nobody knows" "$name unknown_provider" "$(said "$kind" signer=foreign)"
	check_same "$kind: of another provider" "$name other_signer" "$(said "$kind" signer=other)"
	check_same "$kind: altered" "$name altered" "$(said "$kind" sign=tampered)"
	check_same "$kind: unsigned" "$name unsigned" "$(said "$kind" sign=no)"
done
check_same "lines that a mailbox has ended by LF" "delivery verified" "$(said avvenuta-consegna lines=lf | cut -d' ' -f1,2)"
check_same "a provider of whom the list has the certificate itself" "delivery verified" "$(said avvenuta-consegna signer=pinned | cut -d' ' -f1,2)"
check_same "the list as a folder" "delivery verified" "$(LIST=$WORK/ca/list said avvenuta-consegna | cut -d' ' -f1,2)"
check_same "no list" "delivery unconfigured" "$(LIST='' "$tools/collect_show" one.eml | sed -n 's/ provider=.*//; s/^pec //p')"
check_same "an address that is no PEC is told by the acceptance" "ordinary=1" "$(said accettazione ordinary=1 | grep -o 'ordinary=.')"
check_same "among several addressees" "recipient=" "$(said accettazione to=a@pec.example,b@pec.example | grep -o 'recipient=[^ ]*')"

# --- forged ---------------------------------------------------------------------------------------------------------
for how in junk empty attached wrapped; do
	check_same "a signature that is none: $how" "delivery unsigned" "$(said avvenuta-consegna sign=$how)"
done
printf 'Content-Type: text/plain\r\n\r\nextra\r\n' > extra
check_same "something between what is signed and its signature" "transport unsigned" "$(said posta-certificata sign=extra extra="$WORK/extra")"
check_same "somebody whom the same authority certifies" "delivery other_signer" \
	"$(said avvenuta-consegna signer=person provider=sindaco@gestore.example)"
check_same "a certificate that is for something else" "delivery unknown_provider" "$(said avvenuta-consegna signer=server | cut -d' ' -f1,2)"
check_same "two who sign" "delivery unsigned" "$(said avvenuta-consegna sign=twice | cut -d' ' -f1,2)"
check_same "no daticert.xml" "delivery contradictory" "$(said avvenuta-consegna daticert=0)"
check_same "two of them" "delivery contradictory" "$(said avvenuta-consegna daticert=2)"
check_same "one in an anomaly" "anomaly contradictory" "$(said errore daticert=1)"
check_same "one that says something else than the header" "delivery contradictory" "$(said avvenuta-consegna kind2=accettazione)"
check_same "a receipt for somebody else's message" "delivery not_ours" "$(said avvenuta-consegna from=altri@pec.example)"
check_same "an envelope that went to somebody else" "transport not_ours" "$(said posta-certificata to=altri@pec.example)"
check_same "two marks" "none contradictory" "$(pec make accettazione two.eml && sed -i '1s/^/X-Trasporto: errore\r\n/' two.eml &&
	"$tools/collect_show" --certificates ca/list.pem two.eml | sed -n 's/ provider=.*//; s/^pec //p')"
{
	printf '<?xml version="1.0"?><!DOCTYPE postacert [<!ENTITY a "aaaaaaaaaa">'
	for i in 1 2 3 4 5 6 7 8 9; do printf '<!ENTITY a%d "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' $i; done
	printf ']><postacert tipo="avvenuta-consegna"><intestazione><mittente>&a9;</mittente></intestazione></postacert>'
} > bomb.xml
check_same "a DTD" "delivery contradictory" "$(said avvenuta-consegna daticert="$WORK/bomb.xml")"
iconv -f ASCII -t UTF-16 bomb.xml > bomb16.xml
check_same "one that hides in another encoding" "delivery contradictory" "$(said avvenuta-consegna daticert="$WORK/bomb16.xml")"
head -c 300000 /dev/zero | tr '\0' ' ' > long.xml
check_same "one that is too long" "delivery contradictory" "$(said avvenuta-consegna daticert="$WORK/long.xml")"

# --- a campaign ------------------------------------------------------------------------------------------------------
"$PLICO" init ws > init.out || exit 99
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
export PLICO_WORKSPACE=$WORK/ws
sql() { sqlite3 -separator ' ' ws/plico.db "$1"; }
check_says "without a list the check says what that means" 'No certified mail is believed' "$PLICO" config check
"$PLICO" units import "$SRCDIR/samples/comuni.csv" > import.out || exit 99
"$PLICO" wave plan > plan.out || exit 99
"$PLICO" wave send > send.out || exit 99
mkdir desk
"$tools/sheets" ws L219 "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = 'L219'")" \
	ws/outbox/*.eml)" desk > sheets.out || exit 99
town=$(sql "SELECT address FROM contact JOIN unit ON unit.id = unit_id WHERE code = 'L219' AND channel = 'pec'")

# come SECTION [key=value ...]: Torino's sheet, without its access code, inside an envelope; what became of it
come() {
	section=$1
	shift
	jq 'map(select(.name != "plico_code"))' "desk/$section.json" > "$section.json"
	/usr/bin/python3 "$SRCDIR/tests/tool/clients/fdf.py" fdf "$section.json" data.fdf
	pdftk "desk/$section.pdf" fill_form data.fdf output filled.pdf 2> /dev/null
	/usr/bin/python3 "$SRCDIR/tests/tool/mail.py" "$town" mappa@mappa.example inner.eml filled.pdf
	pec make posta-certificata ws/Maildir/new/envelope "body=$WORK/inner.eml" "$@"
	"$PLICO" collect --once --json > collected.json
	sql "SELECT state, trust FROM \"return\" ORDER BY id DESC LIMIT 1"
}
check_same "without a list a sheet without its code waits" "held " "$(come s2 "from=$town")"
check_same "which the summary tells" 1 "$(jq .unverified collected.json)"
printf '[pec]\ncertificates=nowhere\n' >> ws/plico.conf
check_exit 78 "a list that is not there is an error" "$PLICO" config check
check_exit 78 "and nothing is collected meanwhile" "$PLICO" collect --once
sed -i "s,=nowhere,=$WORK/ca/list," ws/plico.conf
check_says "with one it says how many there are" '2 certificates of providers, 0 of them' "$PLICO" config check
check_same "from the town's own mailbox it counts at once" "applied pec" "$(come s3 "from=$town")"
check_same "and is no doubt" 0 "$(jq .unverified collected.json)"
check_same "with the right answers" "$(grep -c '^q3' desk/meant.tsv)" \
	"$(sql "SELECT count(*) FROM answer JOIN \"return\" r ON r.id = return_id WHERE section = 's3'")"
check_same "from another mailbox it waits" "held " "$(come s5 from=altri@pec.example)"
check_same "altered it waits" "held " "$(come s6 "from=$town" sign=tampered)"
check_same "as an anomaly" "held " "$(come s7 "from=$town" signer=expired)"
check_says "the log says why" 'return transport expired' \
	sqlite3 ws/plico.db "SELECT note FROM event WHERE what = 'message.parsed' ORDER BY seq DESC LIMIT 1"

# --- receipts of our own messages ---------------------------------------------------------------------------------------
id_of() { sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$1' AND kind = 'invitation'"; }
address_of() { sql "SELECT dispatch.address FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$1' AND kind = 'invitation'"; }
delivery() { "$PLICO" status > status.out && sql "SELECT delivery FROM unit_state JOIN unit ON unit.id = unit_id WHERE code = '$1'"; }
# receipt CODE KIND [key=value ...]: such a receipt for the town's message; where its delivery stands then
receipt() {
	receipt_of=$1 receipt_kind=$2
	shift 2
	pec make "$receipt_kind" ws/Maildir/new/receipt "msgid=$(id_of "$receipt_of")" "to=$(address_of "$receipt_of")" "$@"
	"$PLICO" collect --once --json > collected.json
	delivery "$receipt_of"
}
check_same "unsigned an acceptance tells nothing" sent "$(receipt C860 accettazione sign=no)"
check_same "of an unknown provider neither" sent "$(receipt C860 accettazione signer=foreign)"
check_same "nor for a message that is none of ours" sent "$(receipt C860 accettazione msgid=0@mappa.example)"
check_same "nor for another address" sent "$(receipt C860 avvenuta-consegna to=altri@pec.example)"
check_same "signed it counts" accepted "$(receipt C860 accettazione)"
check_same "and is counted" "1 0" "$(jq -r '"\(.receipts) \(.unverified)"' collected.json)"
check_same "a delay is no end" accepted "$(receipt C860 preavviso-errore-consegna)"
check_same "the delivery" delivered "$(receipt C860 avvenuta-consegna)"
check_same "a full mailbox" undelivered "$(receipt D931 errore-consegna error=altro detail='5.2.2 - GESTORE - casella piena')"
check_same "a mailbox that is not there" undelivered "$(receipt H855 errore-consegna error=no-dest)"
check_same "our own provider's refusal" undelivered "$(receipt L219 non-accettazione error=altro)"
check_says "the town's history says why, and what to do" 'the mailbox is full \(5\.2\.2 - GESTORE - casella piena\) → ask the municipality' "$PLICO" units show D931
check_same "the wave's ledger" '{"accepted":1,"delivered":1}' "$("$PLICO" wave show 1 --json | jq -c .receipts)"
check_same "with reasons" "mailbox_full no_mailbox not_accepted" "$("$PLICO" wave show 1 --json | jq -r '[.reasons[].code] | sort | join(" ")')"
check_says "in words" 'there is no such mailbox +1 +look the address up in IPA' "$PLICO" wave show 1
check_says "the summary too" 'our own provider did not take the message on +1' "$PLICO" status

# --- what machines and readers answer --------------------------------------------------------------------------------------
# report TYPE CODE FIELDS: a multipart/report about the town's message
report() {
	printf 'From: qualcuno@comune.example\nSubject: notifica\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=%s; boundary=b\n\n' "$1"
	printf -- '--b\nContent-Type: text/plain\n\nvedi sotto\n--b\nContent-Type: message/%s\n\n%b\n' "$1" "$3"
	printf -- '--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s>\nSubject: Mappa\n\n--b--\n' "$(id_of "$2")"
}
opened() { sql "SELECT count(*) FROM event WHERE what = 'dispatch.opened'"; }
report disposition-notification C860 'Disposition: automatic-action/MDN-sent-automatically; displayed\n' > ws/Maildir/new/r1
report disposition-notification C860 'Disposition: manual-action/MDN-sent-manually; deleted\n' > ws/Maildir/new/r2
"$PLICO" collect --once --json > collected.json
check_same "read receipts" 2 "$(jq .read_receipts collected.json)"
check_same "of a program, or of a message deleted unread, do not say that it was opened" 0 "$(opened)"
report disposition-notification C860 'Disposition: manual-action/MDN-sent-manually; displayed\n' > ws/Maildir/new/r3
report feedback-report D931 'Feedback-Type: abuse\nUser-Agent: prova/1\n' > ws/Maildir/new/r4
"$PLICO" collect --once --json > collected.json
check_same "a person's does" 1 "$(opened)"
check_same "and the town has opened its letter" in_progress \
	"$("$PLICO" status > status.out && sql "SELECT state FROM unit_state JOIN unit ON unit.id = unit_id WHERE code = 'C860'")"
check_same "a complaint is told" 1 "$(jq .complaints collected.json)"
check_says "with the town that it is from" 'reported the message as junk' "$PLICO" units show D931
