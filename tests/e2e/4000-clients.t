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
	check "npm ci" npm ci --prefix "$clients" --ignore-scripts --omit=optional --no-audit --no-fund
fi

# A workspace with one question more: none of the shipped form has room for several lines.
"$PLICO" init ws > init.out || exit 99
/usr/bin/python3 "$tool/add_question.py" "$SRCDIR/forms/mappa-2024/survey.csv" ws/forms/mappa-2024/survey.csv
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
check "the form with one question more is in order" "$PLICO" forms check ws/forms/mappa-2024
export PLICO_WORKSPACE=$WORK/ws
"$PLICO" units import "$SRCDIR/samples/comuni.csv" > import.out || exit 99
check "the invitation is planned" "$PLICO" wave plan
check "and leaves as files" "$PLICO" wave send

sql() { sqlite3 -separator '	' ws/plico.db "$1"; }

# The desk of one town: desk CODE makes CODE/s1.pdf, s1.json ... and meant.tsv
desk() {
	mkdir -p "$1"
	"$sheets" ws "$1" "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$1'")" \
		ws/outbox/*.eml)" "$1"
}

fill_pdftk_fdf() {
	/usr/bin/python3 "$tool/clients/fdf.py" fdf "$1" data.fdf && pdftk "$2" fill_form data.fdf output "$3"
}
fill_pdftk_xfdf() {
	/usr/bin/python3 "$tool/clients/fdf.py" xfdf "$1" data.xfdf && pdftk "$2" fill_form data.xfdf output "$3"
}
fill_pdf_lib() { node "$clients/pdf-lib.mjs" "$1" "$2" "$3"; }
fill_pdf_js() { node "$clients/pdfjs.mjs" "$1" "$2" "$3"; }
fill_poppler() { /usr/bin/python3 "$tool/clients/poppler.py" "$1" "$2" "$3"; }
# programs that only rewrite what another one has filled
fill_qpdf_linearize() { fill_pdf_js "$1" "$2" filled.pdf && qpdf --linearize filled.pdf "$3"; }
fill_qpdf_objects() { fill_pdf_js "$1" "$2" filled.pdf && qpdf --object-streams=generate filled.pdf "$3"; }
fill_qpdf_encrypt() { fill_pdf_js "$1" "$2" filled.pdf && qpdf --encrypt '' owner 256 -- filled.pdf "$3"; }

# a person at the screen takes seconds for each sheet: those that have every type of question between them
fill_chromium() {
	case $2 in */s[1237].pdf) ;; *) fill_pdf_lib "$1" "$2" "$3" && return ;; esac
	xvfb-run -a -s "-screen 0 1000x1500x24" /usr/bin/python3 "$tool/clients/chromium.py" "$1" "$2" "$3"
}

# All sheets of a town, filled by one program and sent back.
# shellcheck disable=SC2046
return_by() {
	for fields in "$2"/s*.json; do
		section=$(basename "$fields" .json)
		"fill_$1" "$fields" "$2/$section.pdf" "$2/${section}_filled.pdf" || return 1
	done
	/usr/bin/python3 "$tool/mail.py" "$(sql "SELECT address FROM contact JOIN unit ON unit.id = unit_id WHERE code = '$2' LIMIT 1")" \
		mappa@mappa.example "ws/Maildir/new/$2.eml" $(ls "$2"/*_filled.pdf)
}

set -- $(sql "SELECT code FROM unit WHERE population > 5000 ORDER BY code")
programs="pdftk_fdf pdftk_xfdf pdf_lib pdf_js poppler qpdf_linearize qpdf_objects qpdf_encrypt chromium"
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
