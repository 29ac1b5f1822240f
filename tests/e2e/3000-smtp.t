#!/bin/sh
# plico wave send over SMTP, with the store: every recipient ends in its state, none is lost and none gets two; a server that
# is down, refuses or cuts the line is one sentence, and everything stays queued. All of it with $SESSIONS lines at once (1).
. "$SRCDIR/tests/lib.sh"
server=0
sessions=${SESSIONS:-1}

plico() {
	"$PLICO" -w "$ws" "$@"
}

# serve [OPTION ...]: a server that fails on purpose, in a folder of its own; $dir and $port
serve() {
	server=$((server + 1))
	dir=$WORK/server$server
	mkdir "$dir"
	python3 "$SRCDIR/tests/tool/smtpd_fault.py" "$dir" "$@" 2> "$dir/log" &
	at_exit "kill $! 2>/dev/null"
	eventually [ -s "$dir/port" ]
	port=$(cat "$dir/port")
}

# point [LINE ...]: the workspace at the server at hand
point() {
	printf '[mail]\nchannel = smtp\n[smtp]\nport = %s\ntimeout = %s\ntls = none\nsessions = %s\n' "$port" "${patience:-60}" "$sessions" \
		> "$ws/plico.conf"
	for line in "$@"; do
		sed -i "/^${line%% *} /d" "$ws/plico.conf"
		echo "$line" >> "$ws/plico.conf"
	done
}

# campaign ADDRESS ...: a new workspace with a planned wave
campaign() {
	ws=$WORK/ws$((server + 1000))
	rm -rf "$ws"
	"$PLICO" init "$ws" > /dev/null
	point
	sh "$SRCDIR/tests/tool/units.sh" "$@" > towns.csv
	plico units import towns.csv > /dev/null
	plico wave plan > /dev/null
}

# send [OPTION ...]: into the files out (JSON) and err
send() {
	timeout 120 "$PLICO" -w "$ws" wave send --json "$@" > out 2> err
	status=$?
}

sql() {
	sqlite3 "$ws/plico.db" "$1"
}

state() {
	sql "SELECT state FROM dispatch WHERE address = '$1@x.example'"
}

taken() {
	awk -v who="$1@x.example" '$1 == who' "$dir/taken" | wc -l
}

# promise WHAT: who is sent has it once; who has it is sent or unknown; nobody has it twice; the bytes are those of the row
promise() {
	sql "SELECT message_id, state, sha256 FROM dispatch" | tr '|' ' ' > rows
	check "$1: no message twice, none lost, the very bytes" awk '
		FNR == NR { state[$1] = $2; sum[$1] = $3; next }
		!($2 in state) || $3 != sum[$2] || ++seen[$2] > 1 || (state[$2] != "sent" && state[$2] != "unknown") {
			print "wrong:", $0, state[$2]; bad = 1
		}
		END {
			for (id in state)
				if (state[id] == "sent" && !seen[id]) { print "lost:", id; bad = 1 }
			exit bad
		}' rows "$dir/taken"
}

# --- each recipient its state ---------------------------------------------------------------------------------------------
serve
# good ones between those that end with the line: three of these in a row, over all lines, would be too many
patience=3 # one of them gets no reply
# shellcheck disable=SC2046
campaign ok1@x.example rcpt450@x.example rcpt550@x.example ok2@x.example end451e@x.example end554e@x.example \
	stallend@x.example dropend@x.example $(seq -f 'ok1%g@x.example' 5) loseend@x.example data451@x.example \
	data554@x.example ok3@x.example $(seq -f 'ok2%g@x.example' 5) rcpt421@x.example ok4@x.example \
	$(seq -f 'ok3%g@x.example' 5) end421@x.example
send
for pair in ok1:sent ok2:sent ok3:sent ok4:sent rcpt450:deferred end451e:deferred data451:deferred rcpt421:deferred \
	end421:deferred rcpt550:failed end554e:failed data554:failed dropend:unknown loseend:unknown stallend:unknown; do
	check_same "${pair%:*} is ${pair#*:}" "${pair#*:}" "$(state "${pair%:*}")"
done
patience=
promise "a mixed wave"
check_same "the figures" "0 19 5 3 3 0" "$status $(jq -r '"\(.sent) \(.deferred) \(.failed) \(.unknown) \(.left)"' out)"
check_same "each end is an event" "19 5 3 3" "$(sql "SELECT count(*) FILTER (WHERE what = 'dispatch.sent'),
	count(*) FILTER (WHERE what = 'dispatch.deferred'), count(*) FILTER (WHERE what = 'dispatch.failed'),
	count(*) FILTER (WHERE what = 'dispatch.unknown') FROM event" | tr '|' ' ')"
plico wave show 1 --json > out
check_same "the list tells who, and why" "550 5.1.1 <rcpt550@x.example> refused" \
	"$(jq -r '.troubles[] | select(.address == "rcpt550@x.example") | .reply' out)"
check_same "the wave goes on while something may leave" sending "$(jq -r .state out)"
cp "$dir/taken" before
send
check_same "again at once: nothing leaves" "0 0" "$status $(jq .sent out)"
check "nor arrives" cmp before "$dir/taken"

# --- later ----------------------------------------------------------------------------------------------------------------
serve
campaign oncercpt450@x.example onceend451@x.example ok1@x.example
send
check_same "put off" "deferred deferred sent" "$(state oncercpt450) $(state onceend451) $(state ok1)"
PLICO_CLOCK=+240 send
check_same "after four minutes it is too early" 0 "$(jq .sent out)"
cp "$ws/mailtemplates/it/invitation.md" kept.md
echo 'Un saluto.' >> "$ws/mailtemplates/it/invitation.md"
export PLICO_CLOCK=+360
send
check_same "with other words than at the first attempt it is refused" "78 deferred" "$status $(state onceend451 | sed s/queued/deferred/)"
check_says "and told what to do" "wave send --changed" cat err
cp kept.md "$ws/mailtemplates/it/invitation.md"
send
unset PLICO_CLOCK
check_same "after six it leaves" "sent sent" "$(state oncercpt450) $(state onceend451)"
promise "what was put off"
check_same "the wave is done" done "$(sql 'SELECT state FROM wave')"
serve
campaign onceend451@x.example
send
echo 'Un saluto.' >> "$ws/mailtemplates/it/invitation.md"
PLICO_CLOCK=+360 send --changed
check_same "with other words, on a person's word" "0 sent" "$status $(state onceend451)"

# --- the server as a whole -------------------------------------------------------------------------------------------------
# all_queued WHAT STATUS WORDS
all_queued() {
	check_same "$1: exit status" "$2" "$status"
	check_same "$1: one line" 1 "$(wc -l < err)"
	check_says "$1: it says so" "$3" cat err
	check_same "$1: all are queued, no try is counted" "12 12" \
		"$(sql "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE tries = 0) FROM dispatch" | tr '|' ' ')"
}

twelve=$(seq -f 'r%g@x.example' 12)
# shellcheck disable=SC2086
campaign $twelve
port=$(free_port)
point
send
all_queued "the server is down" 69 "Connection refused"
serve --greet "421 4.3.2 maintenance"
point
send
all_queued "the server sends us away" 69 "maintenance"
serve --greet ""
serve --rcpt-reply "550 5.7.1 relaying denied"
point
send
all_queued "the same refusal for everybody" 69 "relaying denied"
serve --mail-reply "530 5.7.0 log in"
point
send
all_queued "a server that wants a password" 78 "log in"
"$SRCDIR/tests/tool/ca.sh" "$WORK/tls" localhost
echo wrong > "$ws/keys/smtp.password"
chmod 400 "$ws/keys/smtp.password"
serve --cert "$WORK/tls/localhost.pem" --key "$WORK/tls/localhost.key" --auth PLAIN
point "tls = starttls" "ca_file = $WORK/tls/ca.pem" "user = mappa"
send
all_queued "a wrong password" 78 "535 5.7.8"
serve --cert "$WORK/tls/localhost.pem" --key "$WORK/tls/localhost.key" --starttls 454
point "tls = starttls" "ca_file = $WORK/tls/ca.pem"
send
all_queued "no TLS at the moment" 69 "454"
serve
point "tls = starttls"
send
all_queued "no TLS at all" 78 "STARTTLS"
serve --rcpt-reply "550 5.1.1 no such user"
point
send --limit 9
check_same "nine refusals are nine wrong addresses" 9 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'failed'")"

# the line is cut at one message: the others leave, and it stays queued
serve
campaign ok1@x.example dropdata@x.example ok2@x.example ok3@x.example
send
check_same "cut before the data: the others are sent" "sent sent sent" "$(state ok1) $(state ok2) $(state ok3)"
check_says "it is queued, or in doubt where the cut was seen too late" "queued|unknown" state dropdata
promise "a line that is cut"

# a server that takes fewer lines at once is used with those it takes
serve --most 2 --slow 0.1
# shellcheck disable=SC2086
campaign $twelve
send
check_same "two lines at once and no more: all are sent" "0 12" "$status $(jq .sent out)"
promise "few lines"

# what a domain has had enough of stands aside, and those behind it leave
serve
campaign ok1@x.example ok2@x.example ok3@x.example ok1@y.example ok1@z.example
printf '[pace]\nper_domain_minute = 1\n' >> "$ws/plico.conf"
"$PLICO" -w "$ws" wave send > /dev/null 2>&1 &
run=$!
while [ "$(wc -l < "$dir/taken")" -lt 3 ] && kill -0 $run; do sleep 0.05; done
kill -TERM $run
wait $run
check_same "one to each domain" "ok1@x.example ok1@y.example ok1@z.example" \
	"$(cut -d' ' -f1 "$dir/taken" | sort | tr '\n' ' ' | sed 's/ $//')"
check_same "the others are queued" 2 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'queued'")"

# a server that loses every reply is not asked for long
serve --lose 1
# shellcheck disable=SC2086
campaign $twelve
send
check_same "no reply to anybody: it ends, and each is in doubt or queued" "69 12" \
	"$status $(sql "SELECT count(*) FROM dispatch WHERE state IN ('unknown', 'queued')")"
# those that other lines have in hand at the third come to their own end
unknown=$(sql "SELECT count(*) FROM dispatch WHERE state = 'unknown'")
check "after three it is enough" [ "$unknown" -ge 3 -a "$unknown" -le $((2 + sessions)) ]
promise "lost replies"

# --- stopped, and two at once -------------------------------------------------------------------------------------------------
serve --slow 0.3
# shellcheck disable=SC2086
campaign $twelve
"$PLICO" -w "$ws" wave send --json > stopped 2> err &
run=$!
while [ ! -s "$dir/taken" ]; do sleep 0.05; done
check_exit 75 "a second run in the same workspace is turned away" plico wave send
kill -TERM $run
wait $run
check_same "stopped by a signal: exit status" 75 "$?"
check_same "the message at hand was finished, none is in doubt" "0 12" "$(sql "SELECT count(*) FILTER (WHERE state IN ('unknown', 'dot', 'claimed')),
	count(*) FILTER (WHERE state IN ('sent', 'queued')) FROM dispatch" | tr '|' ' ')"
check_same "what is left is told" "$(sql "SELECT count(*) FROM dispatch WHERE state = 'queued'")" "$(jq .left stopped)"
send
check_same "the rest" 12 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'sent'")"
promise "a run that was stopped"

# --- the bytes: what is shown is what arrives ---------------------------------------------------------------------------------
serve --per-connection 5
# shellcheck disable=SC2086
campaign $twelve
plico wave preview 1 --out shown > /dev/null
point "per_connection = 4"
send
check_same "twelve messages" 12 "$(jq .sent out)"
lines=$(grep -c '^EHLO' "$dir/said")
check "on three lines, or more where there are more at once" [ "$lines" -ge 3 -a "$lines" -le $((2 + sessions)) ]
promise "several lines"
check "what was shown is what arrived" sh -c '
	for f in shown/*.eml; do
		id=$(basename "$f" .eml)
		cmp "$f" "$1/mail/$(grep -n " $id " "$1/taken" | cut -d: -f1).eml" || exit 1
	done' sh "$dir"

# --- the two profiles, in the envelope ------------------------------------------------------------------------------------------
serve
campaign a@x.example b@x.example
sql "UPDATE contact SET channel = 'mail' WHERE address = 'b@x.example'; UPDATE dispatch SET channel = 'mail' WHERE address = 'b@x.example'"
sed -i '1a bounces = rimbalzi@mappa.example' "$ws/plico.conf"
send
check_same "sent to both" "sent sent" "$(state a) $(state b)"
id=$(sql "SELECT message_id FROM dispatch WHERE address = 'b@x.example'")
tag=$(echo "${id%@*}" | sed 's/.*\.//' | tr A-Z a-z)
check_same "certified mail: the sender of the envelope is From, and no notices are asked for" \
	"MAIL FROM:<mappa@mappa.example>" "$(sed -n 's/ *$//;/^MAIL/p' "$dir/said" | head -n 1 | cut -d' ' -f1,2)"
check_same "neither at the recipient" "RCPT TO:<a@x.example>" "$(grep -F 'a@x.example' "$dir/said")"
check_same "ordinary mail: bounces come to an address of its own and name the message" \
	"MAIL FROM:<rimbalzi+$tag@mappa.example> RET=HDRS ENVID=$id" "$(grep '^MAIL' "$dir/said" | tail -n 1)"
check_same "failures and delays are asked for" "RCPT TO:<b@x.example> NOTIFY=FAILURE,DELAY" "$(grep -F 'b@x.example' "$dir/said")"
check "both are whole" "$SRCDIR/tests/tool/message_check.py" mappa@mappa.example "$dir/mail/1.eml" "$dir/mail/2.eml"
serve --plain
campaign b@x.example
sql "UPDATE dispatch SET channel = 'mail'"
send
check_same "a server without DSN is asked for none" "sent MAIL FROM:<mappa@mappa.example>" "$(state b) $(grep '^MAIL' "$dir/said")"
campaign b@x.example
sed -i '1a bounces = nowhere' "$ws/plico.conf"
send
check_same "a mailbox that is none is said before anything leaves" "78 queued" "$status $(state b)"

# --- real servers -----------------------------------------------------------------------------------------------------------
arrived() { # NUMBER of messages
	[ "$(find post/dovecot/mail -path '*/new/*' -type f | wc -l)" -ge "$1" ]
}

if [ "$(id -u)" -eq 0 ]; then
	mkdir post
	"$SRCDIR/tests/tool/dovecot.sh" start "$WORK/post"
	at_exit "$SRCDIR/tests/tool/dovecot.sh stop $WORK/post"
	"$SRCDIR/tests/tool/postfix.sh" start "$WORK/post"
	at_exit "$SRCDIR/tests/tool/postfix.sh stop $WORK/post"
	port=$(cat post/postfix/port)
	campaign a@x.example b@x.example a450@x.example a550@x.example c@x.example
	point "tls = starttls" "ca_file = $WORK/post/tls/ca.pem" "user = mappa@mappa.example" \
		"password_file = $WORK/password" "timeout = 20"
	echo secret > password
	chmod 400 password
	send
	check_same "Postfix: states" "0 sent sent deferred failed sent" \
		"$status $(state a) $(state b) $(state a450) $(state a550) $(state c)"
	eventually arrived 3
	for who in a b c; do
		check_same "Dovecot has one for $who" 1 "$(find "post/dovecot/mail/$who@x.example" -path '*/new/*' -type f | wc -l)"
	done
	check "with TLS and a password (RFC 3848)" grep -rq "with ESMTPSA" post/dovecot/mail/a@x.example
	check "as us" grep -q "sasl_username=mappa@mappa.example" post/postfix/maillog

	port=$(cat post/postfix/smtps-port)
	campaign d@x.example e@x.example a450@x.example a550@x.example f@x.example
	point "tls = implicit" "ca_file = $WORK/post/tls/ca.pem" "user = mappa@mappa.example" \
		"password_file = $WORK/password" "timeout = 20"
	send
	check_same "Postfix, TLS from the first byte: states" "0 sent sent deferred failed sent" \
		"$status $(state d) $(state e) $(state a450) $(state a550) $(state f)"
	eventually arrived 6
	check_same "Dovecot has one for each" "1 1 1" "$(for who in d e f; do
		find "post/dovecot/mail/$who@x.example" -path '*/new/*' -type f | wc -l
	done | tr '\n' ' ' | sed 's/ $//')"
	check "with TLS 1.3" grep -rq "using TLSv1.3" post/dovecot/mail/d@x.example
	check "and a password" grep -rq "with ESMTPSA" post/dovecot/mail/d@x.example
fi

sink() {
	port=$(free_port)
	user=
	[ "$(id -u)" -ne 0 ] || user="-u nobody"
	# shellcheck disable=SC2086
	smtp-sink $user "$@" "127.0.0.1:$port" 10 2> sink.log &
	at_exit "kill $! 2>/dev/null"
	python3 "$SRCDIR/tests/tool/wait-port.py" "$port"
	point "tls = none"
}
campaign a@x.example b@x.example
sink -r .
send
check_same "smtp-sink, 4xx at the end" "deferred deferred" "$(state a) $(state b)"
campaign a@x.example b@x.example
sink -f .
send
check_same "smtp-sink, 5xx at the end" "failed failed" "$(state a) $(state b)"
campaign a@x.example b@x.example
sink -q .
send
check_same "smtp-sink, cut after the dot" "0 unknown unknown" "$status $(state a) $(state b)"
campaign a@x.example b@x.example
sink -q MAIL
send
check_same "smtp-sink, cut at MAIL" "69 queued queued" "$status $(state a) $(state b)"
campaign a@x.example b@x.example
sink
send
check_same "smtp-sink" "0 sent sent" "$status $(state a) $(state b)"
