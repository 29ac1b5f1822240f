#!/bin/sh
# A message that plico does not survive, among others: it ends up in quarantine, and takes nobody with it.
. "$SRCDIR/tests/lib.sh"

# shellcheck disable=SC2086
${CC:-cc} -shared -fPIC -O1 -o poison.so "$SRCDIR/tests/crash/poison.c" -ldl || exit 99
"$PLICO" init ws > /dev/null
mkdir -p ws/Maildir/cur ws/Maildir/new ws/Maildir/tmp
for i in $(seq 101 200); do
	subject="R: $i"
	[ "$i" -ne 140 ] || subject="veleno"
	printf 'From: a%s@comune.example\nSubject: %s\n\nBuongiorno %s\n' "$i" "$subject" "$i" > "ws/Maildir/new/$i.M1.test"
done
query() {
	sqlite3 ws/plico.db "$1"
}
poisoned() {
	env LD_PRELOAD="$WORK/poison.so" PLICO_POISON=veleno "$PLICO" collect -w ws --once
}

deaths=0
for _ in 1 2 3 4 5 6 7 8; do
	poisoned > said 2>&1
	case $? in
	137) deaths=$((deaths + 1)) ;;
	0) break ;;
	*) cat said && break ;;
	esac
done
check_same "plico dies of it among others, and three times alone" 4 "$deaths"
check_same "then it is set aside, unread" "quarantined|crash" "$(query "SELECT state, reason FROM message WHERE state <> 'parsed'")"
check_same "all others are read" 99 "$(query "SELECT count(*) FROM message WHERE state = 'parsed'")"
check_same "once" 99 "$(query "SELECT count(DISTINCT subject_id) FROM event WHERE what = 'message.parsed'")"
check_same "in the order in which they came" 0 "$(query "SELECT count(*) FROM event AS a JOIN event AS b ON b.seq > a.seq AND b.subject_id < a.subject_id
	WHERE a.what = 'message.parsed' AND b.what = 'message.parsed'")"
check_same "none of them was near the quarantine" 2 "$(query "SELECT max(attempts) FROM message WHERE state = 'parsed'")"
check "a person lets it be read again" sh -c '"$PLICO" quarantine retry -w ws "m$(sqlite3 ws/plico.db "SELECT id FROM message WHERE state = '"'quarantined'"'")"'
check "where nothing kills plico it is read" "$PLICO" collect -w ws --once
check_same "and it is done" 100 "$(query "SELECT count(*) FROM message WHERE state = 'parsed'")"
