#!/bin/sh
# Sheets that come back without their fields: printed to a file by real programs, scanned with noise and at an angle, upside down,
# forged, mixed up, without QR. What is read is what was meant, or a person is asked.
. "$SRCDIR/tests/lib.sh"
tools=$(dirname "$PLICO")/t/tool
for program in pdftoppm pdftocairo gs qpdf pdftk mutool convert qrencode zbarimg chromium xvfb-run sqlite3 jq; do
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
		set -- -background white -rotate "$turn" -blur 0x0.6
		[ "$noise" = 0 ] || set -- "$@" -attenuate "$noise" +noise Gaussian -colorspace Gray
		convert "$page" "$@" -quality 80 "${page%.pgm}.jpg"
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
for s in s2 s3 s4 s5 s6; do
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

xvfb-run -a -s "-screen 0 1000x1500x24" "$python" "$SRCDIR/tests/tool/clients/chromium_print.py" "$town-s4.pdf" chromium.pdf
check_same "Chrome and Edge" "s4:applied" "$(arrive chromium.pdf)"
check_same "the answers are what was meant" "$(meant "$town" s4)" "$(answers "$(last)")"

# --- scanned: marks are read, writing never is -------------------------------------------------------------------------------------
scanned() { # WHAT: of the last return
	check_same "$1: nothing wrong is read" "" "$(wrong "$other" s2 "$(last)")"
	check_same "$1: the rest is left to a person" "" "$(left "$other" s2 "$(last)")"
	check_same "$1: what was certain is there" "$(meant "$other" s2 | grep -c q2_8)" "$(answers "$(last)" | grep -c q2_8)"
}
scan 200 1.5 0.3 "$other-s2.pdf"
bind 200 scan.pdf page-*.jpg
check_same "a scan waits for a person" "s2:quarantined:scanned" "$(arrive scan.pdf)"
scanned "200 dots an inch, turned, with noise"
check_same "town and section are proposed, and it cannot be accepted as it is" "$other s2 false" \
	"$("$PLICO" quarantine list --json | jq -r '.items[] | "\(.unit) \(.section) \(.acceptable)"')"
waiting=$(last)
check_exit 65 "not even when asked for" "$PLICO" quarantine accept "$waiting"
scan 150 178.5 0 "$other-s2.pdf"
bind 150 down.pdf page-*.jpg
check_same "upside down" "s2:quarantined:scanned" "$(arrive down.pdf)"
scanned "150 dots an inch, upside down"
scan 150 -2 0 "$other-s2.pdf"
set -- page-*.jpg
convert "$2" second.png
check_same "pictures of a telephone, in any order and kind" "s2:quarantined:scanned" "$(arrive second.png "$1")"
scanned "pictures"
convert -size 200x200 plasma:red-blue -quality 98 holiday.jpg
check_same "another picture is none" "" "$(arrive holiday.jpg)"
check_same "it is shown to a person" "attachment" "$(sql 'SELECT reason FROM message ORDER BY id DESC LIMIT 1')"
bind 150 first.pdf "$1"
check_same "a page that is missing" "s2:quarantined:scanned" "$(arrive first.pdf)"
check_says "is told" 'page 2 of 2 is missing' "$PLICO" quarantine show "$(last)"
check_same "nothing wrong is read" "" "$(wrong "$other" s2 "$(last)")"
bind 150 twice.pdf "$1" "$2" "$1"
check_same "a page that is there twice" "s2:quarantined:scanned" "$(arrive twice.pdf)"
check_says "is told" '1 page is there twice' "$PLICO" quarantine show "$(last)"
check_same "what stands on it counts in neither" "0" "$(answers "$(last)" | grep -c '^q2_1')"

# --- mixed up, and forged -----------------------------------------------------------------------------------------------------------
pdftocairo -pdf -f 1 -l 1 "$town-s3.pdf" part.pdf
qpdf --empty --pages scan.pdf part.pdf -- mixed.pdf
check_same "two sections of two towns in one file" "s2:quarantined:scanned s3:quarantined:flattened" "$(arrive mixed.pdf)"
check_same "each is proposed to its own" "$other $town" \
	"$(sql "SELECT group_concat(code, ' ') FROM (SELECT code FROM \"return\" AS r JOIN unit AS u ON u.id = r.unit_id WHERE r.id >= $(last) - 1 ORDER BY part)")"
altered() { # CODE: with another last letter
	echo "${1%?}$(echo "$1" | tail -c 2 | tr '0-8A-Z' '1-9B-ZA')"
}
code() { # PAGE X Y TEXT OUT: a picture with a QR laid upon it
	qrencode -s 3 -m 4 -l M -o code.png "$4"
	convert "$1" \( code.png -resize 142x142 \) -geometry "+$2+$3" -composite -colorspace Gray "$5"
}
scan 150 0 0 "$other-s2.pdf"
set -- page-*.jpg
genuine=$(zbarimg -q --nodbus --raw "$1")
code "$1" 1013 50 "$(altered "$genuine")" forged.jpg
bind 150 forged.pdf forged.jpg
check_same "a forged code" "s2:quarantined:tag" "$(arrive forged.pdf)"
check_same "nothing is read by it" "0" "$(answers "$(last)" | grep -c .)"
code "$1" 1013 50 "PLICO1:MAPPA-2024:Z999:S2:1:00000000" nobody.jpg
bind 150 nobody.pdf nobody.jpg
check_same "a code of no town" "s2:quarantined:scanned" "$(arrive nobody.pdf)"
check_same "nor by that" "0" "$(answers "$(last)" | grep -c .)"
code "$1" 100 1450 "$(echo "$genuine" | sed "s/:$other:/:$town:/")" double.jpg
bind 150 double.pdf double.jpg
check_same "a second code elsewhere on the page" "s2:quarantined:scanned" "$(arrive double.pdf)"
check_same "changes nothing" "" "$(wrong "$other" s2 "$(last)")"
code "$1" 1013 50 "$(pdftoppm -r 150 -f 1 -l 1 -gray "$town-s3.pdf" other && zbarimg -q --nodbus --raw other*.pgm)" swapped.jpg
bind 150 swapped.pdf swapped.jpg
check_same "the code of another town's section" "s3:quarantined:scanned" "$(arrive swapped.pdf)"
check_same "does not make its answers" "0" "$(answers "$(last)" | grep -c .)"
"$python" "$SRCDIR/tests/tool/written_over.py" cairo.pdf over.pdf
check_same "a line through an answer that is text" "s2:quarantined:flattened" "$(arrive over.pdf)"
check_same "nothing wrong is read" "" "$(wrong "$town" s2 "$(last)")"

# --- a person reads it ---------------------------------------------------------------------------------------------------------------
check "the paper is put before a person" "$PLICO" quarantine enter "$waiting" --out desk
check_same "squared, with the sheet" "index.html page-1.png page-2.png sheet.pdf" "$(cd desk && echo *)"
check_exit 64 "never over another folder" "$PLICO" quarantine enter "$waiting" --out desk
check "a person types in, and saves, in a browser" "$python" "$SRCDIR/tests/tool/clients/entry_page.py" desk/index.html "$other/s2.json" typed.csv
check_exit 65 "what is of another sheet is refused" "$PLICO" quarantine accept "$(($(last) - 1))" --values typed.csv
sed 's/"A944"/"L219"/; s/"'"$other"'"/"'"$town"'"/' typed.csv > altered.csv
check_exit 65 "so is an altered identity" "$PLICO" quarantine accept "$waiting" --values altered.csv
check "what was typed in counts" "$PLICO" quarantine accept "$waiting" --values typed.csv --note "letto da me"
check_same "it is what was meant" "$(meant "$other" s2)" "$(answers "$waiting")"
check_same "the history knows who" "$(id -un)|letto da me" "$(sqlite3 ws/plico.db "SELECT actor, note FROM event WHERE what = 'return.entered'")"
again=$((waiting + 1))
"$PLICO" quarantine enter "$again" --out desk2 > enter.out
"$python" "$SRCDIR/tests/tool/clients/fdf.py" fdf "$other/s2.json" data.fdf && pdftk desk2/sheet.pdf fill_form data.fdf output mine.pdf 2> /dev/null
check "or its sheet, filled in" "$PLICO" quarantine accept "$again" --values mine.pdf
check_same "it is what was meant" "$(meant "$other" s2)" "$(answers "$again")"

# --- without the QR ---------------------------------------------------------------------------------------------------------------------
cover="$SRCDIR/tests/tool/covered.py"
foot() { # CODE SECTION: what stands in letters at the foot
	pdftotext -l 1 "$1/$2.pdf" - | sed -n "s/^\($1:[^ ]*\) .*/\1/p"
}
"$python" "$cover" cairo.pdf covered.pdf
check_same "the code at the foot says the same" "s2:duplicate" "$(arrive covered.pdf)"
"$python" "$cover" cairo.pdf two.pdf "$(foot "$other" s2)"
check_same "two of them say nothing" ":quarantined:flattened" "$(arrive two.pdf)"
scan 150 1 0.2 "$other-s2.pdf"
for page in page-*.jpg; do
	convert "$page" -fill white -draw "rectangle 990,0 1200,215" "$page"
done
bind 150 blind.pdf page-*.jpg
"$python" "$cover" blind.pdf heard.pdf "$(foot "$other" s2)"
check_same "nor does a scan need it whose letters were recognised" "s2:quarantined:scanned" "$(arrive heard.pdf)"
scanned "without QR"
"$python" "$cover" blind.pdf lying.pdf "$(altered "$(foot "$other" s2)")"
check_same "an altered code" "s2:quarantined:tag" "$(arrive lying.pdf)"
check_same "is nobody's" "0" "$(answers "$(last)" | grep -c .)"
check_same "a scan without any" ":quarantined:scanned" "$(arrive blind.pdf)"
blind=$(last)
check_exit 65 "is nobody's" "$PLICO" quarantine enter "$blind" --out desk
check_exit 64 "until a person says the code at its foot" "$PLICO" quarantine enter "$blind" --out desk --sheet "$other"
check_exit 65 "a right one" "$PLICO" quarantine enter "$blind" --out desk --sheet "$(altered "$(foot "$other" s2)")"
check_exit 65 "a sheet that says it itself is not renamed" "$PLICO" quarantine enter "$((again + 1))" --out desk --sheet "$(foot "$other" s2)"
check "in small letters too" "$PLICO" quarantine enter "$blind" --out blind --sheet "$(foot "$other" s2 | tr A-Z a-z)"
check_same "its pages are squared by the marks alone" "2" "$(grep -o 'url(page-[12].png)' blind/index.html | sort -u | wc -l)"
"$python" "$SRCDIR/tests/tool/type_in.py" blind/index.html "$other/s2.json" typed.csv
check "what was typed in counts" "$PLICO" quarantine accept "$blind" --values typed.csv
check_same "for the town and section that the code says" "$other s2 applied" \
	"$(sql "SELECT code, section, r.state FROM \"return\" AS r JOIN unit AS u ON u.id = r.unit_id WHERE r.id = $blind")"
check_same "it is what was meant" "$(meant "$other" s2)" "$(answers "$blind")"
for page in page-*.jpg; do
	convert "$page" -shave 80x60 +repage "$page"
done
bind 150 cropped.pdf page-*.jpg
check_same "without its margins it is any file" ":quarantined:no_form" "$(arrive cropped.pdf)"
check "but a person can say what it is" "$PLICO" quarantine enter "$(last)" --out cropped --sheet "$(foot "$other" s2)"
check_same "and sees its pages as they came" "page-1.png page-2.png" "$(grep -o 'img src="[^"]*"' cropped/index.html | cut -d'"' -f2 | xargs)"

check "the database is in order" "$PLICO" verify
check "all of it can be made again" "$PLICO" rebuild --check
