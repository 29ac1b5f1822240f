#!/bin/sh
# The channel smtp against a server that fails on purpose: each recipient gets the outcome it should, whatever happens to
# the others, and a fault of the whole is one sentence that blames no recipient. All of it with $SESSIONS lines at once (1).
. "$SRCDIR/tests/lib.sh"
sessions=${SESSIONS:-1}
deliver=$(dirname "$PLICO")/t/tool/deliver
[ -x "$deliver" ] || skip_all "make all build/t/tool/deliver"
server=0

# serve [OPTION ...]: a server of its own folder; $dir and $port
serve() {
	server=$((server + 1))
	dir=$WORK/server$server
	mkdir "$dir"
	python3 "$SRCDIR/tests/tool/smtpd_fault.py" "$dir" "$@" 2> "$dir/log" &
	at_exit "kill $! 2>/dev/null"
	eventually [ -s "$dir/port" ]
	port=$(cat "$dir/port")
}

# configure [LINE ...]: the workspace, for the server at hand
configure() {
	mkdir -p ws
	printf '[mail]\nchannel = smtp\n[smtp]\nhost = localhost\nport = %s\ntimeout = 3\nsessions = %s\n' "$port" "$sessions" > ws/plico.conf
	for line in "$@"; do
		echo "$line" >> ws/plico.conf
	done
}

# send RECIPIENT...: into the file out
send() {
	timeout 60 "$deliver" ws "$@" > out 2>&1
	status=$?
}

# outcome RECIPIENT: what became of it, and whether the mark was asked for
outcome() {
	awk -v who="$1" '$1 == who { print $2, $3 }' out
}

# single CHECK...: what holds where one line carries them one after the other (a run has the first message settled before it
# opens further lines)
single() {
	[ "$sessions" -gt 1 ] || "$@"
}

taken() {
	awk -v who="$1" '$1 == who' "$dir/taken" | wc -l
}

# one_case OUTCOME DOT TAKEN WHO: among good ones, which must all arrive; DOT "-": a matter of time
one_case() {
	send ok1@x.example "$4@x.example" ok2@x.example
	got=$(outcome "$4@x.example")
	[ "$2" != - ] || got="${got% *} -"
	check_same "$4: $1" "$1 $2" "$got"
	check_same "$4: the server has it $3 times" "$3" "$(taken "$4@x.example")"
	check_same "$4: the one before it arrives" "sent 1" "$(outcome ok1@x.example)"
	check_same "$4: the one behind it arrives" "sent 1" "$(outcome ok2@x.example)"
	check_same "$4: once each" "1 1" "$(taken ok1@x.example) $(taken ok2@x.example)"
	check_same "$4: no fault" 0 "$status"
	: > "$dir/taken"
}

"$SRCDIR/tests/tool/ca.sh" "$WORK/tls" localhost elsewhere.example 127.0.0.1
"$SRCDIR/tests/tool/ca.sh" "$WORK/foreign" localhost
mkdir expired
cp tls/ca.* expired
DAYS=-1 "$SRCDIR/tests/tool/ca.sh" "$WORK/expired" localhost
good="--cert $WORK/tls/localhost.pem --key $WORK/tls/localhost.key"

# each way to write, and each way over TLS
for extension in "" --chunking --plain "$good" "--implicit $good" "--chunking --implicit $good"; do
	# shellcheck disable=SC2086
	serve $extension
	case $extension in
	*--implicit*) configure "tls = implicit" "ca_file = $WORK/tls/ca.pem" ;;
	*--cert*) configure "ca_file = $WORK/tls/ca.pem" ;;
	*) configure "tls = none" ;;
	esac
	# BDAT is pipelined behind RCPT: its bytes, and the mark, may leave before the refusal is read
	early=0 chunking=
	case $extension in --chunking*) early=- chunking=yes ;; esac
	one_case sent 1 1 ok
	one_case deferred "$early" 0 rcpt450
	one_case failed "$early" 0 rcpt550
	# with CHUNKING it may close the line before we have read why
	[ "$chunking" ] || one_case deferred 0 0 rcpt421
	one_case failed 1 0 end554e
	one_case failed 1 0 end554
	one_case deferred 1 0 end451e
	one_case deferred 1 0 end421e
	one_case unknown 1 1 dropend
	one_case unknown 1 0 loseend
	one_case failed 1 0 end552
	case $extension in
	--plain | --cert*) continue ;;
	esac
	one_case sent 1 1 slow
	one_case unknown 1 1 stallend
	[ "$chunking" ] || one_case failed 0 0 badenh
	[ "$chunking" ] || one_case deferred 0 0 data451
	[ "$chunking" ] || one_case failed 0 0 data554
	[ "$chunking" ] || one_case deferred 0 0 data421
done

# --- the bytes ------------------------------------------------------------------------------------------------------
for extension in "" --chunking; do
	# shellcheck disable=SC2086
	serve $extension
	configure "tls = none"
	send ok1@x.example
	check "the message arrives byte for byte $extension" python3 - "$dir/mail/1.eml" <<-'END'
		import sys
		head = ("From: <mappa@mappa.example>\r\nTo: <ok1@x.example>\r\nSubject: =?UTF-8?B?w6A=?=\r\n folded\r\n"
		        "Date: Fri, 17 Oct 2025 08:30:00 +0000\r\nMessage-Id: <m1@mappa.example>\r\nMIME-Version: 1.0\r\n\r\n")
		body = "".join((".." if i % 3 == 0 else "line ") + f"{i}\r\n" for i in range(3000)) + ".\r\n"
		assert open(sys.argv[1], "rb").read() == (head + body).encode()
	END
	send ok1@x.example nodot@x.example ok2@x.example
	check_same "without the mark the dot does not leave $extension" 0 "$(taken nodot@x.example)"
	check_same "and the run ends $extension" "74 unsent 0" "$status $(outcome nodot@x.example)"
	check_same "the one before it was sent $extension" "sent 1" "$(outcome ok1@x.example)"
	single check_same "nothing is sent behind it $extension" "unsent 0" "$(outcome ok2@x.example)"
done

# --- lines that break before the dot: another line is tried while there is progress, then it is a fault -------------------
serve
configure "tls = none"
send ok1@x.example dropdata@x.example ok2@x.example
check_same "a line that is cut before the data: not sent, and not in doubt" "unsent 0" "$(outcome dropdata@x.example)"
check_same "that is told" 69 "$status"
check_same "the one before it was sent" "sent 1" "$(outcome ok1@x.example)"
check_same "taken on by nobody" 0 "$(taken dropdata@x.example)"
send ok1@x.example dropmid@x.example ok2@x.example
# whether the cut is seen before the last byte is a matter of time: sent it is never
check_says "a line that is cut in the data: not sent, or in doubt" "^dropmid@x.example (unsent 0|unknown 1)" cat out
check_same "taken on by nobody, again" 0 "$(taken dropmid@x.example)"

serve --per-connection 2
configure "tls = none"
send a@x.example b@x.example c@x.example d@x.example e@x.example
check_same "a server that wants another line after two messages gets it" \
	"sent 1 sent 1 sent 1 sent 1 sent 1" \
	"$(for who in a b c d e; do outcome $who@x.example; done | tr '\n' ' ' | sed 's/ $//')"

# --- faults of the server as a whole: fault WHAT STATUS PATTERN ------------------------------------------------------------
fault() {
	[ ! -e "$dir/taken" ] || : > "$dir/taken"
	send ok1@x.example ok2@x.example
	check_same "$1: exit status" "$2" "$status"
	check_same "$1: nobody is blamed" "unsent 0 unsent 0" "$(outcome ok1@x.example) $(outcome ok2@x.example)"
	check_same "$1: nothing arrived" 0 "$(wc -l < "$dir/taken")"
	check_says "$1: one sentence" "^error $2 localhost:$port: .*$3" cat out
}

port=$(free_port)
configure "tls = none"
fault "no server" 69 "Connection refused"
python3 - > full <<'END' &
import socket, sys, time
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(0)  # and nobody ever takes a call
waiting = [socket.socket() for _ in range(3)]
for call in waiting:
    call.setblocking(False)
    call.connect_ex(server.getsockname())
print(server.getsockname()[1])
sys.stdout.flush()
time.sleep(60)
END
at_exit "kill $! 2>/dev/null"
eventually [ -s full ]
port=$(cat full)
configure "tls = none"
fault "a server that does not take the call" 69 "timed out"
for code in 421 554; do
	serve --greet "$code 4.3.2 closed for today"
	configure "tls = none"
	fault "greeted with $code" 69 "closed for today"
done
serve --ehlo-reply "421 4.3.2 not today"
configure "tls = none"
fault "EHLO answered with 421" 69 "not today"
serve
configure "tls = none"
for who in rcpt552 end552e; do
	send "$who@x.example" ok2@x.example
	single check_same "$who, 552 5.3.4: our message is too big for the server, and the same for everybody" \
		"78 unsent unsent" "$status $(outcome "$who@x.example" | cut -d' ' -f1) $(outcome ok2@x.example | cut -d' ' -f1)"
done
serve --chunking
configure "tls = none"
send ok1@x.example stallbdat@x.example ok2@x.example
# whether the mark was asked for before the silence is a matter of time: sent it is never
check_says "no reply to a piece of the data: not sent, or in doubt" "^stallbdat@x.example (unsent 0|unknown 1)" cat out
check_same "BDAT stall: the one before it was sent, nothing is lost or twice" "1 0" \
	"$(taken ok1@x.example) $(taken stallbdat@x.example)"
for reply in "530 5.7.0 log in first" "535 5.7.8 no" "454 4.7.0 no" "552 5.3.4 too big" "550 5.7.0 policy"; do
	serve --mail-reply "$reply"
	configure "tls = none"
	fault "MAIL answered with $reply" 78 "$reply"
	single check_same "$reply: at the first message it ends" 1 "$(grep -c '^MAIL' "$dir/said")"
	serve --rcpt-reply "$reply"
	configure "tls = none"
	fault "RCPT answered with $reply" 78 "$reply"
done
serve --mail-reply "421 4.3.2 too busy"
configure "tls = none"
send ok1@x.example ok2@x.example
check_same "a server that is busy all the time is a fault" 69 "$status"

serve
sed -i 's/host = localhost/host = mail.example/' ws/plico.conf
configure
sed -i 's/host = localhost/host = mail.example/' ws/plico.conf
echo "tls = none" >> ws/plico.conf
send ok1@x.example
check_same "no encryption is only for this machine" "78 unsent 0" "$status $(outcome ok1@x.example)"
check_says "and that is said" "smtp.tls = none is only" cat out

# --- TLS ------------------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086
serve $good
configure "ca_file = $WORK/tls/ca.pem"
send ok1@x.example
check_same "a good certificate: sent" "sent 1 0" "$(outcome ok1@x.example) $status"
check "the server is told whom we want" grep -q '^SNI localhost$' "$dir/said"
sed -i 's/host = localhost/host = 127.0.0.1/' ws/plico.conf
send ok1@x.example
check_same "a certificate for another name than the one configured" "unsent 0 78" "$(outcome ok1@x.example) $status"
serve --cert "$WORK/tls/127.0.0.1.pem" --key "$WORK/tls/127.0.0.1.key"
configure "ca_file = $WORK/tls/ca.pem"
sed -i 's/host = localhost/host = 127.0.0.1/' ws/plico.conf
send ok1@x.example
check_same "a certificate for an address" "sent 1 0" "$(outcome ok1@x.example) $status"
configure "ca_file = $WORK/foreign/ca.pem"
fault "an authority that we do not know" 78 "certificate is refused"
serve --cert "$WORK/tls/elsewhere.example.pem" --key "$WORK/tls/elsewhere.example.key"
configure "ca_file = $WORK/tls/ca.pem"
fault "a certificate for another name" 78 "certificate is refused"
serve --cert "$WORK/expired/localhost.pem" --key "$WORK/expired/localhost.key"
configure "ca_file = $WORK/tls/ca.pem"
fault "a certificate that is over" 78 "certificate is refused: certificate has expired"
serve
configure "ca_file = $WORK/tls/ca.pem"
fault "no STARTTLS" 78 "STARTTLS"
for how in 421 454 garbage close inject old silence; do
	# shellcheck disable=SC2086
	serve $good --starttls $how
	configure "ca_file = $WORK/tls/ca.pem"
	fault "STARTTLS that ends in $how" 69 "."
	check_same "$how: no mail in the clear" 0 "$(grep -c '^MAIL' "$dir/said")"
done
configure "ca_file = $WORK/nowhere.pem"
send ok1@x.example
check_same "a ca_file that is not there" 78 "$status"

# --- TLS from the first byte ----------------------------------------------------------------------------------------
# shellcheck disable=SC2086
serve --implicit $good
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
send ok1@x.example
check_same "implicit TLS: sent" "sent 1 0" "$(outcome ok1@x.example) $status"
check "the server is told whom we want" grep -q '^SNI localhost$' "$dir/said"
check "TLS 1.3, since the library is not in the way" grep -q '^TLS TLSv1.3$' "$dir/said"
# shellcheck disable=SC2016
check_same "our goodbye is waited for" QUIT "$(tail -n 1 "$dir/said")"
sed -i 's/host = localhost/host = 127.0.0.1/' ws/plico.conf
send ok1@x.example
check_same "implicit: a certificate for another name than the one configured" "unsent 0 78" "$(outcome ok1@x.example) $status"
serve --implicit --cert "$WORK/tls/127.0.0.1.pem" --key "$WORK/tls/127.0.0.1.key"
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
sed -i 's/host = localhost/host = 127.0.0.1/' ws/plico.conf
send ok1@x.example
check_same "implicit: a certificate for an address" "sent 1 0" "$(outcome ok1@x.example) $status"
configure "tls = implicit" "ca_file = $WORK/foreign/ca.pem"
fault "implicit: an authority that we do not know" 78 "certificate is refused"
serve --implicit --cert "$WORK/tls/elsewhere.example.pem" --key "$WORK/tls/elsewhere.example.key"
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
fault "implicit: a certificate for another name" 78 "certificate is refused: hostname mismatch"
serve --implicit --cert "$WORK/expired/localhost.pem" --key "$WORK/expired/localhost.key"
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
fault "implicit: a certificate that is over" 78 "certificate is refused: certificate has expired"
for how in garbage close old silence; do
	# shellcheck disable=SC2086
	serve --implicit $good --starttls $how
	configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
	fault "implicit: a handshake that ends in $how" 69 "no TLS: .*(465)"
	check_same "implicit, $how: not a word" 0 "$(wc -l < "$dir/said")"
done
# shellcheck disable=SC2086
serve --implicit $good --starttls sleep
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
fault "implicit: no greeting behind the handshake" 69 "no reply came in 3 seconds"
# shellcheck disable=SC2086
serve $good
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
fault "implicit, and the server begins in the clear" 69 "no TLS: .*starttls for one that begins in the clear"
check_same "it heard no word of SMTP" 0 "$(grep -c -e EHLO -e MAIL "$dir/said")"
# shellcheck disable=SC2086
serve --implicit $good
configure "ca_file = $WORK/tls/ca.pem"
fault "STARTTLS, and the server begins with TLS" 69 "."
configure "ca_file = $WORK/tls/ca.pem"
sed -i 's/^port = .*/port = 465/' ws/plico.conf
send ok1@x.example
check_same "that port 465 has no STARTTLS is known before" "78 unsent 0" "$status $(outcome ok1@x.example)"
check_says "and said" "set smtp.tls = implicit" cat out
port=$(free_port)
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
fault "implicit: no server" 69 "Connection refused"
# shellcheck disable=SC2086
serve --implicit $good --per-connection 2
configure "tls = implicit" "ca_file = $WORK/tls/ca.pem"
send a@x.example b@x.example c@x.example d@x.example e@x.example
single check_same "implicit: another line after two messages" "5 3" "$(grep -c ' sent 1' out) $(grep -c '^TLS' "$dir/said")"
send ok1@x.example nodot@x.example ok2@x.example
check_same "implicit: without the mark the dot does not leave" "74 unsent 0 0" \
	"$status $(outcome nodot@x.example) $(taken nodot@x.example)"
send ok1@x.example dropdata@x.example ok2@x.example
check_same "implicit: a line that is cut before the data" "unsent 0 0" \
	"$(outcome dropdata@x.example) $(taken dropdata@x.example)"

# --- AUTH -----------------------------------------------------------------------------------------------------------
echo secret > password
chmod 400 password
echo wrong > wrong
chmod 400 wrong
for mechanism in PLAIN LOGIN "CRAM-MD5 PLAIN" "XOAUTH2 LOGIN"; do
	# shellcheck disable=SC2086
	serve $good --auth "$mechanism"
	configure "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/password"
	send ok1@x.example ok2@x.example
	check_same "AUTH $mechanism" "sent 1 sent 1 0" \
		"$(outcome ok1@x.example) $(outcome ok2@x.example) $status"
	configure "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/wrong"
	fault "AUTH $mechanism with a wrong password" 78 "535 5.7.8"
	single check_same "$mechanism: asked once" 1 "$(grep -c '^AUTH' "$dir/said" | awk '{ print $1 - 1 }')"
	check_same "$mechanism: no MAIL without it" 2 "$(grep -c '^MAIL' "$dir/said")"
	check_same "the password is not shown" 0 "$(grep -c -e wrong -e d3Jvbmc out)"
done
for mechanism in CRAM-MD5 XOAUTH2 NTLM; do
	# shellcheck disable=SC2086
	serve $good --auth "$mechanism"
	configure "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/password"
	fault "only AUTH $mechanism" 78 "PLAIN or LOGIN|PLAIN o LOGIN"
	check_same "$mechanism: no MAIL" 0 "$(grep -c '^MAIL' "$dir/said")"
done
# shellcheck disable=SC2086
serve $good
configure "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/password"
fault "no AUTH offered" 78 "no authentication"
# shellcheck disable=SC2086
serve $good --auth PLAIN --auth-reply "454 4.7.0 the directory sleeps"
configure "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/password"
fault "AUTH refused for the moment" 69 "the directory sleeps"
# shellcheck disable=SC2086
serve $good --auth PLAIN --auth-reply "421 4.3.2 closing down"
configure "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/password"
fault "AUTH answered with 421" 69 "closing down"
for mechanism in PLAIN LOGIN; do
	# shellcheck disable=SC2086
	serve --implicit $good --auth $mechanism
	configure "tls = implicit" "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/password"
	send ok1@x.example
	check_same "implicit: AUTH $mechanism" "sent 1 0" "$(outcome ok1@x.example) $status"
	configure "tls = implicit" "ca_file = $WORK/tls/ca.pem" "user = mappa" "password_file = $WORK/wrong"
	fault "implicit: AUTH $mechanism with a wrong password" 78 "535 5.7.8"
done
