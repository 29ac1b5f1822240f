#!/bin/sh
# make bench-rebuild: how many returns a second are read again from the archive, caged, stored and compared.
#   UNITS=1000 sh tests/bench/rebuild.sh
# limit: returns a second if their messages were only read and hashed (sha256sum on one processor).
# Memory must not grow with the returns: the same with a quarter of the towns is measured first.
set -eu
: "${PLICO:?is the program}"
units=${UNITS:-1000}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

campaign() { # UNITS: a workspace, and what a rebuild of it took
	"$PLICO" rehearse --units "$1" --seed 1 --json "$work/$1" > /dev/null
	LC_ALL=C bash -c 'TIMEFORMAT="%R %U %S"; time "$0" rebuild -w "$1" --check --json > "$1.json"' \
	    "$PLICO" "$work/$1" 2> "$work/$1.time"
	/usr/bin/python3 - "$PLICO" "$work/$1" <<'END' > "$work/$1.rss"
import resource
import subprocess
import sys
subprocess.run([sys.argv[1], 'rebuild', '-w', sys.argv[2], '--check', '--json'], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
END
}

campaign $((units / 4))
campaign "$units"
ws=$work/$units
sqlite3 "$ws/plico.db" "SELECT '$ws/archive/' || substr(sha256, 1, 2) || '/' || substr(sha256, 3) FROM message" > "$work/files"
LC_ALL=C bash -c 'TIMEFORMAT=%R; time xargs sha256sum < "$0" > /dev/null' "$work/files" 2> "$work/hash"
read -r real user system < "$ws.time"
jq -c -n --slurpfile it "$ws.json" --argjson real "$real" --argjson user "$user" --argjson system "$system" \
    --argjson hash "$(cat "$work/hash")" --argjson rss "$(cat "$ws.rss")" --argjson quarter "$(cat "$work/$((units / 4)).rss")" '
	$it[0].returns as $n | ($n / $real) as $rate | ($n / ([$hash, 0.001] | max)) as $limit |
	{bench: "rebuild", rate: ($rate | round), peers: {}, ratio: ($rate / $limit * 1000 | round / 1000), limit: ($limit | round),
	 cpu_s_per_1000: (($user + $system) / $n * 1e5 | round / 100), rss_mib: $rss, rss_mib_quarter: $quarter,
	 returns: $n, differences: $it[0].differences, minutes_for_55000: (55000 / $rate / 6 | round / 10)}'
