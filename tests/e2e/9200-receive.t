#!/bin/sh
# A real Postfix hands each mail to plico receive, as docs/service.md says: what it was told is kept is in the archive and in the
# database, and what plico could not keep stays in Postfix's queue until it can.
. "$SRCDIR/tests/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "Postfix starts only as root"
command -v postfix > /dev/null || skip_all "postfix is not installed"

mkdir post bin
cp "$PLICO" bin/plico
chmod 755 bin bin/plico
"$PLICO" init ws > /dev/null
chown -R nobody ws
at_exit "$SRCDIR/tests/tool/postfix.sh stop $WORK/post"
"$SRCDIR/tests/tool/postfix.sh" start "$WORK/post" "$(free_port)" "virtual_transport = plico
plico_destination_recipient_limit = 1" \
	"plico unix - n n - 4 pipe user=nobody argv=$WORK/bin/plico receive -w $WORK/ws" || exit 99

sql() {
	sqlite3 -cmd '.timeout 10000' ws/plico.db "$1"
}
rows() {
	sql "SELECT count(*) FROM message"
}
has() { # NUMBER of messages
	[ "$(rows)" -ge "$1" ]
}
is_deferred() { # NUMBER of them
	[ "$(find post/postfix/spool/deferred -type f | wc -l)" -eq "$1" ]
}
is_idle() { # nothing is in Postfix's hands
	[ "$(find post/postfix/spool/incoming post/postfix/spool/active post/postfix/spool/deferred -type f | wc -l)" -eq 0 ]
}

cat > send.py <<'END'
"""send.py PORT FIRST LAST: mails from FIRST to LAST, four lines at once; what Postfix takes on is printed."""
import smtplib
import sys
from concurrent.futures import ThreadPoolExecutor

port, first, last = map(int, sys.argv[1:])


def send(number):
    body = f"Messaggio {number}: perché no?\r\n.\r\n..punto\r\nFrom chi?\r\n" + f"{number:08d}" * 100 + "\r\n" * (number % 3)
    text = (f"From: a{number}@comune.example\r\nTo: mappa@x.example\r\nSubject: R: {number}\r\nMessage-ID: <{number}@comune.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body)
    with smtplib.SMTP("127.0.0.1", port, timeout=120) as server:
        server.sendmail(f"a{number}@comune.example", ["mappa@x.example"], text.encode(), ["BODY=8BITMIME"])
    print(number, flush=True)


with ThreadPoolExecutor(4) as lines:
    list(lines.map(send, range(first, last + 1)))
END
port=$(cat post/postfix/port)

python3 send.py "$port" 1 40 > taken
check "each of 40 mails comes through the pipe" eventually has 40
check_same "once" "40 40" "$(wc -l < taken) $(rows)"
check "Postfix has none of them any more" eventually is_idle
check_same "the archive has what the database says" 0 "$(sql 'SELECT sha256 FROM message' | while read -r sum; do
	file=ws/archive/$(echo "$sum" | cut -c1-2)/$(echo "$sum" | cut -c3-)
	[ "$(sha256sum < "$file" | cut -d' ' -f1)" = "$sum" ] || echo "$sum"
done | wc -l)"
file=$(grep -rl '^Subject: R: 7$' ws/archive)
check_same "whole, dots and all" "Messaggio 7: perché no?|.|..punto|From chi?" "$(sed '1,/^$/d' "$file" | head -n 4 | tr '\n' '|' | sed 's/|$//')"

# --- plico cannot keep it ---------------------------------------------------------------------------------------------------
mv ws/plico.conf conf
printf '[nothing]\na=b\n' > ws/plico.conf
chown nobody ws/plico.conf
python3 send.py "$port" 41 45 >> taken
check "what plico cannot keep waits at the server" eventually is_deferred 5
check_same "and is nowhere else" 40 "$(rows)"
mv conf ws/plico.conf
postfix -c "$WORK/post/postfix/etc" flush 2> /dev/null
check "when it can, it comes" eventually has 45
check_same "all that Postfix has taken on, once" "45 45" "$(sort -u taken | wc -l) $(rows)"
check "nobody was told of a failure" eventually is_idle

# --- killed while mails come in ----------------------------------------------------------------------------------------------
python3 send.py "$port" 46 85 >> taken &
sender=$!
kills=0
while kill -0 "$sender" 2> /dev/null; do
	for pid in $(pgrep -U nobody -f "^$WORK/bin/plico receive"); do
		kill -9 "$pid" 2> /dev/null && kills=$((kills + 1))
	done
	sleep 0.02
done
wait "$sender"
echo "# $kills killed"
comes_in_the_end() {
	postfix -c "$WORK/post/postfix/etc" flush 2> /dev/null
	sleep 0.5
	has 85 && is_idle
}
check "killed at whatever moment, each comes in the end" eventually comes_in_the_end
check_same "85 of them, none lost, none twice" "85 85 85" \
	"$(sort -u taken | wc -l) $(rows) $(for f in $(sql 'SELECT substr(sha256, 1, 2) || "/" || substr(sha256, 3) FROM message'); do
		sed -n 's/^Subject: R: //p' "ws/archive/$f"
	done | sort -u | wc -l)"
check_says "and all are read" '"messages":85' "$PLICO" -w ws collect --once --json
