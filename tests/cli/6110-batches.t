#!/bin/sh
# plico collect: in which batches mail comes, and whether it is read from memory or from the archive, makes no difference to what is
# stored: what came for a whole campaign, with copies and the same answers once more, all at once and one message at a time.
. "$SRCDIR/tests/lib.sh"
for program in sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
. "$SRCDIR/tests/crash/inbox_mail.sh"
export PLICO_CLOCK=2027-03-01T12:00:00Z

rm -f mail/*
number=100
for file in played/Maildir/.Processed/cur/*; do
	number=$((number + 1))
	cp "$file" "mail/1760000$number.M1.test"
	[ $((number % 3)) -ne 0 ] || { printf 'X-Again: 1\r\n' && cat "$file"; } > "mail/1760001$number.M1.test"
	[ $((number % 10)) -ne 0 ] || cp "$file" "mail/1760002$number.M1.test"
done
# more than one batch of the inbox and several groups of the intake
while [ "$number" -lt 200 ]; do
	number=$((number + 1))
	printf 'From: Ufficio <a@comune.example>\r\nSubject: %s\r\n\r\nBuongiorno\r\n' "$number" > "mail/1760003$number.M1.test"
done

collect() { # WORKSPACE
	"$PLICO" collect -w "$1" --once --json >> "$1.json"
}
sum_of() { # WORKSPACE COUNTER
	jq -s "map(.$2) | add" "$1.json"
}
# all tables; of the log what was received apart, since it depends on when the rest is read
dump() { # WORKSPACE
	for table in message '"return"' answer finding wave dispatch dispatch_part correction_sheet delegation credential; do
		echo "$table"
		sqlite3 "$1/plico.db" "SELECT * FROM $table ORDER BY 1, 2, 3"
	done
	log="SELECT at, actor, edition, unit_id, section, subject, subject_id, what, from_state, to_state, evidence, note FROM event"
	sqlite3 "$1/plico.db" "$log WHERE what = 'message.received' ORDER BY seq; $log WHERE what <> 'message.received' ORDER BY seq"
}

cp -r planned together
cp mail/* together/Maildir/new
check "all at once" collect together
cp -r planned single
all=0
for file in mail/*; do
	cp "$file" single/Maildir/new
	collect single || break
	all=$((all + 1))
done
check_same "one at a time" "$(find mail -type f | wc -l)" "$all"
check "there were more than fit into a batch" [ "$(sum_of together taken)" -gt 100 ]
for counter in taken again returns applied duplicates quarantined; do
	check "of $counter some" [ "$(sum_of together $counter)" -gt 0 ]
	check_same "and as many" "$(sum_of together $counter)" "$(sum_of single $counter)"
done
dump together > together.rows
dump single > single.rows
check "receipts were planned" grep -q '|receipt|' together.rows
check "the same rows" cmp together.rows single.rows
check_same "the same files" "$(cd together/archive && find . -type f | sort)" "$(cd single/archive && find . -type f | sort)"
