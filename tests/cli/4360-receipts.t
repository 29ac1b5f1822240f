#!/bin/sh
# The receipts of certified mail settle what is unknown, and tell how far a letter has come: signed by the provider, of the message
# and the addressee that they name, in whatever order.
. "$SRCDIR/tests/lib.sh"
for program in openssl sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

plico() {
	"$PLICO" -w ws "$@"
}

pec() {
	python3 "$SRCDIR/tests/tool/pec.py" "$WORK/ca" "$@"
}

sql() {
	sqlite3 -cmd '.timeout 10000' ws/plico.db "$1"
}

# of CODE COLUMN: of the message to this town
of() {
	sql "SELECT d.$2 FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE u.code = '$1'"
}

# where CODE: the message, the town's delivery and its reason
where() {
	plico status > /dev/null
	echo "$(of "$1" state) $(sql "SELECT trim(delivery || ' ' || delivery_reason) FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id
		WHERE u.code = '$1'")"
}

# receipt KIND CODE [key=value ...]: for the town's message comes, and is read
number=0
receipt() {
	kind=$1 code=$2
	shift 2
	number=$((number + 1))
	pec make "$kind" receipt.eml "msgid=$(of "$code" message_id)" "to=$(of "$code" address)" "$@" || return 1
	echo "X-Number: $number" | cat - receipt.eml > "ws/Maildir/new/$number.M1.host"
	plico collect --once --json > out
}

pec ca || exit 99
mkdir mx
python3 "$SRCDIR/tests/tool/smtpd_fault.py" mx 2> mx/log &
at_exit "kill $! 2> /dev/null"
eventually [ -s mx/port ]
"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = smtp\n[pec]\ncertificates = %s\n[smtp]\nport = %s\ntimeout = 30\ntls = none\nsessions = 1\n' \
	"$WORK/ca/list.pem" "$(cat mx/port)" > ws/plico.conf
# shellcheck disable=SC2046
sh "$SRCDIR/tests/tool/units.sh" $(for i in 1 2 3 4 5 6; do echo "onceloseend.$i@x.example"; done) ok.7@x.example ok.8@x.example > towns.csv
plico units import towns.csv > /dev/null
plico wave plan > /dev/null
for i in 1 2 3; do
	plico wave send > /dev/null 2>&1
done
check_same "six are unknown" "6 2" "$(sql "SELECT count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'sent')
	FROM dispatch" | tr '|' ' ')"

# --- what is no receipt -------------------------------------------------------------------------------------------------
for forged in sign=no sign=tampered sign=junk signer=foreign signer=expired signer=other kind2=avvenuta-consegna daticert=2 \
	from=altri@pec.example msgid=1@mappa.example to=altri@x.example; do
	receipt accettazione A001 "$forged"
	check_same "$forged changes nothing" "unknown unknown 1" "$(where A001) $(jq .receipts out)"
done

# --- what is one --------------------------------------------------------------------------------------------------------
receipt accettazione A001
check_same "the provider took it on" "sent accepted" "$(where A001)"
check_same "in the history by its evidence" "dispatch.sent unknown sent|dispatch.accepted sent accepted" \
	"$(sql "SELECT what, from_state, to_state FROM event AS e JOIN message AS m ON m.sha256 = e.evidence WHERE e.subject = 'dispatch'
		ORDER BY seq" | tr '|\n' ' |' | sed 's/|$//')"
receipt avvenuta-consegna A001 type=breve
check_same "it was delivered" "sent delivered" "$(where A001)"
check_says "the history of the town says it in words" 'the message was delivered' plico units show A001
receipt avvenuta-consegna A002
receipt accettazione A002
check_same "delivered before it was accepted" "sent delivered" "$(where A002)"
receipt non-accettazione A003 error=altro "detail=Mittente non coincidente"
check_same "the provider did not take it on" "failed undelivered not_accepted: Mittente non coincidente" "$(where A003)"
receipt preavviso-errore-consegna A004 error=altro
check_same "twelve hours without delivery: it left" "sent sent" "$(where A004)"
receipt errore-consegna A004 error=altro "detail=5.1.1 - ARUBA PEC S.p.A. - indirizzo non valido"
check_same "and was not delivered" "sent undelivered no_mailbox: 5.1.1 - ARUBA PEC S.p.A. - indirizzo non valido" "$(where A004)"
receipt accettazione A007
receipt avvenuta-consegna A007
check_same "of what was known to be sent they tell the rest" "sent delivered" "$(where A007)"
receipt non-accettazione A008 error=virus
check_same "and take back what the provider refused" "failed undelivered virus: virus" "$(where A008)"

# --- they cross with a person's word ---------------------------------------------------------------------------------------
check "a person says that one did not leave" plico wave settle 1 --unit A005 --not-sent --early --note x
receipt accettazione A005
check_same "but it did" "sent accepted" "$(where A005)"
check "another" plico wave settle 1 --unit A006 --not-sent --early --note x
receipt non-accettazione A006 error=altro
check_same "and the provider agrees: it is still to leave" "queued queued" "$(where A006)"
plico wave send > out 2>&1
check_same "only this one leaves" "sent sent 0 1" "$(where A006) $(grep -c '^onceloseend.5@' mx/taken) $(grep -c '^onceloseend.6@' mx/taken)"
receipt accettazione A006
receipt non-accettazione A006 error=altro detail=again
check_same "a copy that is refused takes nothing back" "sent accepted" "$(where A006)"
check_same "the wave has an end" "done 0" "$(sql 'SELECT state FROM wave') $(plico status --json | jq .unknown_messages)"
plico status --rebuild > /dev/null
check_same "and the states come out of the history again" "sent accepted sent delivered" "$(where A005) $(where A002)"
