#!/bin/sh
# plico wave settle: what became of messages whose last reply was lost, by what comes back and by people's word.
. "$SRCDIR/tests/lib.sh"

plico() {
	"$PLICO" -w ws "$@"
}

# field NAME: of the JSON in the file out
field() {
	jq -r ".$1" out
}

sql() {
	sqlite3 -cmd '.timeout 10000' ws/plico.db "$1"
}

# state CODE: of the message to this town
state() {
	sql "SELECT d.state FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE u.code = '$1'"
}

# events CODE: of the message to this town, behind the lost reply
events() {
	sql "SELECT e.actor || ' ' || e.what || ' ' || e.from_state || '>' || e.to_state FROM event AS e JOIN unit AS u ON u.id = e.unit_id
		WHERE u.code = '$1' AND seq > (SELECT max(seq) FROM event WHERE what = 'dispatch.unknown') ORDER BY seq" |
		sed "s/^$(id -un) /somebody /" | paste -sd, -
}

# taken ADDRESS: how often the server has got it
taken() {
	awk -v who="$1@x.example" '$1 == who' mx/taken | wc -l
}

mkdir mx
python3 "$SRCDIR/tests/tool/smtpd_fault.py" mx 2> mx/log &
at_exit "kill $! 2> /dev/null"
eventually [ -s mx/port ]
"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = smtp\nbounces = rimbalzi@mappa.example\n[smtp]\nport = %s\ntimeout = 30\ntls = none\nsessions = 1\n' \
	"$(cat mx/port)" > ws/plico.conf
# A001 to A008: their replies are lost, of half of them the message too; A009 arrives
sh "$SRCDIR/tests/tool/units.sh" dropend.a@x.example loseend.b@x.example onceloseend.c@x.example onceloseend.d@x.example \
	dropend.e@x.example dropend.f@x.example onceloseend.g@x.example dropend.h@x.example ok.i@x.example > towns.csv
plico units import towns.csv > /dev/null
sql "UPDATE contact SET channel = 'mail' WHERE address LIKE 'dropend.f@%' OR address LIKE 'dropend.e@%'"
plico wave plan > /dev/null
for i in 1 2 3 4; do # after three lost replies a run stops
	plico wave send 1 > /dev/null 2>&1
done
check_same "eight are unknown" 8 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'unknown'")"
before=$(wc -l < mx/taken)
plico wave send 1 > /dev/null
check_same "none leaves again by itself" "$before" "$(wc -l < mx/taken)"

# --- what the operator is told -----------------------------------------------------------------------------------------
check_says "status counts them" 'left: 8; `plico wave list`' plico status
plico status --json > out
check_same "towns and messages" "8 8" "$(field unknown) $(field unknown_messages)"
check_says "the wave says what to do" 'plico wave settle 1 --unit UNIT --not-sent --note TEXT' plico wave show 1
plico wave show 1 --json > out
check_same "since when, and until when a receipt may come" "8 6 86400" \
	"$(jq -r '[.troubles[] | select(.since)] | length' out) $(jq -r '[.troubles[] | select(.receipt_until)] | length' out) $(
	jq -r '[.troubles[] | select(.receipt_until) | (.receipt_until | fromdate) - (.since | fromdate)] | unique[]' out)"

# --- a person ------------------------------------------------------------------------------------------------------------
check_exit 64 "which one is asked" plico wave settle 1 --sent --note x
check_exit 64 "one or all" plico wave settle 1 --unit A001 --all --sent --note x
check_exit 64 "what became of it too" plico wave settle 1 --unit A001 --note x
check_exit 64 "not both" plico wave settle 1 --unit A001 --sent --not-sent --note x
check_exit 64 "and how it is known" plico wave settle 1 --unit A001 --sent
check_exit 65 "a wave is there" plico wave settle 7 --unit A001 --sent --note x
check_exit 65 "what was sent is not settled" plico wave settle 1 --unit A009 --not-sent --note x
check_exit 65 "a town that is not there" plico wave settle 1 --unit Atlantide --sent --note x
check_same "nothing has changed" 8 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'unknown'")"
check_says "one counts as sent" '1 message counts as sent' \
	plico wave settle 1 --unit A001 --sent --note "nella posta inviata del gestore"
check_same "in the history with name and reason" "sent somebody dispatch.sent unknown>sent" "$(state A001) $(events A001)"
check_says "also of the wave" 'settled as sent +dropend.a@x.example: nella posta inviata' plico wave show 1
check_exit 65 "once is enough" plico wave settle 1 --unit A001 --not-sent --early --note x
check_exit 65 "before a receipt may come it is not taken for lost" plico wave settle 1 --unit A003 --not-sent --note "non c'è"
check_says "unless on purpose" 'wave send 1' plico wave settle 1 --unit A003 --not-sent --early --note "non c'è"
check_same "then it is in the queue, the wave goes on" "queued sending" "$(state A003) $(sql 'SELECT state FROM wave')"
id=$(sql "SELECT message_id || ' ' || sha256 FROM dispatch WHERE address = 'onceloseend.c@x.example'")
check "and leaves" plico wave send 1
check_same "once, with the same Message-ID and bytes" "sent $id" "$(state A003) $(grep '^onceloseend.c@' mx/taken | cut -d' ' -f2-)"

# --- what comes back -------------------------------------------------------------------------------------------------------
# comes FILE: into the mailbox, and is read
comes() {
	cp "$1" "ws/Maildir/new/$(date +%s%N).M1.host"
	plico collect --once --json > out
}

# about CODE: the Message-ID to this town
about() {
	sql "SELECT message_id FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE u.code = '$1'"
}

# bounce CODE ACTION
bounce() {
	cat <<-END
		From: MAILER-DAEMON@mx.example
		Subject: Undelivered Mail Returned to Sender
		Content-Type: multipart/report; report-type=delivery-status; boundary=b

		--b
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.example
		Original-Envelope-Id: $(about "$1")

		Final-Recipient: rfc822; x@x.example
		Action: $2
		Status: 5.1.1
		Diagnostic-Code: smtp; 550 5.1.1 no such user

		--b--
	END
}
bounce A005 failed > bounced
comes bounced
check_same "a bounce tells that it left, and where it ended" \
	"sent plico dispatch.sent unknown>sent,plico dispatch.undelivered sent>undelivered" "$(state A005) $(events A005)"
bounce A006 delayed > delayed
comes delayed
check_same "a delay tells that it left" "sent plico dispatch.sent unknown>sent" "$(state A006) $(events A006)"
printf 'From: H <h@x.example>\nSubject: R: Mappa\nIn-Reply-To: <%s>\n\nChi compila la sezione 3?\n' "$(about A008)" > answer
comes answer
check_same "an answer too" "sent plico dispatch.sent unknown>sent" "$(state A008) $(events A008)"
plico status --json > out
check_same "status knows" "3 3 1" "$(field unknown) $(field unknown_messages) $(field undelivered)"

# --- they cross ----------------------------------------------------------------------------------------------------------
plico wave settle 1 --unit A004 --not-sent --early --note "sembra di no" > /dev/null
sed "s/<.*>/<$(about A004)>/" answer > crossed
comes crossed
check_same "who is in the queue again and answers gets no second one" \
	"sent somebody dispatch.queued unknown>queued,plico dispatch.sent queued>sent" "$(state A004) $(events A004)"
plico wave send 1 > /dev/null
check_same "it does not leave" 0 "$(taken onceloseend.d)"

# --- all of a wave ---------------------------------------------------------------------------------------------------------
plico wave show 1 --json > out
check_same "two are left" "2 A002 A007" "$(field unknown) $(jq -r '[.troubles[].unit[:4]] | join(" ")' out)"
check_exit 64 "without a terminal their number is asked for" sh -c '"$PLICO" -w ws wave settle 1 --all --sent --note x < /dev/null'
check_exit 65 "a wrong number settles none" plico wave settle 1 --all --sent --count 3 --note x
check_exit 65 "nor all at once before the receipts may come" plico wave settle 1 --all --not-sent --count 2 --note x
check_same "none was" 2 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'unknown'")"
export PLICO_CLOCK=+90000
check "the right one, typed" sh -c \
	'printf "2\n" | script -qec "$PLICO -w ws wave settle 1 --all --not-sent --note caduta" typed'
check_says "it says what would be done" 'gets it a second time' cat typed
check_same "both are in the queue again" "queued queued" "$(state A002) $(state A007)"
check_says "with the number in the history" 'settled as not sent +2: caduta' plico wave show 1
plico wave send 1 > /dev/null 2>&1
check_same "one has left now, of the other the reply is lost again" "sent unknown 1 0" \
	"$(state A007) $(state A002) $(taken onceloseend.g) $(taken loseend.b)"
check "that one is settled by its town" plico wave settle 1 --unit "Borgo B" --sent --note "il Comune l'ha ricevuta"
check_same "nobody has got it twice" "" "$(cut -d' ' -f2 mx/taken | sort | uniq -d)"
check_same "the wave is done" done "$(sql 'SELECT state FROM wave')"
