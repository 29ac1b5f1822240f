#!/bin/sh
# make bench-sheets: what a personalised sheet costs, beside other programs that write the identity's eight fields and a
# title into the same template (they draw neither the town's name nor a QR, which ours do).
#   ROUNDS=3 TOWNS=7896 SECTION=s5 sh tests/bench/sheets.sh
# rate: sheets a second of CPU on one core, as base64 lines ready for a mail; limit: the same bytes only copied. The median of
# the rounds, each of which asks all of them in turn.
set -eu
: "${PLICO:?is the program}" "${SRCDIR:?is the repository}"
build=$(dirname "$PLICO")
bench=$build/t/bench/sheets
clients=$build/clients
tool=$SRCDIR/tests/tool/clients
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$clients"
cp "$SRCDIR"/tests/bench/sheets-pdf-lib.mjs "$clients"
if ! cmp -s "$tool/package-lock.json" "$clients/package-lock.json" || [ ! -d "$clients/node_modules" ]; then
	cp "$tool/package.json" "$tool/package-lock.json" "$clients"
	npm ci --prefix "$clients" --ignore-scripts --omit=optional --no-audit --no-fund --prefer-offline > "$work/npm"
fi

"$PLICO" init "$work/ws" > "$work/init"
"$bench" towns "$work/towns.csv" "${TOWNS:-7896}"
PLICO_WORKSPACE=$work/ws "$PLICO" units import "$work/towns.csv" > "$work/import"
"$bench" stem "$work/ws" "$work/stem.pdf"
jq '.[0].fields' "$work/stem.pdf.json" > "$work/town.json"
/usr/bin/python3 "$tool/fdf.py" fdf "$work/town.json" "$work/town.fdf"

# CPU seconds of a command and its children
cpu() {
	bash -c 'TIMEFORMAT="%U %S"; time "$@" > /dev/null' cpu "$@" 2>&1 | awk '{ print $1 + $2 }'
}
# measure NAME N COMMAND...: a line "NAME N SECONDS" from what it prints
measure() {
	name=$1
	shift
	printf '%s ' "$name"
	"$@"
}
# the same for programs that print nothing
measure_cpu() {
	name=$1
	count=$2
	shift 2
	printf '%s %s %s\n' "$name" "$count" "$(cpu "$@")"
}

for i in $(seq "$rounds"); do
	measure memory "$bench" memory "$work/ws" 20000
	measure mail "$bench" mail "$work/ws" 20000
	measure copy "$bench" copy "$work/ws" 20000
	measure copy-mail "$bench" copy-mail "$work/ws" 20000
	measure pdf-lib node "$clients/sheets-pdf-lib.mjs" "$work/stem.pdf" 40 Infinity
	measure pdf-lib-default node "$clients/sheets-pdf-lib.mjs" "$work/stem.pdf" 20 50
	measure_cpu mutool 200 mutool run "$SRCDIR/tests/bench/sheets-mutool.js" "$work/stem.pdf" 200 "$work/mutool.pdf"
	measure_cpu pdftk 1 pdftk "$work/stem.pdf" fill_form "$work/town.fdf" output "$work/pdftk.pdf"
done > "$work/rates"
measure all "$bench" all "$work/ws" 1 >> "$work/rates"
measure thousand "$bench" mail "$work/ws" 1000 >> "$work/rates"
measure many "$bench" mail "$work/ws" 63000 >> "$work/rates"

# what the others made is what was asked for
for made in mutool pdftk; do
	pdftk "$work/$made.pdf" dump_data_fields_utf8 | grep -q '^FieldValue: mappa-' || {
		echo "$made did not personalise the sheet" >&2
		exit 1
	}
done

jq -R -s -c --argjson bytes "$(wc -c < "$work/stem.pdf")" '
	def median: sort | .[length / 2 | floor];
	def round_to(n): . * n | round / n;
	[split("\n")[] | select(. != "") | split(" ") | {name: .[0], count: (.[1] | tonumber), seconds: (.[2] | tonumber),
	  rss: (.[3] // "0" | tonumber)}] |
	(group_by(.name) | map({key: .[0].name, value: {rate: ([.[] | .count / .seconds] | median), it: .[0]}}) | from_entries) as $m |
	($m | with_entries(select(.key | IN("pdf-lib", "pdf-lib-default", "mutool", "pdftk"))) | map_values(.rate | round_to(10))) as $peers |
	{bench: "sheets", rate: ($m.mail.rate | round), peers: $peers, ratio: ($m.mail.rate / ($peers | [.[]] | max) | round_to(10)),
	 limit: ($m["copy-mail"].rate | round), cpu_s_per_1000: (1000 / $m.mail.rate | round_to(10000)), rss_mib: $m.many.it.rss,
	 rss_mib_1000: $m.thousand.it.rss, rate_memory: ($m.memory.rate | round), limit_memory: ($m.copy.rate | round),
	 ratio_pdf_lib: ($m.mail.rate / $peers["pdf-lib"] | round), template_bytes: $bytes, all_sheets: $m.all.it.count,
	 all_cpu_s: $m.all.it.seconds, all_rss_mib: $m.all.it.rss}' "$work/rates"
