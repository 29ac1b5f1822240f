#!/bin/sh
# The verb forms render, and what other programs make of the sheets it writes.
. "${SRCDIR:?}/tests/lib.sh"

"$PLICO" init w > /dev/null 2>&1
"$PLICO" units import -w w "$SRCDIR/samples/comuni.csv" > /dev/null 2>&1

check "the sheets of a made-up town are written" "$PLICO" forms render -w w --out large
check_same "one file a section" 7 "$(ls large | grep -c '^mappa-2024_X000_sezione_[1-7][.]pdf$')"
check "and of a small one" "$PLICO" forms render -w w --population 900 --out small
check "and of a town of the registry, in both its languages" "$PLICO" forms render -w w --unit D383 --out town
check_says "the other language's name can be read" 'Devin' pdftotext town/mappa-2024_D383_sezione_2.pdf -

check "no widget lies on another or outside its page" python3 "$SRCDIR/tests/tool/pdf_widgets.py" large/*.pdf small/*.pdf
for file in large/*.pdf small/*.pdf town/*.pdf; do
	qpdf --check "$file" > /dev/null 2>> qpdf.err || echo "$file" >> qpdf.err
	pdftoppm -r 20 "$file" page 2>> poppler.err
	mutool info "$file" > /dev/null 2>> mutool.err
done
check_same "qpdf finds nothing" "" "$(cat qpdf.err)"
check_same "poppler draws every page without a word" "" "$(cat poppler.err)"
[ -n "$(command -v mutool)" ] && check_same "nor does mutool say any" "" "$(cat mutool.err)"

for lang in it de fr sl; do
	check "the sheets in $lang" "$PLICO" forms render -w w --lang $lang --out tips-$lang
	check "every program reads the tooltips in $lang as they were meant" /usr/bin/python3 "$SRCDIR/tests/tool/tooltips.py" \
		w/forms/mappa-2024 $lang tips-$lang/*.pdf
done

fonts=$(for file in large/*.pdf; do pdffonts "$file"; done | awk '$1 ~ /Liberation/ && $0 !~ /yes yes/')
check_same "what is drawn has its fonts embedded with their characters" "" "$fonts"
check_same "all seven sheets are small enough for one mail" yes \
	"$([ "$(cat large/*.pdf | wc -c)" -lt 614400 ] && echo yes)"

"$PLICO" forms render -w w --json --out large > said.json
check_same "JSON names the files" "X000 7" "$(jq -r '.unit + " " + (.sheets | length | tostring)' said.json)"
check_exit 65 "an unknown town is an error" "$PLICO" forms render -w w --unit Atlantide
check_exit 74 "so is a directory without a questionnaire" "$PLICO" forms render -w w nowhere

for population in 900 20000; do
	check "the sheets of 2025 for $population inhabitants" \
		"$PLICO" forms render -w w --population $population --out next$population w/forms/mappa-2025
	check_same "one file a section of 2025" 11 "$(ls next$population | grep -c '^mappa-2025_X000_sezione_[0-9]*[.]pdf$')"
	check "no widget of 2025 lies on another" python3 "$SRCDIR/tests/tool/pdf_widgets.py" next$population/*.pdf
done
check_says "shares of which one may say that they are not known have their total" 'Totale +100 +%' \
	pdftotext -layout next900/mappa-2025_X000_sezione_10.pdf -

check "a form with every layout, long rows and long lists is drawn" \
	"$PLICO" forms render -w w --out all "$SRCDIR/tests/data/forms/all-layouts"
check "and none of its widgets lies on another" python3 "$SRCDIR/tests/tool/pdf_widgets.py" all/*.pdf
pdftotext -layout all/*.pdf all.txt
check_same "a grid and a list that go on say so" "1.7 (segue) 1.8 (segue)" \
	"$(grep -o '1[.][78] (segue)' all.txt | tr '\n' ' ' | sed 's/ $//')"
check_same "no row is lost" "30 25 7" \
	"$(echo $(grep -c 'Riga [0-9]* con' all.txt) $(grep -c 'Opzione numero' all.txt) $(grep -c 'Voce [0-9] da' all.txt))"

for form in hard-layouts bad-layouts; do
	for lang in it de de+it; do
		check "$form in $lang" "$PLICO" forms render -w w --lang "$lang" --out "$form-$lang" "$SRCDIR/tests/data/forms/$form"
		check "no widget lies on another or outside its page" python3 "$SRCDIR/tests/tool/pdf_widgets.py" "$form-$lang"/*.pdf
		pdftoppm -r 20 "$form-$lang"/*.pdf page 2>> hard.err
	done
done
check_same "poppler draws them without a word" "" "$(cat hard.err)"
check_same "no option of sixty is lost" 60 \
	"$(pdftotext bad-layouts-it/*.pdf - | grep -c '^Opzione [0-9]*$')"
check_same "nor a word of a text of more than a page" 28 \
	"$(pdftotext -raw bad-layouts-it/*.pdf - | tr '\n' ' ' | sed 's/1\.2 .*//' | grep -o 'Questa domanda è tanto lunga' | wc -l)"

mkdir -p other && cp w/forms/mappa-2024/*.csv other
sed -i 's/Infrastruttura ICT/Infrastruttura ☀/' other/survey.csv
check "a character that cannot be printed breaks no page" "$PLICO" forms render -w w --out strange other
check_says "it stands there as ?" 'Infrastruttura [?]' pdftotext strange/mappa-2024_X000_sezione_3.pdf -
