#!/bin/sh
# plico run: the service collects and sends, survives what happens to its workers, and ends when it is asked to.
. "$SRCDIR/tests/lib.sh"

"$PLICO" init ws > /dev/null
mkdir -p ws/Maildir/cur ws/Maildir/new ws/Maildir/tmp
configure() { # LINE ... of [inbox]
	printf '%s\n' '[mail]' channel=dir '[inbox]' poll=1 "$@" > ws/new.conf
	mv ws/new.conf ws/plico.conf
}
configure
sh "$SRCDIR/tests/tool/units.sh" a@x.example b@x.example > towns.csv
"$PLICO" units import -w ws towns.csv > /dev/null
"$PLICO" wave plan -w ws > /dev/null
mail() { # NUMBER
	printf 'From: a%s@comune.example\nSubject: R: %s\n\nBuongiorno %s\n' "$1" "$1" "$1"
}
deliver() { # NUMBER [MAILDIR]
	mail "$1" > "${2:-ws/Maildir}/tmp/$1"
	mv "${2:-ws/Maildir}/tmp/$1" "${2:-ws/Maildir}/new/$1"
}
query() {
	sqlite3 -cmd '.timeout 10000' ws/plico.db "$1"
}
is_read() { # NUMBER of messages
	[ "$(query "SELECT count(*) FROM message WHERE state = 'parsed'")" -eq "$1" ]
}
is_sent() {
	[ "$(query "SELECT count(*) FROM dispatch WHERE state = 'sent'")" -eq "$1" ]
}
worker() { # WORD: the process that has it
	pgrep -P "$service" -f "plico $1" | head -n 1
}
has() { # LINE of what the manager was told
	grep -q "^$1" told
}

# a service manager that listens
cat > listen.py <<'END'
import socket
import sys

manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
with open(sys.argv[2], "w") as told:
    while True:
        told.write(manager.recv(4096).decode() + "\n")
        told.flush()
END
python3 listen.py "$WORK/manager" told &
manager=$!
at_exit "kill $manager 2> /dev/null"
eventually test -S manager

deliver 1
NOTIFY_SOCKET=$WORK/manager WATCHDOG_USEC=2000000 "$PLICO" run -w ws > said 2>&1 &
service=$!
at_exit "kill -9 $service 2> /dev/null"
check "it says that it is ready" eventually has READY=1
check "what waits is read" eventually is_read 1
check "what is due is sent" eventually is_sent 2
deliver 2
check "what comes later too" eventually is_read 2
check "it says that it is alive" eventually has WATCHDOG=1
check_exit 75 "there is only one" "$PLICO" run -w ws

before=$(worker collect)
kill -9 "$before"
started_again() {
	now=$(worker collect)
	[ -n "$now" ] && [ "$now" != "$before" ]
}
check "a collector that is killed is started again" eventually started_again
deliver 3
check "and collects" eventually is_read 3
mkdir -p ws/Other/cur ws/Other/new ws/Other/tmp
deliver 4 ws/Other
configure "[inbox.first]" "[inbox.second]" "maildir=Other"
check "a changed configuration is taken up, with a second mailbox" eventually is_read 4
is_of_second() {
	[ "$(query "SELECT source FROM message WHERE source LIKE 'second%'")" = second/maildir:new/4 ]
}
check "the database says which mailbox it was" eventually is_of_second

workers=$(pgrep -P "$service" | tr '\n' ' ')
kill -TERM "$service"
wait "$service"
check_same "SIGTERM ends it well" 0 $?
check "it says that it stops" has STOPPING=1
# shellcheck disable=SC2086
check_same "no worker is left" "" "$(ps -o pid= -p "$(echo $workers | tr ' ' ',')")"
check_same "nothing is half done" "0 0" \
	"$(query "SELECT count(*) FROM message WHERE state <> 'parsed'") $(query "SELECT count(*) FROM dispatch WHERE state <> 'sent'")"

configure "source=imap"
"$PLICO" run -w ws > said 2>&1
check_same "what no second start makes better ends it" 78 $?
