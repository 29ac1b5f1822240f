#!/bin/sh
# plico remind: who is due gets a wave, once in each distance, and three times at most.
. "$SRCDIR/tests/lib.sh"

export PLICO_WORKSPACE="$WORK/w"
"$PLICO" init "$WORK/w" > /dev/null
printf '[mail]\nchannel = null\n' > "$WORK/w/plico.conf"
PLICO_CLOCK=2024-10-14T08:00:00Z
export PLICO_CLOCK
check "four towns" "$PLICO" units import "$SRCDIR/samples/comuni.csv"
printf 'L219\nC860\nH855\nD931\n' > list.txt

verdict() {
	"$PLICO" remind --dry-run --json | jq -r ".verdicts.$1"
}

check_same "before the invitation nobody is due" 0 "$("$PLICO" remind --json | jq .wave)"
check "an invitation is planned" "$PLICO" wave plan --list list.txt
check_same "it is on its way" 4 "$(verdict on_its_way)"
check "and sent" "$PLICO" wave send
check_same "the next day is too early" 4 "$(PLICO_CLOCK=2024-10-15T08:00:00Z verdict too_early)"

# Torino has sent two sections, Garzigliana everything it is asked
db="$WORK/w/plico.db"
came() {
	sqlite3 "$db" "INSERT INTO event (at, actor, edition, unit_id, section, subject, subject_id, what) SELECT 1729000000, 'plico',
		'mappa-2024', id, '$2', 'return', 1, 'return.applied' FROM unit WHERE code = '$1'"
}
came L219 s1
came L219 s4
for section in s1 s2 s3 s4 s5 s6 s7; do
	came D931 $section
done

# the clock goes back on 27 October: fourteen days later it is 08:00 in Rome an hour later in UTC
PLICO_CLOCK=2024-10-28T08:59:59Z
check_same "a second before the fortnight is over" "0 3" \
    "$("$PLICO" remind --json | jq -r '"\(.wave) \(.verdicts.too_early)"')"
PLICO_CLOCK=2024-10-28T09:00:00Z
check_says "a dry run shows who and what" 'Torino +1 +s2 s3 s5 s6 s7 +28/10/2024 10:00' "$PLICO" remind --dry-run
check_says "and plans nothing" '^3 reminders would be planned; nothing was' "$PLICO" remind --dry-run
check_same "two have never opened, one has begun, one is done" "2 1 1" \
    "$("$PLICO" remind --dry-run --json | jq -r '.verdicts | "\(.never_opened) \(.in_progress) \(.done)"')"
check_says "the wave is named, and what comes next" 'Wave 2: 3 reminders are planned.*wave send 2' "$PLICO" remind
check_same "planned twice is planned once" "0 3" \
    "$("$PLICO" remind --json | jq -r '"\(.wave) \(.verdicts.on_its_way)"')"
check_same "each gets the sheets that are missing" "s1 s2 s3 s4 s5 s6 s7|s1 s2 s3 s4 s5 s6 s7|s2 s3 s5 s6 s7" \
    "$(sqlite3 "$db" "SELECT group_concat(sections, '|') FROM (SELECT sections FROM dispatch WHERE kind = 'reminder' ORDER BY sections)")"
check "it is sent" "$PLICO" wave send
for day in 11 25; do
	PLICO_CLOCK=2024-11-${day}T09:00:00Z
	check "a reminder on the ${day}th" "$PLICO" remind
	check "is sent" "$PLICO" wave send
done
PLICO_CLOCK=2025-03-01T09:00:00Z
check_same "after three there is no more" "0 3" "$("$PLICO" remind --json | jq -r '"\(.wave) \(.verdicts.enough)"')"
check_same "nine reminders in all" "9 3" \
    "$(sqlite3 "$db" "SELECT count(*) || ' ' || max(serial) FROM dispatch WHERE kind = 'reminder' AND state = 'sent'")"
