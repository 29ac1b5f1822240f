#!/bin/sh
# A real Dovecot: encryption and its lack, a large message, a server without MOVE, random kills, a change of UIDVALIDITY.
. "$SRCDIR/tests/lib.sh"
: "${COLLECT:=$PLICO collect --once --json -w}"
command -v dovecot > /dev/null || skip_all "no dovecot"

chmod 711 "$WORK" # Dovecot is not root
sh "$SRCDIR/tests/tool/dovecot.sh" start "$WORK/mail" || exit 99
at_exit "sh '$SRCDIR/tests/tool/dovecot.sh' stop '$WORK/mail'"
run=$WORK/mail/dovecot
port=$(cat "$run/port") tls_port=$(cat "$run/tls_port")
box=$run/mail/mappa@mappa.example

"$PLICO" init ws > /dev/null
(umask 077 && echo secret > ws/keys/imap.password)

# configure LINE ...: of the group [inbox]
configure() {
	{
		echo "[inbox]"
		echo "source=imap"
		echo "imap_user=mappa@mappa.example"
		printf '%s\n' "$@"
	} > ws/plico.conf
}
starttls="imap_url=imap://localhost:$port"
ca="imap_ca_file=$WORK/mail/tls/ca.pem"

# The server makes the box; deliver() then puts messages there as a delivery program does.
configure "$starttls" "$ca"
check "an empty folder is no error, and Processed is there" $COLLECT ws
owner=$(stat -c %u:%g "$box")
serial=0
deliver() { # FILE
	serial=$((serial + 1))
	cp "$1" "$box/tmp/$serial.test"
	chown "$owner" "$box/tmp/$serial.test"
	chmod 600 "$box/tmp/$serial.test"
	mv "$box/tmp/$serial.test" "$box/new/$(date +%s).M${serial}P1.test"
}
mail() { # NUMBER
	printf 'From: a%s@comune.example\nSubject: R: %s\nMessage-ID: <%s@comune.example>\n\nBuongiorno %s\n' "$1" "$1" "$1" "$1"
}
rows() {
	sqlite3 ws/plico.db 'SELECT count(*) FROM message'
}
waiting() {
	find "$box/new" "$box/cur" -type f | wc -l
}
done_() {
	find "$box/.Processed" -type f -path '*/[nc][eu][wr]/*' | wc -l
}

# --- encryption ----------------------------------------------------------------------------------------------
mail 1 > one
deliver one
configure "$starttls"
check_exit 69 "a certificate that nobody vouches for is refused" $COLLECT ws
configure "imap_url=imap://127.0.0.2:$port" "$ca"
check_exit 69 "a server that is not there is unavailable" $COLLECT ws
configure "imap_url=imap://mail.example:$port" "imap_tls=none"
check_exit 78 "no encryption is for this machine only" $COLLECT ws
configure "imap_url=http://localhost/"
check_exit 78 "the address must be one of IMAP" $COLLECT ws
echo wrong > ws/keys/imap.password
configure "$starttls" "$ca"
check_exit 78 "a wrong password is an error of the configuration" $COLLECT ws
echo secret > ws/keys/imap.password
configure "$starttls" "$ca" "imap_folder=Nowhere"
check_exit 78 "a folder that is not there too" $COLLECT ws
check_same "nothing was taken so far" 0 "$(rows)"
configure "$starttls" "$ca"
check "STARTTLS, verified" $COLLECT ws
check_same "the message is taken" 1 "$(rows)"
check_same "and moved" "0 1" "$(waiting) $(done_)"
mail 2 > two
deliver two
configure "imap_url=imaps://localhost:$tls_port" "$ca" "imap_done=Posta elaborata"
check "TLS from the start, and a folder with a blank that is not there yet" $COLLECT ws
check_same "the second message is taken and moved" "2 0" "$(rows) $(waiting)"
check "into the folder that was made" test -n "$(ls "$box/.Posta elaborata/cur")"
configure "imap_url=imap://127.0.0.1:$port" "imap_tls=none"
mail 3 > three
deliver three
check "no encryption on loopback, where the configuration says so" $COLLECT ws
check_same "the third message is taken and moved" "3 0 2" "$(rows) $(waiting) $(done_)"

# --- what is in the archive is what was sent -------------------------------------------------------------------
sum=$(sed 's/$/\r/' three | sha256sum | cut -d' ' -f1)
check "the archive has its bytes, lines ended by CRLF" test -f "ws/archive/$(echo "$sum" | cut -c1-2)/$(echo "$sum" | cut -c3-)"

# --- too large ---------------------------------------------------------------------------------------------------
{
	mail 4
	dd if=/dev/zero bs=1048576 count=28 2> /dev/null | base64
} > large
deliver large
mail 5 > five
deliver five
check_says "what is too large stays" '"too_large":1' $COLLECT ws
check_same "what is behind it is taken" "4 1" "$(rows) $(waiting)"
rm "$box"/cur/* "$box"/new/* 2> /dev/null

# --- a deleted message is not taken, a seen one is ---------------------------------------------------------------
mail 6 > six
deliver six
mv "$box/new/"*".M${serial}P1.test" "$box/cur/6.M${serial}P1.test:2,ST"
mail 7 > seven
deliver seven
mv "$box/new/"*".M${serial}P1.test" "$box/cur/7.M${serial}P1.test:2,S"
check_says "of a deleted and a seen message one is taken" '"taken":1' $COLLECT ws
check_same "the deleted one stays" "5 1" "$(rows) $(waiting)"
rm "$box"/cur/*

# --- 500 messages, random kills, another UIDVALIDITY midway ---------------------------------------------------------
for i in $(seq 1001 1500); do
	mail "$i" > m
	deliver m
done
before=$(rows) moved=$(done_)
kills=0 runs=0 changed= patience=50
while [ "$(waiting)" -gt 0 ] && [ "$runs" -lt 200 ]; do
	runs=$((runs + 1)) left=$(waiting)
	if [ -z "$changed" ] && [ "$left" -lt 450 ]; then
		changed=yes
		rm -f "$box/dovecot-uidlist" "$box"/dovecot.index*
	fi
	wait=$(awk -v seed="$runs" -v most="$patience" 'BEGIN { srand(seed); printf "%.3f", (rand() + 0.2) * most / 1000 }')
	timeout --foreground -s KILL "$wait" $COLLECT ws > /dev/null 2>&1
	[ $? -ne 137 ] || kills=$((kills + 1))
	# as long as it takes to come a little further, on any machine
	[ "$(waiting)" -lt "$left" ] || patience=$((patience + patience / 4 + 1))
done
echo "# $runs runs, $kills killed, UIDVALIDITY changed: ${changed:-no}"
check "runs were killed" test "$kills" -gt 5
check "the UIDVALIDITY changed midway" test -n "$changed"
check_same "500 messages are in the database, none twice" 500 "$(($(rows) - before))"
check_same "none is left, all are in Processed" "0 500" "$(waiting) $(($(done_) - moved))"
check_same "each is in the archive" 0 "$(sqlite3 ws/plico.db 'SELECT sha256 FROM message' | while read -r sum; do
	file=ws/archive/$(echo "$sum" | cut -c1-2)/$(echo "$sum" | cut -c3-)
	[ "$(sha256sum < "$file" | cut -d' ' -f1)" = "$sum" ] || echo "$sum"
done | wc -l)"

# --- the line is lost, at every step --------------------------------------------------------------------------------------
# Between any two bytes of what the server says, and of what plico says: what was moved is ours, what was not comes again.
before=$(rows) moved=$(done_)
for i in $(seq 2001 2012); do
	mail "$i" > m
	deliver m
done
cuts=0
lost=
for side in server client; do
	for bytes in 1 40 120 200 260 330 400 480 560 650 750 900 1100 1400 1800 2400 3200; do
		rm -f port
		python3 "$SRCDIR/tests/tool/cut_line.py" port "$port" "$side" "$bytes" &
		line=$!
		eventually [ -s port ]
		configure "imap_url=imap://127.0.0.1:$(cat port)" "imap_tls=none"
		timeout 60 $COLLECT ws > said 2>&1
		status=$?
		[ "$status" -eq 0 ] || cuts=$((cuts + 1))
		case $status in
		0 | 69) ;;
		*) lost="$lost $side:$bytes:status-$status" ;;
		esac
		kill "$line" 2> /dev/null
		# what is in Processed is in the database
		[ "$(($(done_) - moved))" -le "$(($(rows) - before))" ] || lost="$lost $side:$bytes:lost"
	done
done
echo "# $cuts runs were cut off"
check "lines were cut" test "$cuts" -gt 10
check_same "nothing was moved that was not kept, and no run crashed" "" "$lost"
configure "imap_url=imap://127.0.0.1:$port" "imap_tls=none"
check "a line that holds brings the rest" $COLLECT ws
check_same "each of twelve is in the database, once" 12 "$(($(rows) - before))"
check_same "none is left, all are in Processed" "0 12" "$(waiting) $(($(done_) - moved))"

# --- several mailboxes ------------------------------------------------------------------------------------------------------
(umask 077 && echo secret > ws/keys/second.password)
second=$run/mail/seconda@mappa.example
several() { # PORT of the first
	{
		printf '[inbox]\nsource=imap\n%s\nimap_tls=none\n' "imap_url=imap://127.0.0.1:$port"
		printf '[inbox.prima]\nimap_url=imap://127.0.0.1:%s\nimap_user=mappa@mappa.example\n' "$1"
		printf '[inbox.seconda]\nimap_user=seconda@mappa.example\nimap_password_file=keys/second.password\n'
	} > ws/plico.conf
}
several "$port"
check "two mailboxes of one server" $COLLECT ws
mail 3001 > m
deliver m
mail 3002 > m
cp m "$second/tmp/1.test"
chown "$owner" "$second/tmp/1.test"
chmod 600 "$second/tmp/1.test"
mv "$second/tmp/1.test" "$second/new/$(date +%s).M1P1.test"
before=$(rows)
check "there is mail in both" $COLLECT ws
check_same "both are taken" 2 "$(($(rows) - before))"
check_same "the database says from where" "prima seconda" "$(sqlite3 ws/plico.db "SELECT group_concat(substr(source, 1, instr(source, '/') - 1), ' ') FROM (SELECT source FROM message ORDER BY id DESC LIMIT 2)" | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/ $//')"
mail 3003 > m
cp m "$second/tmp/2.test"
chown "$owner" "$second/tmp/2.test"
chmod 600 "$second/tmp/2.test"
mv "$second/tmp/2.test" "$second/new/$(date +%s).M2P1.test"
several 1
check_exit 69 "one of them cannot be reached" $COLLECT ws
check_same "the other is read all the same" 3 "$(($(rows) - before))"
check_says "it is said which one" "inbox.prima" $COLLECT ws

# --- a server without MOVE -------------------------------------------------------------------------------------------
sh "$SRCDIR/tests/tool/dovecot.sh" stop "$WORK/mail"
for words in "IMAP4rev1 UIDPLUS" "IMAP4rev1"; do
	sh "$SRCDIR/tests/tool/dovecot.sh" start "$WORK/mail" "" "" "imap_capability = $words" || exit 99
	configure "imap_url=imap://127.0.0.1:$(cat "$run/port")" "imap_tls=none"
	before=$(rows) moved=$(done_)
	for i in 1 2 3; do
		mail "$words $i" > m
		deliver m
	done
	check "$words: copied and marked" $COLLECT ws
	check_says "$words: not taken a second time" '"again":0' $COLLECT ws
	check_same "$words: three in the database, three in Processed" "3 3" "$(($(rows) - before)) $(($(done_) - moved))"
	sh "$SRCDIR/tests/tool/dovecot.sh" stop "$WORK/mail"
done
check_same "without UIDPLUS the mark stays, and nothing is expunged" "3 3" "$(waiting) $(ls "$box"/cur | grep -c ':2,.*T')"
