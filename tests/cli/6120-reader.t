#!/bin/sh
# The program that reads mail in the cage: where it is looked for, and what is said when it is not there or another's.
. "$SRCDIR/tests/lib.sh"
here=$(dirname "$PLICO")

"$PLICO" init ws > /dev/null
mkdir -p ws/Maildir/cur ws/Maildir/new ws/Maildir/tmp
printf 'From: a@comune.example\nSubject: R: modulo\n\nBuongiorno\n' > ws/Maildir/new/1.a
state() {
	sqlite3 ws/plico.db 'SELECT state, attempts FROM message'
}

mkdir -p usr/bin usr/libexec/plico else
cp "$PLICO" usr/bin/plico
cp "$here/plico-reader" else/plico-reader
collect() {
	PATH=$WORK/else:$PATH usr/bin/plico collect -w ws --once
}
check_exit 69 "without it no mail is read" collect
check_says "where it should be is said, and nobody looks in PATH" "$WORK/usr/libexec/plico/plico-reader: No such file" collect
check_same "the message waits, and is not blamed" "new|0" "$(state)"

printf '#!/bin/sh\nexit 0\n' > usr/libexec/plico/plico-reader
chmod 755 usr/libexec/plico/plico-reader
check_exit 69 "nor by another program" collect
check_says "that is said too" "plico-reader: of another version than this plico" collect
check_same "the message still waits" "new|0" "$(state)"

cp else/plico-reader usr/libexec/plico/plico-reader
check "with it, as it is installed, mail is read" collect
check_same "once" "parsed|1" "$(state)"
check_exit 64 "by hand it does nothing" "$here/plico-reader"
