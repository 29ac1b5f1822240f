#!/bin/sh
# The rehearsal through a real Postfix and a real Dovecot: STARTTLS, authentication, IMAP for the survey and for each
# municipality.
. "$SRCDIR/tests/lib.sh"
tool=$SRCDIR/tests/tool
[ "$(id -u)" -eq 0 ] || skip_all "Postfix starts only as root"
for program in postfix dovecot jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
# the servers read their files as users of their own
umask 022
chmod 711 "$WORK"
at_exit "sh '$tool/dovecot.sh' stop '$WORK'"
check "Dovecot" sh "$tool/dovecot.sh" start "$WORK"
at_exit "sh '$tool/postfix.sh' stop '$WORK'"
check "Postfix" sh "$tool/postfix.sh" start "$WORK"
(umask 077 && echo secret > password)

check "20 municipalities through real servers" sh -c '"$PLICO" rehearse --units 20 --seed 11 --json \
	--smtp "localhost:$(cat postfix/port)" --imap "imap://localhost:$(cat dovecot/port)" \
	--ca-file tls/ca.pem --password-file password stage > servers.json'
cat servers.json 2> /dev/null | sed 's/^/# /'
check_same "no stored answer differs, no wrong fate" "20 0 0" \
	"$(jq -r '"\(.units) \(.mismatches) \(.surprises)"' servers.json)"
check "answers have come" jq -e '.answers > 100 and .applied > 5' servers.json
check_same "the states add up to the units" 20 \
	"$(jq '.units_completed + .units_in_progress + .units_never_opened' servers.json)"
check_same "all that was written to the survey was taken" "" \
	"$(find dovecot/mail/mappa@mappa.example/new dovecot/mail/mappa@mappa.example/cur -type f)"
