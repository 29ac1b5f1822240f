#!/bin/sh
# A real Postfix takes our letters on and bounces some of them, in its own words; what it writes comes to our mailbox, is
# collected and tied to its letter, whether ordinary mail leaves under an address of its own (mail.bounces) or not.
. "$SRCDIR/tests/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "Postfix starts only as root"
command -v postfix > /dev/null || skip_all "postfix is not installed"

plico() {
	"$PLICO" -w "$ws" "$@"
}

sql() {
	sqlite3 -cmd '.timeout 10000' "$ws/plico.db" "$1"
}

# where ADDRESS: the message, and where the town's letter is
where() {
	plico status > /dev/null
	sql "SELECT d.state || ' ' || s.delivery FROM dispatch AS d JOIN unit_state AS s ON s.unit_id = d.unit_id WHERE d.address = '$1@x.example'"
}

has_come() {
	[ "$(find "$mailbox/new" -type f 2> /dev/null | wc -l)" -ge "$1" ]
}

# come N: so many messages are in the mailbox
come() {
	eventually has_come "$1"
	check_same "what Postfix delivers comes to the mailbox" "$1" "$(find "$mailbox/new" -type f | wc -l)"
}

mkdir post next
python3 "$SRCDIR/tests/tool/smtpd_fault.py" next 2> next/log &
at_exit "kill $! 2>/dev/null"
eventually [ -s next/port ]
# local: Postfix itself has no such mailbox; rcpt550: the next server knows nobody of that name; end554e, end552e: it refuses the
# message, or its size
next="smtp:[127.0.0.1]:$(cat next/port)"
"$SRCDIR/tests/tool/postfix.sh" start "$WORK/post" "$(free_port)" "smtpd_reject_unlisted_recipient = no
virtual_mailbox_maps = regexp:{{!/^local@/ all/}}
transport_maps = inline:{ {rcpt550@x.example = $next}, {end554e@x.example = $next}, {end552e@x.example = $next} }"
at_exit "$SRCDIR/tests/tool/postfix.sh stop $WORK/post"
mailbox=$WORK/post/postfix/mail/all

# campaign NAME CHANNEL LINE...: a workspace, sent by this Postfix, read from its mailbox; the lines stand in [mail]
campaign() {
	ws=$WORK/$1 channel=$2
	shift 2
	rm -rf "$mailbox"
	"$PLICO" init "$ws" > /dev/null
	{
		printf '[inbox]\nmaildir = %s\n[smtp]\nport = %s\ntls = starttls\nca_file = %s\ntimeout = 20\n[mail]\nchannel = smtp\n' \
			"$mailbox" "$(cat post/postfix/port)" "$WORK/post/tls/ca.pem"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} > "$ws/plico.conf"
	sh "$SRCDIR/tests/tool/units.sh" local@x.example rcpt550@x.example end554e@x.example end552e@x.example arrives@x.example > towns.csv
	plico units import towns.csv > /dev/null
	sql "UPDATE contact SET channel = '$channel'"
	plico wave plan > /dev/null
	check "$ws: Postfix takes all on" plico wave send
	check_same "so they are sent" 5 "$(sql "SELECT count(*) FROM dispatch WHERE state = 'sent'")"
	come 5 # four bounces, one letter
}

# each_bounced: is tied to its letter
each_bounced() {
	plico collect --once --json > out
	check_same "four bounces, and the letter that came back to nobody" "5 4" "$(jq -r '"\(.messages) \(.bounces)"' out)"
	for who in local rcpt550 end554e end552e; do
		check_same "$who: not delivered" "sent undelivered" "$(where $who)"
	done
	check_same "the other is still on its way" "sent sent" "$(where arrives)"
	check_same "each is one event, with the bounce as its evidence" "4 4" \
		"$(sql "SELECT count(*), count(DISTINCT m.id) FROM event AS e JOIN message AS m ON m.sha256 = e.evidence
			WHERE e.what = 'dispatch.undelivered' AND m.class = 'bounce'" | tr '|' ' ')"
	check_same "status counts them" 4 "$(plico status --json | jq .undelivered)"
}

# in_italian CODE WORDS: the town's page says why
in_italian() {
	plico units show "$1" > shown
	LANGUAGE=it plico units show "$1" > mostrato
	check_says "$1: why, in Italian" "$2" cat mostrato
	check_says "$1: and the server's own words" "$3" cat shown
}

campaign plain mail
each_bounced
in_italian A001 'la casella non esiste \(5\.1\.1 .*IPA' 'unknown user'
in_italian A002 'la casella non esiste \(5\.1\.1 ' '550 5\.1\.1 <rcpt550@x.example> refused'
in_italian A004 'troppo grande .*meno moduli' '552 5\.3\.4'
check_same "no bounce came to an address of its own" 0 "$(grep -rl '^To: rimbalzi+' "$mailbox" | wc -l)"

campaign tagged mail 'bounces = rimbalzi@mappa.example'
each_bounced
check_same "each came to an address of its own" 4 "$(grep -rlE '^(Delivered-To|X-Original-To|To): rimbalzi[+][a-z0-9]{12}@' "$mailbox" | wc -l)"

# such an address is enough, though nothing of the letter is in what comes back
campaign alone mail 'bounces = rimbalzi@mappa.example'
id=$(sql "SELECT message_id FROM dispatch WHERE address = 'arrives@x.example'")
tag=$(echo "${id%@*}" | sed 's/.*\.//' | tr A-Z a-z)
printf 'From: MAILER-DAEMON@altro.example\nTo: rimbalzi+%s@mappa.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n' \
	"$tag" > "$mailbox/new/1.M1.host"
plico collect --once > /dev/null
check_same "one without any of it tells at least that it left" "sent sent" "$(where arrives)"

campaign certified pec 'bounces = rimbalzi@mappa.example'
each_bounced
check_same "certified mail leaves under one address" 0 "$(grep -rl '^To: rimbalzi+' "$mailbox" | wc -l)"

# --- of a letter whose reply was lost ------------------------------------------------------------------------------------
campaign lost mail
sql "UPDATE dispatch SET state = 'unknown'; UPDATE wave SET state = 'done'"
plico collect --once > /dev/null
check_same "it was sent, and not delivered" "sent undelivered sent undelivered" "$(where rcpt550) $(where local)"
check_same "of the other nothing came back" "unknown" "$(where arrives | cut -d' ' -f1)"
check_says "the history tells both" 'message sent  unknown  sent' plico units show A002
