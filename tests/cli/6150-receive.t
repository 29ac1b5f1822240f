#!/bin/sh
# plico receive: a mail server hands over one message at a time, and believes the exit status.
. "$SRCDIR/tests/lib.sh"

"$PLICO" init ws > /dev/null
mail() { # NUMBER
	printf 'From: a%s@comune.example\nSubject: R: %s\nMessage-ID: <%s@comune.example>\n\nBuongiorno %s\n' "$1" "$1" "$1" "$1"
}
query() {
	sqlite3 ws/plico.db "$1"
}
receive() { # FILE [OPTION ...]
	file=$1
	shift
	"$PLICO" receive -w ws "$@" < "$file"
}

mail 1 > one
check "a message is taken" receive one
sum=$(sha256sum < one | cut -d' ' -f1)
kept=ws/archive/$(echo "$sum" | cut -c1-2)/$(echo "$sum" | cut -c3-)
check "its bytes are in the archive" cmp one "$kept"
check_same "it waits to be read" "stdin|new" "$(query 'SELECT source, state FROM message')"
check "the same once more is no error" receive one
check_same "and nothing new" 1 "$(query 'SELECT count(*) FROM message')"
check_says "the next collect reads it" '"messages":1' "$PLICO" collect -w ws --once --json

# --- whatever fails: the mail server keeps it ---------------------------------------------------------------------
: > empty
check_exit 75 "no message at all" receive empty
head -c 36700161 /dev/zero > large
check_exit 75 "one larger than 35 MB" receive large
mail 2 > two
check_exit 75 "an option that there is not" receive two --nothing
check_exit 75 "a workspace that there is not" sh -c '"$PLICO" receive -w nowhere < two'
printf '[nothing]\na=b\n' > ws/plico.conf
check_exit 75 "a configuration that cannot be read" receive two
: > ws/plico.conf
sum=$(sha256sum < two | cut -d' ' -f1)
shelf=ws/archive/$(echo "$sum" | cut -c1-2)
[ ! -d "$shelf" ] || mv "$shelf" "$shelf.away"
: > "$shelf"
check_exit 75 "an archive that cannot be written" receive two
rm "$shelf"
check_same "nothing of all this is in the database" 1 "$(query 'SELECT count(*) FROM message')"
check "it is taken when all is well again" receive two

# --- many at once, while plico collect is at work --------------------------------------------------------------------
mkdir -p ws/Maildir/cur ws/Maildir/new ws/Maildir/tmp
for i in $(seq 100 160); do
	mail "$i" > "ws/Maildir/new/$i.M1.test"
done
"$PLICO" collect -w ws --once > collected 2>&1 &
collector=$!
pids=
for i in $(seq 11 30); do
	mail "$i" > "m$i"
	receive "m$i" &
	pids="$pids $!"
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
wait "$collector"
check_same "the collector has ended well" 0 $?
check_same "each of twenty was taken" 0 "$failed"
check_same "all are there, from both sides" "20 61" \
	"$(query "SELECT count(*) FROM message WHERE source = 'stdin' AND id > 2") $(query "SELECT count(*) FROM message WHERE source LIKE 'maildir:%'")"
"$PLICO" collect -w ws --once > /dev/null
check_same "and read" 0 "$(query "SELECT count(*) FROM message WHERE state = 'new'")"
