#!/bin/sh
# Sheets that come back without their fields: printed to a file by real programs, scanned with noise and at an angle, upside down,
# forged, mixed up. What is read is what was meant, or a person is asked.
. "$SRCDIR/tests/lib.sh"
tools=$(dirname "$PLICO")/t/tool
for program in pdftoppm pdftocairo gs qpdf pdftk mutool convert qrencode sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
python=/usr/bin/python3

"$PLICO" init ws > init.out || exit 99
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
export PLICO_WORKSPACE=$WORK/ws
sql() { sqlite3 -separator ' ' ws/plico.db "$1"; }
head -1 "$SRCDIR/samples/comuni.csv" > two.csv
grep -E ',(C860|L219),' "$SRCDIR/samples/comuni.csv" >> two.csv
"$PLICO" units import two.csv > import.out && "$PLICO" wave plan > plan.out && "$PLICO" wave send > send.out || exit 99
desk() { # CODE: the sheets of a town, and what is to be answered
	mkdir "$1"
	"$tools/sheets" ws "$1" "$(grep -l "$(sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$1'")" \
		ws/outbox/*.eml)" "$1" > sheets.out || exit 99
}
fill() { # CODE SECTION
	"$python" "$SRCDIR/tests/tool/clients/fdf.py" fdf "$1/$2.json" data.fdf && pdftk "$1/$2.pdf" fill_form data.fdf output "$1-$2.pdf" 2> /dev/null || exit 99
}
scan() { # DPI DEGREES NOISE FILE...: page-N.jpg
	dpi=$1 turn=$2 noise=$3
	shift 3
	rm -f page-*
	n=0
	for file; do
		n=$((n + 1))
		pdftoppm -r "$dpi" -gray "$file" "page-$n"
	done
	for page in page-*.pgm; do
		convert "$page" -background white -rotate "$turn" -attenuate "$noise" +noise Gaussian -colorspace Gray -quality 80 "${page%.pgm}.jpg"
	done
}
bind() { # DPI OUT PAGE...
	dpi=$1 out=$2
	shift 2
	"$python" "$SRCDIR/tests/tool/scanned.py" "$out" "$dpi" "$@"
}
arrive() { # FILE...: what became of the files of a mail
	"$python" "$SRCDIR/tests/tool/container.py" attached mail.eml "$@"
	cp mail.eml ws/Maildir/new/one
	before=$(sql 'SELECT coalesce(max(id), 0) FROM "return"')
	"$PLICO" collect --once --json > collected.json
	sql "SELECT group_concat(s, ' ') FROM (SELECT section || ':' || state || CASE WHEN reason <> '' THEN ':' || reason ELSE '' END AS s
		FROM \"return\" WHERE id > $before ORDER BY part)"
}
last() { sql 'SELECT max(id) FROM "return"'; }
answers() { # RETURN
	sqlite3 ws/plico.db "SELECT question || char(9) || replace(value, char(10), ' ') FROM answer WHERE return_id = $1 ORDER BY question"
}
meant() { # CODE SECTION
	grep "^q${2#s}" "$1/meant.tsv" | sed 's/\\n/ /g'
}
wrong() { # CODE SECTION RETURN: answers that were not meant
	meant "$1" "$2" > meant.txt
	answers "$3" | grep -vxF -f meant.txt
}
left() { # CODE SECTION RETURN: questions that are neither read nor left to a person
	{
		answers "$3" | cut -f1
		sql "SELECT question FROM finding WHERE return_id = $3 AND code = 'uncertain'"
	} | sort > told.txt
	meant "$1" "$2" | cut -f1 | grep -vxF -f told.txt
}
town=L219 other=C860
desk "$town"
desk "$other"
for s in s2 s3 s5 s6; do
	fill "$town" $s
done
fill "$other" s2

# --- printed to a file ----------------------------------------------------------------------------------------------------------
pdftocairo -pdf "$town-s2.pdf" cairo.pdf
check_same "poppler: applied" "s2:applied" "$(arrive cairo.pdf)"
check_same "by the access code in it" "code" "$(sql 'SELECT trust FROM "return" WHERE id = 1')"
check_same "the answers are what was meant" "$(meant "$town" s2)" "$(answers 1)"
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o gs.pdf "$town-s2.pdf" 2> /dev/null
check_same "Ghostscript: the same answers" "s2:duplicate" "$(arrive gs.pdf)"
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -dFIXEDMEDIA -dPDFFitPage -sPAPERSIZE=letter -o fit.pdf "$town-s3.pdf" 2> /dev/null
check_same "fitted to other paper" "s3:applied" "$(arrive fit.pdf)"
check_same "the answers are what was meant" "$(meant "$town" s3)" "$(answers "$(last)")"
mutool convert -o mutool.pdf "$town-s5.pdf" 2> /dev/null
check_same "mutool" "s5:applied" "$(arrive mutool.pdf)"
check_same "the answers are what was meant" "$(meant "$town" s5)" "$(answers "$(last)")"
pdftk "$town-s6.pdf" output pdftk.pdf flatten 2> /dev/null
check_same "pdftk" "s6:applied" "$(arrive pdftk.pdf)"
check_same "the answers are what was meant" "$(meant "$town" s6)" "$(answers "$(last)")"
