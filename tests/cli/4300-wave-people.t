#!/bin/sh
# plico wave approve, pause, resume, cancel: people decide what leaves, also while it is leaving.
. "$SRCDIR/tests/lib.sh"

plico() {
	"$PLICO" -w ws "$@"
}

# field NAME: of the JSON in the file out
field() {
	jq -r ".$1" out
}

# conf LINE...: plico.conf with these lines in [mail] and below
conf() {
	printf '%s\n' '[mail]' "$@" > ws/plico.conf
}

sql() {
	sqlite3 -cmd '.timeout 10000' ws/plico.db "$1"
}

# towns N: an address for each
towns() {
	seq "$1" | sed 's/.*/town&@towns.example/'
}

"$PLICO" init ws > /dev/null
# shellcheck disable=SC2046
sh "$SRCDIR/tests/tool/units.sh" $(towns 40) > towns.csv
plico units import towns.csv > /dev/null
printf '%s\n' A001 A002 A003 > three.txt
printf '%s\n' A004 A005 > two.txt

# --- approve ------------------------------------------------------------------------------------------------------------
conf 'channel = null' '[waves]' 'approval = same'
check_says "a plan says that it waits for approval" 'wave approve 1' plico wave plan --list three.txt
check_same "and does" proposed "$(plico wave show 1 --json | jq -r .state)"
check_exit 75 "what is not approved does not leave" plico wave send 1
plico wave send --json > out
check_same "nor does it with all waves, which says how many wait" "0 3" "$(field sent) $(field waiting)"
check_exit 65 "nor can it be paused" plico wave pause 1
check_exit 64 "without a terminal the number is asked for" sh -c '"$PLICO" -w ws wave approve 1 < /dev/null'
check_says "what would leave is said" '3 messages, about [0-9.]+.kB each, [0-9.]+.[kM]B in all' \
	sh -c '"$PLICO" -w ws wave approve 1 < /dev/null'
check_exit 65 "a wrong number" plico wave approve 1 --count 4
check_exit 64 "no number" script -qec "$PLICO -w ws wave approve 1" typed < /dev/null
check_same "approves nothing" proposed "$(plico wave show 1 --json | jq -r .state)"
check "the right one typed on a terminal" sh -c 'printf "3\n" | script -qec "$PLICO -w ws wave approve 1 --note good" typed'
plico wave show 1 --json > out
check_same "approves, with the name of who did it" "planned wave.approved $(id -un) good" \
	"$(field state) $(jq -r '.history[-1] | "\(.what) \(.actor) \(.note)"' out)"
check_exit 65 "once is enough" plico wave approve 1 --count 3
plico wave send 1 --json > out
check_same "now it leaves" "3 0" "$(field sent) $(field waiting)"

conf 'channel = null' '[waves]' 'approval = other'
plico wave plan --list two.txt > /dev/null
check_exit 65 "who planned a wave does not approve it, where another is asked for" plico wave approve 2 --count 2
sql "UPDATE wave SET planned_by = 'anna' WHERE id = 2"
plico wave approve 2 --count 2 --json > out
check_same "another person does" "planned 2" "$(field state) $(field open)"
check_exit 64 "a wave has a number" plico wave approve first --count 1
check_exit 65 "and is there" plico wave approve 9 --count 1

# --- pause, resume, cancel ----------------------------------------------------------------------------------------------
conf 'channel = null'
check "a wave is paused" plico wave pause 2 --note "the mayor called"
check_exit 65 "not twice" plico wave pause 2
check_exit 75 "then it does not leave" plico wave send 2
check_says "the history says why" "the mayor called" plico wave show 2
plico wave resume 2 --json > out
check_same "resumed before it began it is as planned" "planned 2" "$(field state) $(field open)"
check_exit 65 "what is not paused is not resumed" plico wave resume 2
plico wave send 2 --limit 1 > /dev/null
plico wave pause 2 > /dev/null
plico wave resume 2 --json > out
check_same "resumed after it began it goes on" "sending 1" "$(field state) $(field open)"
check_exit 64 "cancelling takes a reason" plico wave cancel 2
check_says "is cancelled what has not left" 'and 1 message of it' plico wave cancel 2 --note "wrong text"
plico wave show 2 --json > out
check_same "what has left stays" "cancelled 1 1 wrong text" \
	"$(field state) $(field sent) $(field cancelled) $(jq -r '.history[-1].note' out)"
check_exit 65 "a cancelled wave does not leave" plico wave send 2
check_exit 65 "nor does it come back" plico wave resume 2
check_exit 65 "what is done is not cancelled" plico wave cancel 1 --note late
check_same "each cancelled message has its event" "queued cancelled" \
	"$(sql "SELECT from_state || ' ' || to_state FROM event WHERE what = 'dispatch.cancelled'")"
check_same "a town whose letter was cancelled counts as not sent" 1 \
	"$(plico status > /dev/null; sql "SELECT count(*) FROM unit_state AS s JOIN unit AS u ON u.id = s.unit_id
		WHERE u.code = 'A005' AND s.delivery = 'not_sent'")"

id=$(sql "SELECT message_id FROM dispatch WHERE state = 'cancelled'")
plico wave plan --list two.txt --json > out
check_same "planned again it is the only one" "3 1 1" "$(field wave) $(field planned) $(field already)"
check_same "under its old Message-ID, in the new wave" "3|queued" \
	"$(sql "SELECT wave_id, state FROM dispatch WHERE message_id = '$id'")"
plico wave send --json > out
check_same "and leaves" 1 "$(field sent)"

# --- while it is leaving ------------------------------------------------------------------------------------------------
mkdir mx
python3 "$SRCDIR/tests/tool/smtpd_fault.py" mx --slow 0.2 2> mx/log &
at_exit "kill $! 2> /dev/null"
eventually [ -s mx/port ]
conf 'channel = smtp' 'from = mappa@mappa.example' '[smtp]' 'host = 127.0.0.1' "port = $(cat mx/port)" 'tls = none'
plico wave plan > /dev/null

# stopped_by VERB...: what the run makes of it when another process steers its wave
stopped_by() {
	plico wave send 4 > sent.out 2>&1 &
	run=$!
	n=$(sql "SELECT count(*) FROM dispatch WHERE wave_id = 4 AND state = 'sent'")
	while kill -0 "$run" && [ "$(sql "SELECT count(*) FROM dispatch WHERE wave_id = 4 AND state = 'sent'")" -le "$n" ]; do
		sleep 0.05
	done
	plico "$@" > /dev/null || return 1
	wait "$run"
	echo $? > status
}

# states of the wave's messages
states() {
	sql "SELECT state FROM dispatch WHERE wave_id = 4 GROUP BY state ORDER BY state" | tr '\n' ' '
}

check "a wave is paused while it leaves" stopped_by wave pause 4
check_same "the run ends and says so" "75 1" "$(cat status) $(grep -c 'wave resume 4' sent.out)"
check_same "what had not left is in the queue again" "queued sent " "$(states)"
before=$(sql "SELECT count(*) FROM dispatch WHERE wave_id = 4 AND state = 'sent'")
check_same "and much of it" 1 "$(sql "SELECT count(*) FILTER (WHERE state = 'queued') > 20 FROM dispatch WHERE wave_id = 4")"
plico wave resume 4 > /dev/null
check "it is cancelled while it leaves" stopped_by wave cancel 4 --note enough
check_same "the run ends and says so" "65 1" "$(cat status) $(grep -c 'was cancelled' sent.out)"
check_same "what had not left is cancelled" "cancelled sent " "$(states)"
check_same "it had gone on after the pause" 1 \
	"$(sql "SELECT count(*) FILTER (WHERE state = 'sent') > $before FROM dispatch WHERE wave_id = 4")"

# a crash left messages in the hands of a run that is no more
conf 'channel = null'
plico wave plan > /dev/null
plico wave send 5 --limit 1 > /dev/null
sql "UPDATE dispatch SET state = 'claimed' WHERE id IN (SELECT id FROM dispatch WHERE wave_id = 5 AND state = 'queued' LIMIT 2)"
sql "UPDATE dispatch SET state = 'dot' WHERE id IN (SELECT id FROM dispatch WHERE wave_id = 5 AND state = 'queued' LIMIT 1)"
plico wave cancel 5 --note crash > /dev/null
plico wave send > /dev/null
check_same "of a cancelled wave what was claimed is cancelled, and what was in the dot is in doubt" "cancelled sent unknown " \
	"$(sql "SELECT state FROM dispatch WHERE wave_id = 5 GROUP BY state ORDER BY state" | tr '\n' ' ')"

# --- the pace -----------------------------------------------------------------------------------------------------------
# pace LINE...: in [pace], by the channel null
pace() {
	conf 'channel = null' '[pace]' "$@"
}

pace 'per_minute = 2' 'hours = 8-18' 'days = lun-ven' 'holidays = wait'
export PLICO_CLOCK=2026-04-03T16:30:00Z # Good Friday, half past six in the evening
plico wave plan --json > out
check_same "a plan tells when it would leave: behind Easter" "2026-04-07T06:00:00Z $(date -u -d "2026-04-07T06:00:00Z + $((($(field planned) - 1) / 2)) minutes" +%Y-%m-%dT%H:%M:%SZ)" \
	"$(field begins) $(field ends)"
wave=$(field wave)
check_exit 75 "outside of the hours a run can end" plico wave send "$wave" --once
check_says "and says when it goes on" '07/04/2026 08:00' plico wave send "$wave" --once
check_same "nothing has left" 0 "$(plico wave show "$wave" --json | jq .sent)"
"$PLICO" -w ws wave send "$wave" > said 2>&1 &
run=$!
check "otherwise it waits" eventually grep -q 'goes on at 07/04/2026 08:00' said
kill -TERM $run
wait $run
check_same "and can be stopped" "75 0" "$? $(plico wave show "$wave" --json | jq .sent)"
pace 'per_second = 2'
export PLICO_CLOCK=2026-04-07T06:00:00Z
start=$(date +%s%N)
plico wave send "$wave" --limit 5 > /dev/null
check_same "two a second are not more" 1 "$((($(date +%s%N) - start) >= 1000000000))"
check_same "and all leave" 5 "$(plico wave show "$wave" --json | jq .sent)"
pace 'hours = 8'
check_exit 78 "hours that are none" plico wave send "$wave"
unset PLICO_CLOCK
