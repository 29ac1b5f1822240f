#!/bin/sh
# plico messages: what people and machines have written, for those who answer them.
. "$SRCDIR/tests/lib.sh"

export PLICO_CLOCK=2024-10-17T08:30:00Z PLICO_WORKSPACE="$WORK/ws"
"$PLICO" init ws > init.out || exit 99
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" protocollo@borgo-a.example Protocollo@Borgo-B.example pec@borgo-c.example > towns.csv
"$PLICO" units import towns.csv > /dev/null || exit 99
check_says "nothing has come at first" '^No messages' "$PLICO" messages list
"$PLICO" wave plan > /dev/null && "$PLICO" wave send > /dev/null || exit 99
sql() { sqlite3 ws/plico.db "$1"; }
ours=$(sql "SELECT message_id FROM dispatch WHERE address = 'pec@borgo-c.example'")

# comes NUMBER: a message into the mailbox, from standard input
comes() { sed 's/$/\r/' > "ws/Maildir/new/$(printf %02d "$1").M1.host"; }
comes 1 <<'END'
From: Comune di Borgo B <PROTOCOLLO@borgo-b.example>
Subject: =?utf-8?Q?Entro_quando=3F_=1B[2J=E2=80=AE?=
Message-ID: <1@borgo-b.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Buongiorno, perch=C3=A9 la 5 =C3=A8 gi=C3=A0 compilata?=1B]0;x=07=C2=85=E2=80=AE
Grazie
END
comes 2 <<'END'
From: "Per conto di: protocollo@borgo-a.example" <posta-certificata@gestore.example>
Subject: POSTA CERTIFICATA: domanda
X-Trasporto: posta-certificata
Message-ID: <2@gestore.example>

A chi va inviato?
END
comes 3 <<'END'
From: altri@altrove.example
Subject: Fuori ufficio
Auto-Submitted: auto-replied
Message-ID: <3@altrove.example>

Torno il 20.
END
{
	printf 'From: fbl@altrove.example\nSubject: Abuse\nMessage-ID: <4@altrove.example>\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nAbuse.\n'
	printf -- '--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: A/1\nVersion: 1\n\n--b--\n'
} | comes 4
# bounce NUMBER ID: a failure, of the message with the ID
bounce() {
	{
		printf 'From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nMessage-ID: <%s@mx.example>\nMIME-Version: 1.0\n' "$1"
		printf 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nNo.\n'
		printf -- '--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n'
		printf 'Final-Recipient: rfc822; pec@borgo-c.example\nAction: failed\nStatus: 5.2.2\n\n'
		printf -- '--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s>\n\n--b--\n' "$2"
	} | comes "$1"
}
bounce 5 nobody@mappa.example
bounce 6 "$ours"
comes 7 <<END
From: posta-certificata@gestore.example
Subject: CONSEGNA
X-Ricevuta: avvenuta-consegna
X-Riferimento-Message-ID: <$ours>
Message-ID: <7@gestore.example>

Ricevuta
END
{
	printf 'From: protocollo@borgo-a.example\nSubject: R: Mappa\nMessage-ID: <8@borgo-a.example>\nMIME-Version: 1.0\n'
	printf 'Content-Type: application/pdf; name=altro.pdf\n\n%%PDF-1.4\nno sheet\n%%%%EOF\n'
} | comes 8
{
	printf 'From: a@altrove.example\n'
	seq -f 'X-%g: x' 1100
	printf '\nTesto\n'
} | comes 9
{
	printf 'From: a@borgo-c.example\nSubject: lettera firmata\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n'
	printf -- '--b\nContent-Type: text/plain\n\nIn allegato.\n--b\nContent-Type: application/msword; name=lettera.doc\n\nxyz\n--b--\n'
} | comes 10
PLICO_CLOCK=2024-10-18T08:30:00Z "$PLICO" collect --once > collected || exit 99
comes 11 <<'END'
From: protocollo@borgo-a.example
Subject: sollecito
Message-ID: <11@borgo-a.example>

Attendiamo risposta.
END
PLICO_CLOCK=2024-10-20T08:30:00Z "$PLICO" collect --once > collected || exit 99

# --- the list -----------------------------------------------------------------------------------------------------------
"$PLICO" messages list --json > list
# of WHICH FIELDS: of the listed ones
of() { jq -r ".items[] | select(.subject | test(\"$1\")) | \"$2\"" list; }
check_same "neither sheets nor what told of one of our messages is in it" \
	"Abuse CONSEGNA Entro Fuori POSTA Undelivered lettera not-read sollecito" \
	"$(jq -r '.items[] | if .class == "" then "not-read" else (.subject | split(" ")[0]) end' list | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//; s/not-read \(.*\)/not-read \1/')"
check_same "it counts itself, and receipts that did nothing" "9 0 1" \
	"$(jq -r '"\(.count) \(.receipts_not_ours) \(.receipts_unverified)"' list)"
check_same "a town is known by its registered address" "other parsed A002 Borgo B" \
	"$(of Entro '\(.class) \(.state) \(.unit) \(.unit_name)')"
check_same "through its provider of certified mail too" A001 "$(of POSTA '\(.unit)')"
check_same "others are not" "auto_reply " "$(of Fuori '\(.class) \(.unit)')"
check_same "what waits in quarantine is told" "quarantined attachment" "$(of lettera '\(.state) \(.reason)')"
check_same "all keys that others rely on" "class effect id message_sha256 note reason received_at sender state subject unit unit_name" \
	"$(jq -r '.items[0] | keys | join(" ")' list)"
check_says "a table for people" 'm1 +18/10/2024 10:30 +text +Borgo B +Comune di Borgo B ' "$PLICO" messages list
check_says "with what was done" 'attachments were not read' "$PLICO" messages list
check_says "and the idle receipts" '^Receipts that no provider vouches for: 1\.' "$PLICO" messages list
check_same "one class: all of it, with what followed" "false true" \
	"$("$PLICO" messages list --class bounce --json | jq -r '[.items[].effect == "dispatch.undelivered"] | join(" ")')"
check_same "sheets, where wanted" "R: Mappa" "$("$PLICO" messages list --class return --json | jq -r '.items[].subject')"
check_same "since a day" "sollecito" "$("$PLICO" messages list --since 2024-10-19 --json | jq -r '.items[].subject')"
check_same "by state" 2 "$("$PLICO" messages list --state quarantined --json | jq .count)"
check_exit 64 "a class that is not there" "$PLICO" messages list --class letters
check_exit 64 "a state that is not there" "$PLICO" messages list --state read
check_exit 64 "a day that is none" "$PLICO" messages list --since ieri

# --- one of them --------------------------------------------------------------------------------------------------------
"$PLICO" messages show m1 > shown
check_says "what it says" 'perché la 5 è già compilata' cat shown
check_says "and all of it" '^Grazie' cat shown
check_says "who, and which town that may be" '^unit \(by sender\) +A002 Borgo B' cat shown
check_same "nothing that a terminal obeys or that turns a line around" "" \
	"$(LC_ALL=C grep -naE "$(printf '[\001-\010\013-\037\177]|\302[\200-\237]|\342\200[\252-\256]')" shown)"
check_same "nor in the list" "" \
	"$("$PLICO" messages list | LC_ALL=C grep -naE "$(printf '[\001-\010\013-\037\177]|\302[\200-\237]|\342\200[\252-\256]')")"
check_same "as JSON, with its files and what followed" "In allegato. lettera.doc message.received,message.quarantined" \
	"$("$PLICO" messages show 10 --json | jq -r '"\(.text | rtrimstr("\n")) \(.files[0]) \([.events[].what] | join(","))"')"
check_says "a bounce shows which town's message came back" '^followed by +.*message not delivered A003' "$PLICO" messages show m6
check_says "what cannot be read is told, with its file" '^Its text cannot be read: ' "$PLICO" messages show m9
check_says "the whole message is in the archive" "^whole message +$WORK/ws/archive/" "$PLICO" messages show m9
check_exit 64 "no number" "$PLICO" messages show due
check_exit 65 "a message that is not there" "$PLICO" messages show m99
chmod u+w ws/archive/*/* && find ws/archive -type f ! -name '*.*' -exec sh -c 'echo x > "$1"' sh {} \;
check_exit 74 "an archive that was altered is told" "$PLICO" messages show m1
