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

# What a verb that is used wrongly says.
check_refused() {
	what=$1
	words=$2
	shift 2
	check_same "$what" 64 "$("$@" > /dev/null 2> refused; echo $?)"
	check "$what: and says why" grep -q -e "$words" refused
}

# --- what comes between the plan and the post -----------------------------------------------------------------------------

export PLICO_WORKSPACE="$WORK/between"
"$PLICO" init "$PLICO_WORKSPACE" > /dev/null
db="$PLICO_WORKSPACE/plico.db"
cat > "$PLICO_WORKSPACE/plico.conf" <<'END'
[mail]
channel = null
[waves]
approval = same
END
PLICO_CLOCK=2024-10-14T08:00:00Z
check "the towns again" "$PLICO" units import "$SRCDIR/samples/comuni.csv"
check "are invited" "$PLICO" wave plan --list list.txt
check "with approval" "$PLICO" wave approve 1 --count 4
check "and it leaves" "$PLICO" wave send
PLICO_CLOCK=2024-11-04T09:00:00Z
check_says "what waits for approval is not sent" 'leave once they are approved.*wave approve 2' \
    "$PLICO" remind --region Piemonte --only never_opened
check_same "the segment is kept with the wave" "--only never_opened --region Piemonte" \
    "$(sqlite3 "$db" "SELECT filter FROM wave WHERE id = 2")"
# Torino answers before the wave is sent, Sangano declines, Garzigliana answers in the moment in which its message is claimed
came L219 s1
sqlite3 "$db" "INSERT INTO event (at, actor, edition, unit_id, subject, subject_id, what) SELECT 1729000000, 'ada', 'mappa-2024',
	id, 'unit', id, 'unit.declined' FROM unit WHERE code = 'H855';
	CREATE TRIGGER answers AFTER UPDATE OF state ON dispatch WHEN NEW.state = 'claimed'
		AND NEW.unit_id = (SELECT id FROM unit WHERE code = 'D931')
	BEGIN INSERT INTO event (at, actor, edition, unit_id, section, subject, subject_id, what)
		VALUES (1729000000, 'plico', 'mappa-2024', NEW.unit_id, 's1', 'return', 1, 'return.applied'); END"
check "it is approved" "$PLICO" wave approve 2 --count 4
check "and sent" "$PLICO" wave send
check_same "who has answered or declined by then gets nothing" "C860 sent|D931 cancelled|H855 cancelled|L219 cancelled" \
    "$(sqlite3 "$db" "SELECT group_concat(code || ' ' || state, '|') FROM (SELECT u.code, d.state FROM dispatch AS d
	JOIN unit AS u ON u.id = d.unit_id WHERE d.wave_id = 2 ORDER BY u.code)")"
check_same "and the history says why" "section s1 has come|section s1 has come|the unit declines" \
    "$(sqlite3 "$db" "SELECT group_concat(note, '|') FROM (SELECT note FROM event WHERE what = 'dispatch.cancelled' ORDER BY note)")"
sqlite3 "$db" "DROP TRIGGER answers"

# --- other waves ------------------------------------------------------------------------------------------------------------

printf '# Proroga: {comune}\n\n{saluto}\n\nil termine è ora {scadenza}.\n' > it.md
printf '# Frist: {comune}\n\n{saluto}\n\ndie Frist ist nun {scadenza}.\n' > de.md
printf '# {unbekannt}\n' > bad.md
check_exit 65 "a text with a wrong name is refused" "$PLICO" wave plan --kind announcement --text bad.md
check_says "with its file and line" 'bad.md:1: \{unbekannt\} is no name' "$PLICO" wave plan --kind announcement --text bad.md
check_refused "an announcement needs a text" 'text FILE says' "$PLICO" wave plan --kind announcement
check_refused "an unknown state is told" 'status asleep: there are never_opened' "$PLICO" wave plan --kind thanks --status asleep
check_refused "and an unknown language" 'lang en: there are' "$PLICO" remind --lang en
check_refused "and an unknown kind" 'kind letter: invitation, correction, sections, thanks, announcement' "$PLICO" wave plan --kind letter
check_same "the announcement is planned for who is in progress" 2 \
    "$("$PLICO" wave plan --kind announcement --text it.md --text de=de.md --status in_progress --json | jq .planned)"
check_same "the same words again are nothing new" "0 2" \
    "$("$PLICO" wave plan --kind announcement --text it.md --text de=de.md --status in_progress --json | jq -r '"\(.planned) \(.already)"')"
printf 'gone\n' > it.md
check_says "it says what it said, whatever becomes of the file" 'Proroga: Torino' "$PLICO" wave preview 3
check_same "an announcement has no sheets" 0 "$(ls "$PLICO_WORKSPACE"/preview/*_L219_sezione_*.pdf 2> /dev/null | wc -l)"
for section in s2 s3 s4 s5 s6 s7; do
	came D931 $section
done
check_same "thanks go to the completed" 1 "$("$PLICO" wave plan --kind thanks --json | jq .planned)"
check_same "once" "0 1" "$("$PLICO" wave plan --kind thanks --json | jq -r '"\(.planned) \(.already)"')"
