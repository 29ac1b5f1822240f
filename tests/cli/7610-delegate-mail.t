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
