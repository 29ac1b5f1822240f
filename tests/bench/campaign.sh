#!/bin/sh
# make bench-campaign: what a whole campaign costs, from the letters to the table, beside what the disk allows.
#   UNITS=1000 sh tests/bench/campaign.sh
# limit: commits a second that reach the disk here and now (4 KiB, O_DSYNC); a message out takes one at least.
# Memory must not grow with the municipalities: the same campaign with a quarter of them is measured first.
set -eu
: "${PLICO:?is the program}"
units=${UNITS:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

campaign() {
	"$PLICO" rehearse --units "$1" --seed 1 --json "$work/$1"
}

syncs=300
LC_ALL=C dd if=/dev/zero of="$work/disk" bs=4096 count=$syncs oflag=dsync 2> "$work/dd"
seconds=$(sed -n 's/.* copied, \([0-9.e-]*\) s,.*/\1/p' "$work/dd")
campaign $((units / 4)) > "$work/small"
campaign "$units" > "$work/large"
jq -c -n --slurpfile small "$work/small" --slurpfile large "$work/large" --argjson syncs $syncs --argjson seconds "$seconds" '
	$large[0] as $it | ($it.dispatches / $it.seconds.send) as $rate | ($syncs / $seconds) as $limit |
	{bench: "campaign", rate: ($rate | round), peers: {}, ratio: ($rate / $limit * 100 | round / 100), limit: ($limit | round),
	 units: $it.units, mismatches: $it.mismatches, seconds: $it.seconds.total, rss_mib: $it.rss_mib,
	 rss_mib_quarter: $small[0].rss_mib, returns_per_s: ($it.returns / $it.seconds.collect | round)}'
