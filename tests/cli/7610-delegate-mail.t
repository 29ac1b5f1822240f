#!/bin/sh
# Mail to those who were given sections: their sheets, once, together for an office of several towns; a word to whoever no
# longer has them; and to the town, who has what.
. "$SRCDIR/tests/lib.sh"
for program in pdftotext pdftk sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

plico() {
	"$PLICO" -w ws "$@"
}
give() {
	plico delegate set "$@" > /dev/null
}
sql() {
	sqlite3 ws/plico.db "$@"
}
# What the last plan of sections says: planned, to delegates, withdrawals, confirmations
plan() {
	plico wave plan --kind sections --json > out
	jq -r '"\(.planned) \(.to_delegates) \(.withdrawals) \(.confirmations)"' out
}
send() {
	plico wave send > /dev/null
}
# parts ADDRESS: what each message to it that has left carries
parts() {
	sql "SELECT d.kind, d.state, group_concat(u.code || ':' || p.sections, ', ') FROM dispatch AS d
		JOIN dispatch_part AS p ON p.dispatch_id = d.id JOIN unit AS u ON u.id = p.unit_id
		WHERE lower(d.address) = '$1' GROUP BY d.id ORDER BY d.id"
}

"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = dir\ndir = letters\n' > ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example three@towns.example four@towns.example > towns.csv
plico units import towns.csv > /dev/null

# --- planning ----------------------------------------------------------------------------------------------------------
give A001 --section s4 --section s5 --email ced@unione.example --name 'Ada Bianchi' --office CED
give A002 --section s4 --email CED@unione.example --name 'Ada Bianchi'
give A003 --section s2 --email ugo@towns.example
check_same "without an access code no sheet goes out" "0 0 0 0" "$(plan)"
check_same "and that is told" "no-credential A001" "$(jq -r '.findings[0] | "\(.code) \(.place)"' out)"
plico wave plan > /dev/null
send
check_same "an office gets one message; each town hears who has its sections" "5 2 0 3" "$(plan)"
check_same "once" "0 0 0 0" "$(plan)"
check_same "with the sheets of both towns" "sections|queued|A001:s4 s5, A002:s4" "$(parts ced@unione.example)"
wave=$(plico wave list --json | jq '.waves[-1].wave')
plico wave preview "$wave" --unit A002 --out shown --json > out
check_same "a preview of either town shows it" 2 "$(jq '.messages | length' out)"
check "and each message is sound" python3 "$SRCDIR/tests/tool/message_check.py" mappa@mappa.example shown/*.eml
check_same "three sheets" "mappa-2024_A001_sezione_4.pdf mappa-2024_A001_sezione_5.pdf mappa-2024_A002_sezione_4.pdf" \
	"$(cd shown && echo *.pdf)"
send
check_same "all have left" 0 "$(sql "SELECT count(*) FROM dispatch WHERE state <> 'sent'")"
check "as they were shown" sh -c 'for f in shown/*.eml; do cmp "$f" "ws/letters/${f#shown/}" || exit 1; done'
check "and all are sound" sh -c 'python3 "$SRCDIR/tests/tool/message_check.py" mappa@mappa.example ws/letters/*.sections.*.eml ws/letters/*.delegations.*.eml'
check_same "nothing is planned twice" "0 0 0 0" "$(plan)"

# --- shown -------------------------------------------------------------------------------------------------------------
# mails: state of the sheet of each delegation
mails() {
	plico delegate list --json | jq -r '[.delegations[] | "\(.unit):\(.section):\(.mail)"] | join(" ")'
}
check_same "the list says what became of each sheet" "A001:s4:sent A001:s5:sent A002:s4:sent A003:s2:sent" "$(mails)"
check_says "for people too" 'A003 Borgo C +s2 .*ugo@towns.example .*sent [0-9/]+ ' plico delegate list
plico units show A002 --json > out
check_same "a town shows the office's message as its own" "sections s4 sent" \
	"$(jq -r '.dispatches[] | select(.address == "CED@unione.example" or .address == "ced@unione.example") | "\(.kind) \(.sections) \(.state)"' out)"
check_same "and whom it gave what" "s4 CED@unione.example" "$(jq -r '.delegations[] | "\(.section) \(.address)"' out)"
plico status > /dev/null
check_same "sections in the hands of delegates are delegated" "A001:s4 A001:s5 A002:s4 A003:s2" "$(sql "SELECT u.code || ':' || s.section
	FROM section_state AS s JOIN unit AS u ON u.id = s.unit_id WHERE s.state = 'delegated' ORDER BY 1" | tr '\n' ' ' | sed 's/ $//')"
check_same "no access code in a message to a delegate" 0 "$(
	plico wave preview 1 --unit A001 --out code --note prova > /dev/null
	code=$(pdftotext code/*_lettera.pdf - | grep -Eo '\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]\b' | head -n 1)
	[ -n "$code" ] || echo "no code in the letter"
	for f in shown/*.pdf; do pdftotext "$f" -; pdftk "$f" dump_data_fields_utf8; done | cat - shown/*.eml | grep -c -e "$code" -e "$(echo "$code" | tr -d -)")"

# --- changes before a message leaves --------------------------------------------------------------------------------------
give A001 --section s6 --email ced@unione.example --name 'Ada Bianchi'
give A002 --section s5 --section s6 --email ced@unione.example --name 'Ada Bianchi'
give A004 --section s3 --email eva@towns.example
check_same "later sections go in a later message, and nothing twice" "5 2 0 3" "$(plan)"
give A002 --section s5 --email leo@towns.example
plico delegate remove A004 --note "ripensato" > /dev/null
check_same "what is taken back before it leaves does not leave; the rest does, in another message" \
	"sections|sent|A001:s4 s5, A002:s4
sections|cancelled|A001:s6, A002:s5 s6
sections|queued|A001:s6, A002:s6" "$(parts ced@unione.example)"
check_same "a message of which nothing is left is cancelled" "sections|cancelled|A004:s3" "$(parts eva@towns.example)"
check_same "and so is a confirmation that is out of date" "A001 queued A002 cancelled A004 cancelled" "$(sql "SELECT u.code, d.state
	FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id WHERE d.kind = 'delegations' AND d.state <> 'sent' ORDER BY 1" | tr '|\n' '  ' | sed 's/ $//')"
check_same "the two have two Message-IDs" 2 "$(sql "SELECT count(DISTINCT message_id) FROM dispatch WHERE state IN ('queued', 'cancelled') AND kind = 'sections' AND address = 'ced@unione.example'")"
check_same "the next plan has what changed, and no word to whom nothing had left" "2 1 0 1" "$(plan)"
check_same "to whom it was given now" "sections|queued|A002:s5" "$(parts leo@towns.example)"
plico units decline A002 --note "per telefono" > /dev/null
send
check_same "a town that declines gets nothing, its delegates neither; the rest of the office's message leaves" \
	"sections|cancelled|A001:s6, A002:s6
sections|sent|A001:s6" "$(parts ced@unione.example | tail -n 2)"
check_same "nor does its own delegate's" "sections|cancelled|A002:s5" "$(parts leo@towns.example)"
plico units reopen A002 --note "ripensato" > /dev/null

# --- changes after it has left ---------------------------------------------------------------------------------------------
give A001 --section s4 --email leo@towns.example --name 'Leo Neri'
check_same "who had it is told, who has it now gets it, the towns are told" "5 2 1 2" "$(plan)"
send
check_same "the office's message names town and section" "withdrawal|sent|A001:s4" "$(parts ced@unione.example | grep withdrawal)"
cat > text.py <<'END'
import email, email.policy, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(message["To"], message["Subject"], " ".join(message.get_body(("plain",)).get_content().split()))
print(message.get_body(("html",)).get_content(), [p.get_filename() for p in message.iter_attachments()])
END
gone=$(ls ws/letters/*.A001.withdrawal.*.eml)
wave=$(plico wave list --json | jq '.waves[-1].wave')
check_exit 64 "the office had two messages in that wave" plico wave show "$wave" --message ced@unione.example
plico wave show "$wave" --message "$(basename "$gone" .eml)" > gone.eml
check "one is found by its Message-ID" cmp gone.eml "$gone"
check_says "it does" 'Gentile Ada Bianchi,.*Comune di Borgo A: sezione 4 \(«Sicurezza»\)' python3 text.py "$gone"
check_same "and not who has it now" 0 "$(python3 text.py "$gone" | grep -ci -e leo -e neri)"
check_says "without files" ' \[\]$' python3 text.py "$gone"
check "it is sound" python3 "$SRCDIR/tests/tool/message_check.py" mappa@mappa.example "$gone"
check_same "once" "0 0 0 0" "$(plan)"
give A001 --section s5 --email ced@unione.example --name 'Ada Bianchi Verdi'
check_same "another name at the same address is no new delegate: only the town hears of it" "1 0 0 1" "$(plan)"
plico delegate remove A001 --section s5 > /dev/null
give A001 --section s5 --email ced@unione.example
check_same "nor is who has it back at once" "1 0 0 1" "$(plan)"
plico delegate remove A001 --section s5 > /dev/null
check_same "who has lost it is told" "2 0 1 1" "$(plan)"
give A001 --section s5 --email ced@unione.example
check_same "unless it comes back first: then that message does not leave" "withdrawal|cancelled|A001:s5" "$(parts ced@unione.example | tail -n 1)"
check_same "and its sheet is there already" "1 0 0 1" "$(plan)"
plico delegate remove A001 --section s5 > /dev/null
plan > /dev/null
send
give A001 --section s5 --email ced@unione.example
check_same "once it has been taken away by mail, it is mailed again" "2 1 0 1" "$(plan)"
send
plico units exclude A003 --note "commissariato" > /dev/null
give A003 --section s4 --email ugo@towns.example
check_same "an excluded town gets nothing, nor do its delegates" "0 0 0 0" "$(plan)"
plico units reopen A003 --note "finito" > /dev/null
plan > /dev/null
send
check "every message to delegates is sound" sh -c 'python3 "$SRCDIR/tests/tool/message_check.py" mappa@mappa.example ws/letters/*.sections.*.eml ws/letters/*.withdrawal.*.eml ws/letters/*.delegations.*.eml'

# --- what does not arrive ----------------------------------------------------------------------------------------------------
mkdir mx
python3 "$SRCDIR/tests/tool/smtpd_fault.py" mx 2> mx/log &
at_exit "kill $! 2> /dev/null"
eventually [ -s mx/port ]
rm -rf ws
"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = smtp\n[smtp]\nport = %s\ntimeout = 30\ntls = none\n' "$(cat mx/port)" > ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" ok1@x.example ok2@x.example ok3@x.example > towns.csv
plico units import towns.csv > /dev/null
plico wave plan > /dev/null
send
give A001 --section s2 --email rcpt550.a@x.example
give A002 --section s2 --email rcpt550.a@x.example
give A002 --section s3 --email ok.bounce@x.example
give A003 --section s4 --email rcpt450.c@x.example --name 'Carla Blu'
check_same "mails to three, and to three towns" "6 3 0 3" "$(plan)"
send
check_same "refused, sent, put off" "A001:s2:failed A002:s2:failed A002:s3:sent A003:s4:planned" "$(mails)"
# comes FILE: it lies in the mailbox, and is collected
comes() {
	mkdir -p ws/Maildir/new
	sed 's/$/\r/' "$1" > "ws/Maildir/new/$1"
	plico collect --once > /dev/null
}
cat > bounce <<END
From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Original-Envelope-Id: $(sql "SELECT message_id FROM dispatch WHERE address = 'ok.bounce@x.example'")

Final-Recipient: rfc822; ok.bounce@x.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 <ok.bounce@x.example> mailbox full

--b--
END
comes bounce
check_same "came back" "A001:s2:failed A002:s2:failed A002:s3:came_back A003:s4:planned" "$(mails)"
check_same "with the reason" "5.1.1 5.2.2" "$(plico delegate list --json |
	jq -r '[.delegations[] | select(.mail == "failed" or .mail == "came_back").mail_reason | match("5[.][0-9][.][0-9]").string] | unique | join(" ")')"
check_same "no town is undelivered for that" 0 "$(plico status --json | jq .undelivered)"
check_says "the list says what to do" 'plico delegate set A002 --section s3 --email ADDRESS' plico delegate list
check_exit 1 "under --strict it is worth an exit status" plico delegate list --strict
check_same "no person stands in the log" 0 "$(sql "SELECT count(*) FROM event WHERE subject = 'dispatch' AND note LIKE '%@x.example%'")"
check_same "nothing is sent to the same address again" "0 0 0 0" "$(plan)"
check_same "a finding says so" "delegate-unreachable A001 A002 A002" "$(jq -r '[.findings[] | .place] | "delegate-unreachable " + join(" ")' out)"
give A001 --section s2 --email ok.new@x.example
check_same "another address gets it; whom nothing reached is told nothing" "2 1 0 1" "$(plan)"
send
check_same "it has it" "A001:s2:sent A002:s2:failed A002:s3:came_back A003:s4:planned" "$(mails)"
give A002 --section s3 --email ok.other@x.example
check_same "the same where it came back" "2 1 0 1" "$(plan)"
plico delegate remove A003 > /dev/null
check_same "what was put off and is taken back does not leave" "sections|cancelled|A003:s4" "$(parts rcpt450.c@x.example)"
send
check_same "the server has seen nothing of it" 0 "$(grep -c rcpt450 mx/taken)"

# --- waves are steered as others are ---------------------------------------------------------------------------------------
rm -rf ws
"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = null\n[waves]\napproval = same\n' > ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example > towns.csv
plico units import towns.csv > /dev/null
plico wave plan > /dev/null
plico wave approve 1 --count 2 > /dev/null
PLICO_CLOCK=2026-11-02T08:00:00Z plico wave send > /dev/null
give A001 --section s4 --email ced@unione.example
give A002 --section s4 --email ced@unione.example
check_same "a wave about delegations waits for approval too" "3 1 0 2 proposed" "$(plan) $(sql "SELECT state FROM wave WHERE id = 2")"
plico delegate remove A002 > /dev/null
check_exit 65 "a change before it changes their number" plico wave approve 2 --count 3
check "which a person types again" plico wave approve 2 --count 2
check "it can be cancelled" plico wave cancel 2 --note prova
check_same "and planned again: but for a town that never gave anything, as far as it knows" "2 1 0 1" "$(plan)"
plico wave approve 3 --count 2 > /dev/null
PLICO_CLOCK=2026-11-15T08:00:00Z plico wave send > /dev/null
check_same "it left" "sent sent" "$(sql "SELECT group_concat(state, ' ') FROM dispatch WHERE wave_id = 3")"
give A001 --section s5 --email leo@towns.example
plan > /dev/null
check_exit 65 "no new code while sheets with the old one are still to leave" plico units reissue A001 --note persa
