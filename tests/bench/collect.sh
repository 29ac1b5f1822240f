#!/bin/sh
# make bench-collect: returns a second from raw mail in a Maildir to committed answers, beside scripts that only read the same mails.
#   COUNT=3000 PEERS=200 ROUNDS=3 sh tests/bench/collect.sh
# rate: `plico collect --once` with start and end: each mail in the archive and flushed, in a cage of its own with its only sheet,
# answers checked and committed, mail moved. The peers take the PDF out of the mail and read its fields, no more: they keep, check
# and store nothing, and hostile mail would be at home in them. They have a process (or thread) for each processor; rates are of
# the clock. one_process: the better of them as one process. limit: writing the mails' bytes to the disk. The median of the
# rounds, each of which asks all in turn.
set -eu
: "${PLICO:?is the program}" "${SRCDIR:?is the repository}"
build=$(dirname "$PLICO")
bench=$build/t/bench/collect
clients=$build/clients
tool=$SRCDIR/tests/tool/clients
count=${COUNT:-3000}
peers=${PEERS:-200}
rounds=${ROUNDS:-3}
cores=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$clients"
cp "$SRCDIR"/tests/bench/collect-peer.mjs "$clients"
if ! cmp -s "$tool/package-lock.json" "$clients/package-lock.json" || [ ! -d "$clients/node_modules" ]; then
	cp "$tool/package.json" "$tool/package-lock.json" "$clients"
	npm ci --prefix "$clients" --ignore-scripts --omit=optional --no-audit --no-fund --prefer-offline > "$work/npm"
fi

# a workspace whose towns have their letters; nothing has come back yet
"$PLICO" init "$work/empty" > "$work/init"
"$build/t/bench/sheets" towns "$work/towns.csv" $((count / 4 + 10))
PLICO_WORKSPACE=$work/empty "$PLICO" units import "$work/towns.csv" > "$work/import" 2>&1
"$PLICO" wave plan -w "$work/empty" > "$work/plan"
mkdir -p "$work/mail/cur" "$work/mail/new" "$work/mail/tmp"
"$bench" "$work/empty" "$work/mail" "$count" > "$work/made"

# seconds of the clock, seconds of CPU with all children, peak memory in MiB
measure() {
	/usr/bin/python3 -c 'import resource, subprocess, sys, time
begin = time.monotonic()
with open(sys.argv[1], "w") as out:
    subprocess.run(sys.argv[2:], check=True, stdout=out)
seconds = time.monotonic() - begin
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{seconds:.4f} {usage.ru_utime + usage.ru_stime:.4f} {usage.ru_maxrss / 1024:.1f}")' "$@"
}
# collect N: a line "plico N seconds CPU memory"
# The folder of the round before stays: where thousands of files were just deleted, ext4 looks long for a place for a new one.
collect() {
	ws=$(mktemp -d -p "$work")
	cp -r "$work/empty/." "$ws"
	mkdir -p "$ws/Maildir/cur" "$ws/Maildir/tmp" "$ws/Maildir/new"
	ls "$work/mail/new" | head -n "$1" | sed "s,^,$work/mail/new/," | xargs cp -t "$ws/Maildir/new"
	sync -f "$work"
	figures=$(measure "$work/collected" "$PLICO" collect -w "$ws" --once --json)
	[ "$(jq .applied "$work/collected")" -eq "$1" ] || {
		cat "$work/collected" >&2
		exit 1
	}
	echo "plico $1 $figures"
}
peer() { # NAME COMMAND...: from mails, PDFs, fields, seconds, CPU, memory
	name=$1
	shift
	"$@" | awk -v name="$name" '{ print name, $1, $4, $5, $6; print $2, $3 > "/dev/stderr" }' 2>> "$work/read"
}

for i in $(seq "$rounds"); do
	collect "$count"
	peer python /usr/bin/python3 "$SRCDIR/tests/bench/collect-peer.py" "$work/mail/new" "$peers" "$cores"
	peer node node "$clients/collect-peer.mjs" "$work/mail/new" "$peers" "$cores"
	peer python-one /usr/bin/python3 "$SRCDIR/tests/bench/collect-peer.py" "$work/mail/new" "$peers" 1
	peer node-one node "$clients/collect-peer.mjs" "$work/mail/new" "$peers" 1
	begin=$(date +%s.%N)
	dd if=/dev/zero of="$work/disk" bs=65536 count=$(($(cut -d' ' -f2 "$work/made") / 65536)) conv=fsync 2> "$work/dd"
	echo "limit $count $(echo "$(date +%s.%N) $begin" | awk '{ printf "%.4f", $1 - $2 }') 0 0"
	rm -f "$work/disk"
done > "$work/rates"
collect $((count / 4)) | sed 's/^plico/quarter/' >> "$work/rates"

# the peers have read the same
[ "$(sort -u "$work/read" | wc -l)" -eq 1 ] || {
	echo "the peers did not read the same fields" >&2
	sort "$work/read" | uniq -c >&2
	exit 1
}

jq -R -s -c --argjson cores "$cores" --argjson bytes "$(cut -d' ' -f2 "$work/made")" --argjson count "$count" '
	def median: sort | .[length / 2 | floor];
	def round_to(n): . * n | round / n;
	[split("\n")[] | select(. != "") | split(" ") | {name: .[0], count: (.[1] | tonumber), seconds: (.[2] | tonumber),
	  cpu: (.[3] | tonumber), rss: (.[4] | tonumber)}] |
	(group_by(.name) | map({key: .[0].name, value: {rate: ([.[] | .count / .seconds] | median),
	  cpu: ([.[] | .cpu / .count * 1000] | median), rss: ([.[].rss] | max)}}) | from_entries) as $m |
	{python: ($m.python.rate | round_to(10)), node: ($m.node.rate | round_to(10))} as $peers |
	{bench: "collect", rate: ($m.plico.rate | round), peers: $peers, ratio: ($m.plico.rate / ($peers | [.[]] | max) | round_to(10)),
	 limit: ($m.limit.rate | round), cpu_s_per_1000: ($m.plico.cpu | round_to(100)),
	 cpu_s_per_1000_peers: {python: ($m.python.cpu | round_to(100)), node: ($m.node.cpu | round_to(100))},
	 ratio_cpu: ([$m.python.cpu, $m.node.cpu] | min / $m.plico.cpu | round_to(10)),
	 one_process: {python: ($m["python-one"].rate | round_to(10)), node: ($m["node-one"].rate | round_to(10))},
	 ratio_one_process: ($m.plico.rate / ([$m["python-one"].rate, $m["node-one"].rate] | max) | round_to(10)),
	 rss_mib: $m.plico.rss, rss_mib_quarter: $m.quarter.rss, mail_bytes: ($bytes / $count | round), cores: $cores}' "$work/rates"
