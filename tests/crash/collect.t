#!/bin/sh
# kill -9 at 600 random moments of `plico collect`: no message is lost, none is taken or read twice, and the answers of
# a whole rehearsal come out as if nothing had happened.
. "$SRCDIR/tests/lib.sh"
: "${KILLS:=600}" "${MESSAGES:=1500}" # KILLS=50 MESSAGES=300 is a short run

# A third each: text, a PDF that goes to quarantine, a bounce. All different, two of each ten the same once more.
make_messages() { # FROM TO
	python3 - "$1" "$2" ws/Maildir <<'END'
import base64
import os
import sys

first, last, maildir = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


def message(i):
    head = f'From: comune{i}@comune.example\nSubject: R: Mappa {i}\nMessage-ID: <{i}@comune.example>\nMIME-Version: 1.0\n'
    if i % 3 == 0:
        return head + f'\nBuongiorno, {i}\n'
    if i % 3 == 1:
        pdf = f'%PDF-1.4\n1 0 obj<</Type/Catalog/AcroForm<</Fields[<</FT/Tx/T(a)/V({i})>>]>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
        return head + 'Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n' + base64.encodebytes(pdf.encode()).decode()
    return head + 'Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nA: b\n\nAction: failed\nStatus: 5.1.1\n--b--\n'


def deliver(name, text):
    with open(f'{maildir}/tmp/{name}', 'w') as f:
        f.write(text)
    os.rename(f'{maildir}/tmp/{name}', f'{maildir}/new/{name}')


for i in range(first, last):
    deliver(f'{1760000000 + i}.M1.host', message(i))
    if i % 10 in (3, 7):
        deliver(f'{1760000000 + i}.M2.host', message(i))
END
}
waiting() {
	find ws/Maildir/new ws/Maildir/cur -type f | wc -l
}
query() {
	sqlite3 ws/plico.db "$1"
}
# Files in the mailbox and messages not yet read.
undone() {
	echo $(($(waiting) + $(query "SELECT count(*) FROM message WHERE state = 'new'")))
}
collect() {
	"$PLICO" collect -w ws --once --json
}

# The mail that came back in a rehearsal is collected once more, into a workspace that knows the same towns.
"$PLICO" rehearse --units 90 --seed 7 --json played > played.json || exit 99
"$PLICO" init ws > /dev/null
rm ws/keys/*
cp played/keys/* ws/keys/
sqlite3 ws/plico.db "ATTACH 'played/plico.db' AS played;
INSERT INTO unit SELECT * FROM played.unit; INSERT INTO contact SELECT * FROM played.contact;
INSERT INTO credential SELECT * FROM played.credential;
INSERT INTO wave SELECT * FROM played.wave; INSERT INTO dispatch SELECT * FROM played.dispatch;
INSERT INTO memory_print SELECT * FROM played.memory_print;"
cp played/Maildir/.Processed/cur/* ws/Maildir/cur/
returned=$(find ws/Maildir/cur -type f | wc -l)
answers() { # WORKSPACE
	sqlite3 "$1/plico.db" "SELECT u.code, r.section, a.question, a.value FROM answer a
JOIN \"return\" r ON r.id = a.return_id JOIN unit u ON u.id = r.unit_id WHERE r.state = 'applied' ORDER BY 1, 2, 3"
}
returns() { # WORKSPACE
	sqlite3 "$1/plico.db" "SELECT file_sha256, state, reason FROM \"return\" WHERE unit_id IS NOT NULL ORDER BY 1, 2, 3"
}

made=0 kills=0 runs=0 patience=200 # milliseconds
while [ "$kills" -lt "$KILLS" ] && [ "$runs" -lt $((KILLS * 10)) ]; do
	if [ "$(undone)" -eq 0 ]; then
		make_messages "$made" $((made + MESSAGES / 3))
		made=$((made + MESSAGES / 3))
	fi
	runs=$((runs + 1)) left=$(undone)
	wait=$(awk -v seed="$runs" -v most="$patience" 'BEGIN { srand(seed); printf "%.3f", (0.6 + rand() / 2) * most / 1000 }')
	# in the foreground, or timeout kills itself too and does not wait: who dies in a flush has the database locked until it is done
	timeout --foreground -s KILL "$wait" "$PLICO" collect -w ws --once > /dev/null 2>&1
	if [ $? -eq 137 ]; then kills=$((kills + 1)); else patience=$((patience * 3 / 4 + 1)); fi
	# as long as it takes to come a little further, on any machine: three kills at one message alone would give it up
	[ "$(undone)" -lt "$left" ] || patience=$((patience * 2))
done
while [ "$made" -lt "$MESSAGES" ]; do
	make_messages "$made" $((made + MESSAGES / 3))
	made=$((made + MESSAGES / 3))
done
all=$((made + returned))
echo "# $runs runs, $kills killed, $all messages, $(answers played | wc -l) answers"
check_same "$KILLS runs were killed" "$KILLS" "$kills"
check "the last run ends well" collect
check_same "nothing waits in the Maildir" 0 "$(waiting)"
check_same "each file is in Processed, the copies too" $((all + made / 5)) "$(find ws/Maildir/.Processed -type f | wc -l)"
check_same "each message is in the database, once" "$all $all" "$(query 'SELECT count(*), count(DISTINCT sha256) FROM message' | tr '|' ' ')"
check_same "each was received once, as the log says" "$all $all" "$(query "SELECT count(*), count(DISTINCT subject_id) FROM event WHERE what = 'message.received'" | tr '|' ' ')"
check_same "each was read" 0 "$(query "SELECT count(*) FROM message WHERE state = 'new'")"
check_same "and read once, as the log says" "$all $all" "$(query "SELECT count(*), count(DISTINCT subject_id) FROM event WHERE subject = 'message' AND what <> 'message.received'" | tr '|' ' ')"
check_same "none is given up before it was read three times alone" 0 "$(query "SELECT count(*) FROM message WHERE state = 'quarantined' AND attempts < 4")"
check_same "no part of a message is two returns" 0 "$(query 'SELECT count(*) FROM (SELECT 1 FROM "return" GROUP BY message_id, part HAVING count(*) > 1)')"
answers played > expected
answers ws > got
check "there are many answers" test "$(wc -l < expected)" -gt 1000
check "each answer of the rehearsal is there, once, with its value" diff expected got
returns played > expected
returns ws > got
check "each sheet of the rehearsal has the same state" diff expected got
check_same "the database is in order" ok "$(query 'PRAGMA integrity_check')"
check_same "each is in the archive" 0 "$(query 'SELECT sha256 FROM message' | while read -r sum; do
	file=ws/archive/$(echo "$sum" | cut -c1-2)/$(echo "$sum" | cut -c3-)
	[ "$(sha256sum < "$file" | cut -d' ' -f1)" = "$sum" ] || echo "$sum"
done | wc -l)"
