#!/bin/sh
# kill -9 at 500 random moments while 8,000 letters leave by SMTP, over one line or several at once, to a server that loses some
# of its replies: none arrives twice, none is lost, each of which nobody knows is listed. Then people settle those by what the
# server knows, and each has arrived just once. KILLS=50 MESSAGES=300 is a short run.
#
# It takes 6 to 12 minutes on two processors: nearly all of it is plico, which starts 500 times.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # what a kill leaves in the kernel's hands is there all the same
. "$SRCDIR/tests/lib.sh"
messages=${MESSAGES:-8000}
kills=${KILLS:-500}
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed"
helper=$(dirname "$PLICO")/t/tool/sent_check

plico() {
	"$PLICO" -w ws "$@"
}

# conf SESSIONS: the workspace, with so many lines at once
conf() {
	printf '[survey]\nedition = prova-2024\n[mail]\nchannel = smtp\n[smtp]\nport = %s\ntls = none\ntimeout = 10\n' "$(cat server/port)" > ws/plico.conf
	[ -z "$1" ] || echo "sessions = $1" >> ws/plico.conf
}

# rows STATES: the Message-ID of each dispatch in one of these, sorted
rows() {
	sqlite3 ws/plico.db "SELECT message_id FROM dispatch WHERE state IN ($1)" | sort
}

mkdir server
python3 "$SRCDIR/tests/tool/smtpd_fault.py" server --lose 0.02 --forget --seed "$seed" 2> server/log &
at_exit "kill $! 2>/dev/null"
while [ ! -s server/port ]; do sleep 0.05; done
"$PLICO" init ws > /dev/null
# a letter and one sheet
cp -r "$SRCDIR/tests/data/forms/prova-2024" ws/forms/
sed -n '1,/^end_group/p;/^begin_group,s1/,/^end_group/p' "$SRCDIR/tests/data/forms/prova-2024/survey.csv" > ws/forms/prova-2024/survey.csv
sessions=
conf 1
plico config show > /dev/null 2>&1 && sessions="1 4 16"
conf ""
seq -f 'r%g@x.example' "$messages" | xargs -x sh "$SRCDIR/tests/tool/units.sh" > towns.csv
plico units import towns.csv > /dev/null
plico wave plan --json > plan
check_same "planned" "$messages" "$(jq .planned plan)"

# Each run gets its share of the messages and is killed somewhere in it, at a moment that the dice tell.
python3 - "$PLICO" "$kills" "$seed" "$messages" $sessions <<'END'
import os, random, re, signal, sqlite3, subprocess, sys, time
plico, kills, seed, messages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
sessions = sys.argv[5:]
dice = random.Random(seed)
done = taken = 0
log = open("server/taken", "rb")

def left():
    global taken
    taken += log.read().count(b"\n")
    return taken

def over():
    with sqlite3.connect("ws/plico.db", timeout=20) as database:
        return database.execute("SELECT count(*) FROM dispatch WHERE state IN ('queued', 'claimed')").fetchone()[0] == 0

def set_sessions():
    with open("ws/plico.conf") as file:
        text = re.sub("sessions = .*\n", "", file.read())
    with open("ws/plico.conf", "w") as file:
        file.write(text + f"sessions = {dice.choice(sessions)}\n")

while done < kills and not over():
    if sessions:
        set_sessions()
    run = subprocess.Popen([plico, "-w", "ws", "wave", "send"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # so many more messages, and then somewhere between two of them
    goal = left() + dice.randint(0, max(1, 2 * messages * 7 // (10 * kills) - 1))
    while run.poll() is None and left() < goal:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.03))
    if run.poll() is None:
        run.send_signal(signal.SIGKILL)
        done += 1
    run.wait()
print(f"# {done} kills, {left()} messages taken on at the last of them")
with open("kills", "w") as file:
    file.write(f"{done}\n")
END
check "it was killed as often as wanted" [ "$(cat kills)" -ge "$((kills * 8 / 10))" ]

# until it is done: a run may stop because the server loses replies
finish_sending() {
	for i in $(seq 50); do
		plico wave send --json > out 2> err && break
	done
}
finish_sending
"$helper" ws > found
echo "# $(cut -d' ' -f2 found | sort | uniq -c | tr '\n' ' ')"
check_same "every one is sent or unknown" "" "$(awk '$2 != "sent" && $2 != "unknown"' found)"
check_same "none is gone" "$messages $messages" "$(wc -l < found) $(cut -d' ' -f1 found | sort -u | wc -l)"
check_same "none arrived twice" "" "$(cut -d' ' -f2 server/taken | sort | uniq -d)"
check_same "none is lost: what is sent has arrived" "" "$(awk '
	FNR == NR { seen[$2] = 1; next }
	$2 == "sent" && !($1 in seen) { print }' server/taken found)"
check_same "what arrived has the bytes of its row" "" "$(awk '
	FNR == NR { sum[$1] = $3; next }
	sum[$2] != $3 { print }' found server/taken)"
check_same "what has left is in the archive with these bytes" "" "$(awk '$4 != "ok"' found)"
check_same "each end is one event" "$messages" "$(sqlite3 ws/plico.db "SELECT count(*) FROM event
	WHERE what IN ('dispatch.sent', 'dispatch.unknown')")"
plico wave show 1 --json > shown
check_same "each of which nobody knows is listed" "$(rows "'unknown'")" \
	"$(jq -r '.troubles[] | select(.state == "unknown") | .message_id' shown | sort)"
unknown=$(rows "'unknown'" | wc -l)
cut -d' ' -f2 server/taken | sort > arrived
echo "# unknown: $unknown, of which $(rows "'unknown'" | comm -12 - arrived | wc -l) have arrived"
# what is between the dot and its reply when it is killed, on each line
check "the unknown are few" [ "$unknown" -lt "$((kills * ${sessions:+4} + kills + messages / 10))" ]

# --- by what the server knows --------------------------------------------------------------------------------------------
rounds=0
while [ -n "$(rows "'unknown'")" ] && [ $rounds -lt 20 ]; do
	rounds=$((rounds + 1))
	export PLICO_CLOCK=+$((rounds * 90000)) # no receipt can come any more
	cut -d' ' -f2 server/taken | sort > arrived
	plico wave show 1 --json | jq -r '.troubles[] | select(.state == "unknown") | "\(.message_id) \(.unit[:4])"' | sort > unknown
	join unknown arrived | while read -r id code; do
		plico wave settle 1 --unit "$code" --sent --note "the server has $id" > /dev/null || echo "$code"
	done > refused
	check_same "round $rounds: what has arrived is settled" "" "$(cat refused)"
	rest=$(join -v 1 unknown arrived | wc -l)
	[ "$rest" -eq 0 ] || check "round $rounds: and the other $rest" plico wave settle 1 --all --not-sent --count "$rest" --note "the server has none"
	finish_sending
done
"$helper" ws > found
check_same "all are sent, and in the archive" "$messages" "$(awk '$2 == "sent" && $4 == "ok"' found | wc -l)"
check_same "each has arrived just once" "$messages $messages" "$(wc -l < server/taken) $(cut -d' ' -f2 server/taken | sort -u | wc -l)"
check_same "with the bytes that are kept" "" "$(awk '
	FNR == NR { sum[$1] = $3; next }
	sum[$2] != $3 { print }' found server/taken)"
check_same "the wave is done" done "$(sqlite3 ws/plico.db 'SELECT state FROM wave')"
check_same "the database is in order" ok "$(sqlite3 ws/plico.db 'PRAGMA integrity_check')"
