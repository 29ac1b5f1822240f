#!/bin/sh
# plico collect over a Maildir.
. "$SRCDIR/tests/lib.sh"

check "a workspace" "$PLICO" init ws
check_says "an empty mailbox is said to be empty" 'Nothing new' "$PLICO" collect -w ws --once

cat > text <<'END'
From: Comune di Canosa <protocollo@canosa.example>
Subject: R: Mappa dei Comuni Digitali

Buongiorno, chi compila la sezione 3?
END
cat > bounce <<'END'
From: MAILER-DAEMON@mail.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Action: failed
Status: 5.1.1

--b--
END
sed 's/^Subject:/Auto-Submitted: auto-replied\n&/' text > vacation
sed 's/^Subject:/X-Ricevuta: avvenuta-consegna\n&/' text > receipt
cat > foreign <<'END'
From: Comune di Trani <protocollo@trani.example>
Subject: R: Mappa
Content-Type: application/pdf; name=altro.pdf

%PDF-1.4
END
printf 'From: %s\n\n' "$(awk 'BEGIN { while (i++ < 20000) printf "a:" }')" > groups
n=0
for f in text bounce vacation receipt foreign groups text; do
	n=$((n + 1))
	cp "$f" "ws/Maildir/new/$n.M1.host"
done
"$PLICO" collect -w ws --once --json > said
check "it prints JSON" jq -e . said
for expected in taken:6 again:1 too_large:0 messages:6 returns:1 applied:0 duplicates:0 held:0 quarantined:2 receipts:1 \
	bounces:1 auto_replies:1 other:1; do
	check_same "$expected" "${expected#*:}" "$(jq ".${expected%:*}" said)"
done
check_same "the Maildir is empty" 0 "$(find ws/Maildir/new ws/Maildir/cur -type f | wc -l)"
check_same "nothing was deleted" 7 "$(find ws/Maildir/.Processed/cur -type f | wc -l)"
check_same "the archive has each message once, and nobody else may read it" 6 \
	"$(find ws/archive -type f -perm 400 | wc -l)"
check_says "a second run finds nothing" 'Nothing new' "$PLICO" collect -w ws --once

cp foreign ws/Maildir/new/8.M1.host
echo >> ws/Maildir/new/8.M1.host
check_exit 1 "under --strict a file in quarantine is told by the exit status" "$PLICO" collect -w ws --once --strict
echo '[inbox]
maildir=nowhere' > ws/plico.conf
check_exit 78 "no Maildir is an error of the configuration" "$PLICO" collect -w ws --once
check_says "which says where it was looked for" 'nowhere: no Maildir here' "$PLICO" collect -w ws --once
: > ws/plico.conf

# --- without --once ------------------------------------------------------------------------------------------
echo '[inbox]
poll=1' > ws/plico.conf
"$PLICO" collect -w ws --json > rounds &
pid=$!
at_exit "kill $pid 2>/dev/null"
sed 's/sezione 3/sezione 4/' text > ws/Maildir/tmp/9.M1.host
mv ws/Maildir/tmp/9.M1.host ws/Maildir/new/
has_come() {
	[ "$(jq -s 'map(.messages) | add' rounds 2> /dev/null)" = 1 ]
}
check "without --once it looks again and again" eventually has_come
check_exit 75 "meanwhile nobody else collects" "$PLICO" collect -w ws --once
kill "$pid"
wait "$pid" 2> /dev/null
check "afterwards one may" "$PLICO" collect -w ws --once

# --- a full disk -----------------------------------------------------------------------------------------------
mkdir small
if mount -t tmpfs -o size=512k,mode=700 none small 2> /dev/null; then
	at_exit "umount '$WORK/small'"
	cp -r ws/archive/. small/ && rm -rf ws/archive && ln -s "$WORK/small" ws/archive
	dd if=/dev/zero of=small/filler bs=1k count=480 2> /dev/null
	sed 's/sezione 3/sezione 5/' text > ws/Maildir/new/10.M1.host
	check_exit 75 "on a disk that is nearly full nothing is taken" "$PLICO" collect -w ws --once
	check "the message stays where it is" test -e ws/Maildir/new/10.M1.host
	rm small/filler
	check_says "and is taken when there is room" 'taken from the mailbox  1' "$PLICO" collect -w ws --once
fi
