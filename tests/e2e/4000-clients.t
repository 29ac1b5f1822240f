#!/bin/sh
# Real PDF programs fill real sheets, one town for each, every field of every section; what they save comes back by mail
# and must be stored value for value. docs/clients.md tells what each of them keeps.
. "$SRCDIR/tests/lib.sh"
build=$(dirname "$PLICO")
sheets=$build/t/tool/sheets
clients=$build/clients
tool=$SRCDIR/tests/tool
for program in pdftk qpdf node npm sqlite3 chromium xvfb-run; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
/usr/bin/python3 -c 'import gi; gi.require_version("Poppler", "0.18")' 2> .why || skip_all "python3-gi or poppler is missing"

# node finds modules beside the scripts
mkdir -p "$clients"
cp "$tool"/clients/*.mjs "$clients"
if ! cmp -s "$tool/clients/package-lock.json" "$clients/package-lock.json" || [ ! -d "$clients/node_modules" ]; then
	cp "$tool/clients/package.json" "$tool/clients/package-lock.json" "$clients"
	check "npm ci" npm ci --prefix "$clients" --ignore-scripts --omit=optional --no-audit --no-fund --prefer-offline
fi

# A workspace with one question more: none of the shipped form has room for several lines.
"$PLICO" init ws > init.out || exit 99
/usr/bin/python3 "$tool/add_question.py" "$SRCDIR/forms/mappa-2024/survey.csv" ws/forms/mappa-2024/survey.csv
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
check "the form with one question more is in order" "$PLICO" forms check ws/forms/mappa-2024
export PLICO_WORKSPACE=$WORK/ws
programs="pdftk_fdf pdftk_xfdf pdf_lib pdf_js poppler qpdf_linearize qpdf_objects qpdf_encrypt chromium"
# one town for each, large enough to be asked everything
{
	head -1 "$SRCDIR/samples/comuni.csv"
	awk -F, 'NR > 1 && $9 > 5000' "$SRCDIR/samples/comuni.csv" | sort -t, -k2,2 | head -n "$(echo "$programs" | wc -w)"
} > towns.csv
"$PLICO" units import towns.csv > import.out || exit 99
check "the invitation is planned" "$PLICO" wave plan
check "and leaves as files" "$PLICO" wave send

# a Java that starts twice as fast: pdftk is asked for each sheet
export JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

sql() { sqlite3 -separator '	' ws/plico.db "$1"; }

# The desk of one town: desk CODE makes CODE/s1.pdf, s1.json ... and meant.tsv
desk() {
	mkdir -p "$1"
	"$sheets" ws "$1" "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$1'")" \
		ws/outbox/*.eml)" "$1"
}

# Each fills the sheets of a town: fill_PROGRAM (FIELDS.json IN.pdf OUT.pdf)...; where it can, in one process.
with_pdftk() { # fdf|xfdf (FIELDS.json IN.pdf OUT.pdf)...
	form=$1
	shift
	while [ $# -gt 0 ]; do
		/usr/bin/python3 "$tool/clients/fdf.py" "$form" "$1" "data.$form" && pdftk "$2" fill_form "data.$form" output "$3" || return 1
		shift 3
	done
}
fill_pdftk_fdf() { with_pdftk fdf "$@"; }
fill_pdftk_xfdf() { with_pdftk xfdf "$@"; }
fill_pdf_lib() { node "$clients/pdf-lib.mjs" "$@"; }
fill_pdf_js() { node "$clients/pdfjs.mjs" "$@"; }
fill_poppler() { /usr/bin/python3 "$tool/clients/poppler.py" "$@"; }
# programs that only rewrite what another one has filled
rewrite() { # COMMAND (FIELDS.json IN.pdf OUT.pdf)...
	command=$1
	shift
	fill_pdf_js "$@" || return 1
	while [ $# -gt 0 ]; do
		mv "$3" filled.pdf && "$command" filled.pdf "$3" || return 1
		shift 3
	done
}
linearize() { qpdf --linearize "$1" "$2"; }
pack() { qpdf --object-streams=generate "$1" "$2"; }
encrypt() { qpdf --encrypt '' owner 256 -- "$1" "$2"; }
fill_qpdf_linearize() { rewrite linearize "$@"; }
fill_qpdf_objects() { rewrite pack "$@"; }
fill_qpdf_encrypt() { rewrite encrypt "$@"; }

# a person at the screen takes seconds for each sheet: those that have every type of question between them
fill_chromium() {
	others= left=$#
	while [ "$left" -gt 0 ]; do
		case $2 in */s[1237].pdf) set -- "$@" "$1" "$2" "$3" ;; *) others="$others $1 $2 $3" ;; esac
		shift 3
		left=$((left - 3))
	done
	# shellcheck disable=SC2086
	fill_pdf_lib $others && xvfb-run -a -s "-screen 0 1000x1500x24" /usr/bin/python3 "$tool/clients/chromium.py" "$@"
}

# All sheets of a town, filled by one program and sent back.
# shellcheck disable=SC2046
return_by() {
	program=$1 town=$2
	set --
	for fields in "$town"/s*.json; do
		set -- "$@" "$fields" "${fields%.json}.pdf" "${fields%.json}_filled.pdf"
	done
	"fill_$program" "$@" || return 1
	/usr/bin/python3 "$tool/mail.py" "$(sql "SELECT address FROM contact JOIN unit ON unit.id = unit_id WHERE code = '$town' LIMIT 1")" \
		mappa@mappa.example "ws/Maildir/new/$town.eml" $(ls "$town"/*_filled.pdf)
}

set -- $(sql "SELECT code FROM unit ORDER BY code")
pairs=
for program in $programs; do
	check "$1: what the town has on its desk" desk "$1"
	check "$program fills every section" return_by "$program" "$1"
	pairs="$pairs $program:$1"
	shift
done
set -- $pairs
check_says "pdf-lib cannot draw č, and throws, unless it is told not to draw" "WinAnsi cannot encode" env PDF_LIB_DRAWS=1 \
	node "$clients/pdf-lib.mjs" "${1#*:}/s1.json" "${1#*:}/s1.pdf" drawn.pdf
check_same "a text of two lines is among the answers" 1 "$(grep -c '^q1_note	prima riga.*\\nseconda' "${1#*:}/meant.tsv")"
check "everything is collected" "$PLICO" collect --once

for pair in $pairs; do
	program=${pair%:*} code=${pair#*:}
	check_same "$program: every sheet is applied" "$(ls "$code"/s*.json | wc -l) applied" \
		"$(sql "SELECT count(*) || ' ' || group_concat(DISTINCT trim(r.state || ' ' || r.reason)) FROM \"return\" AS r
			JOIN unit AS u ON u.id = r.unit_id WHERE u.code = '$code'")"
	sql "SELECT a.question, replace(a.value, char(10), '\\n') FROM answer AS a JOIN \"return\" AS r ON r.id = a.return_id
		JOIN unit AS u ON u.id = r.unit_id WHERE u.code = '$code' AND r.state = 'applied'" | sort > "$code/stored.tsv"
	check "$program: $(wc -l < "$code/meant.tsv") answers come back value for value" \
		diff "$code/meant.tsv" "$code/stored.tsv"
done
