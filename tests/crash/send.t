#!/bin/sh
# kill -9 at fifty random moments while 300 messages leave by SMTP to a server that loses some of its replies: no message
# arrives twice, and each arrives once or is listed as unknown.
. "$SRCDIR/tests/lib.sh"
messages=${MESSAGES:-300}
kills=${KILLS:-50}
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed"

mkdir server
python3 "$SRCDIR/tests/tool/smtpd_fault.py" server --lose 0.02 --seed "$seed" 2> server/log &
at_exit "kill $! 2>/dev/null"
while [ ! -s server/port ]; do sleep 0.05; done
"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = smtp\n[smtp]\nport = %s\ntls = none\ntimeout = 10\n' "$(cat server/port)" > ws/plico.conf
# shellcheck disable=SC2046
sh "$SRCDIR/tests/tool/units.sh" $(seq -f 'r%g@x.example' "$messages") > towns.csv
"$PLICO" -w ws units import towns.csv > /dev/null
"$PLICO" -w ws wave plan --json > plan
check_same "planned" "$messages" "$(jq .planned plan)"

# Each run gets its share of the messages and is killed somewhere in it, at a moment that the dice tell.
python3 - "$PLICO" "$kills" "$seed" "$messages" <<'END'
import os, random, signal, subprocess, sys, time
plico, kills, seed, messages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
dice = random.Random(seed)
done = 0

def taken():
    with open("server/taken") as file:
        return sum(1 for _ in file)

while done < kills:
    run = subprocess.Popen([plico, "-w", "ws", "wave", "send"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # so many more messages, and then somewhere between two of them
    goal = taken() + dice.randint(0, max(1, 2 * messages * 9 // (10 * kills) - 1))
    while run.poll() is None and taken() < goal:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.03))
    if run.poll() is None:
        run.send_signal(signal.SIGKILL)
        done += 1
    run.wait()
    if subprocess.run(["sqlite3", "ws/plico.db", "SELECT count(*) FROM dispatch WHERE state IN ('queued', 'claimed')"],
                      capture_output=True, text=True, check=True).stdout.strip() == "0":
        break
print(f"# {done} kills, {taken()} messages taken on at the last of them")
with open("kills", "w") as file:
    file.write(f"{done}\n")
END
check "it was killed as often as wanted" [ "$(cat kills)" -ge "$((kills * 8 / 10))" ]

# until it is done: a run may stop because the server loses replies
for i in 1 2 3 4 5 6 7 8 9 10; do
	"$PLICO" -w ws wave send --json > out 2> err && break
done
sqlite3 ws/plico.db "SELECT message_id, state, sha256 FROM dispatch" | tr '|' ' ' > rows
echo "# $(cut -d' ' -f2 rows | sort | uniq -c | tr '\n' ' ')"
check_same "every one is sent or unknown" "" "$(awk '$2 != "sent" && $2 != "unknown"' rows)"
check_same "none arrived twice" "" "$(cut -d' ' -f2 server/taken | sort | uniq -d)"
check_same "none is lost: what is sent has arrived" "" "$(awk '
	FNR == NR { seen[$2] = 1; next }
	$2 == "sent" && !($1 in seen) { print }' server/taken rows)"
check_same "what arrived has the bytes of its row" "" "$(awk '
	FNR == NR { sum[$1] = $3; next }
	sum[$2] != $3 { print }' rows server/taken)"
check_same "what arrived is in the archive" "" "$(cut -d' ' -f3 server/taken | while read -r sum; do
	[ -f "ws/archive/$(echo "$sum" | cut -c 1-2)/$(echo "$sum" | cut -c 3-).sent" ] || echo "$sum"
done)"
check_same "each end is one event" "$messages" "$(sqlite3 ws/plico.db "SELECT count(*) FROM event
	WHERE what IN ('dispatch.sent', 'dispatch.unknown')")"
unknown=$(grep -c ' unknown ' rows)
arrived=$(awk 'FNR == NR { seen[$2] = 1; next } $2 == "unknown" && ($1 in seen)' server/taken rows | wc -l)
echo "# unknown: $unknown, of which $arrived have arrived"
check "the unknown are few" [ "$unknown" -lt "$((kills + messages / 10))" ]
