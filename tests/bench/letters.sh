#!/bin/sh
# make bench-letters: what a letter of two pages costs, beside a browser that prints a page of HTML (shorter than the letter).
#   ROUNDS=3 TOWNS=7896 sh tests/bench/letters.sh
# rate: letters a second of CPU on one core, as base64 lines ready for a mail, each to another town; the templates are made
# within the time. limit: the same bytes only copied. The median of the rounds, each of which asks all of them in turn.
set -eu
: "${PLICO:?is the program}"
build=$(dirname "$PLICO")
bench=$build/t/bench/letters
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$PLICO" init "$work/ws" > "$work/init"
"$bench" towns "$work/towns.csv" "${TOWNS:-7896}"
PLICO_WORKSPACE=$work/ws "$PLICO" units import "$work/towns.csv" > "$work/import"
"$bench" html "$work/ws" "$work/letter.html"

# measure NAME COMMAND...: a line "NAME N SECONDS ..." from what it prints
measure() {
	name=$1
	shift
	printf '%s ' "$name"
	"$@"
}
# CPU seconds of a command and its children
cpu() {
	bash -c 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2>&1' cpu "$@" 2>&1 | awk '{ print $1 + $2 }'
}

for i in $(seq "$rounds"); do
	measure memory "$bench" memory "$work/ws" 8000
	measure mail "$bench" mail "$work/ws" 8000
	measure two "$bench" mail "$work/ws" 8000 de+it
	measure copy-mail "$bench" copy-mail "$work/ws" 20000
	printf 'chromium 1 %s\n' "$(cpu chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
		--user-data-dir="$work/chromium" --print-to-pdf="$work/letter.pdf" "file://$work/letter.html")"
done > "$work/rates"
measure thousand "$bench" mail "$work/ws" 1000 >> "$work/rates"
[ -s "$work/letter.pdf" ] || {
	echo "chromium did not print the page" >&2
	exit 1
}

jq -R -s -c '
	def median: sort | .[length / 2 | floor];
	def round_to(n): . * n | round / n;
	[split("\n")[] | select(. != "") | split(" ") | {name: .[0], count: (.[1] | tonumber), seconds: (.[2] | tonumber),
	  rss: (.[3] // "0" | tonumber), bytes: (.[4] // "0" | tonumber), stems: (.[5] // "0" | tonumber)}] |
	(group_by(.name) | map({key: .[0].name, value: {rate: ([.[] | .count / .seconds] | median), it: .[0]}}) | from_entries) as $m |
	{chromium: ($m.chromium.rate | round_to(10))} as $peers |
	{bench: "letters", rate: ($m.mail.rate | round), peers: $peers, ratio: ($m.mail.rate / $peers.chromium | round),
	 limit: ($m["copy-mail"].rate | round), cpu_s_per_1000: (1000 / $m.mail.rate | round_to(1000)), rss_mib: $m.mail.it.rss,
	 rss_mib_1000: $m.thousand.it.rss, rate_memory: ($m.memory.rate | round), rate_two_languages: ($m.two.rate | round),
	 letter_bytes: $m.memory.it.bytes, templates: $m.mail.it.stems, templates_two_languages: $m.two.it.stems}' "$work/rates"
