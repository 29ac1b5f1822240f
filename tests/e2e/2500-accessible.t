#!/bin/sh
# The checker of tests/cli/2500-accessible.t notices every fault that it knows, other programs have nothing to remark about
# sheets and letters, and all that is mailed to a town passes.
. "${SRCDIR:?}/tests/lib.sh"
/usr/bin/python3 -c 'import pikepdf, fontTools' 2> .why || skip_all "python3-pikepdf or fonttools is missing"
ua=$SRCDIR/tests/tool/pdf_ua.py

"$PLICO" init w > /dev/null 2>&1
"$PLICO" units import -w w "$SRCDIR/samples/comuni.csv" > /dev/null 2>&1
"$PLICO" forms render -w w --out large > /dev/null
"$PLICO" forms render -w w --population 900 --out small > /dev/null
"$PLICO" forms render -w w --unit D383 --out town > /dev/null
for form in all-types all-layouts; do
	"$PLICO" forms render -w w --out "$form" "$SRCDIR/tests/data/forms/$form" > /dev/null
done
mkdir templates
for file in large/*.pdf; do
	/usr/bin/python3 -c 'import sys
data = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(data[:data.index(b"%%EOF") + 6])' "$file" "templates/$(basename "$file")"
done
"$PLICO" wave plan -w w > /dev/null 2>&1
"$PLICO" wave preview -w w 1 --unit A116 --unit B160 --unit I479 --out mailed > /dev/null 2>&1
check_same "letters and sheets as they are mailed, in one language or two" 24 "$(ls mailed/*.pdf | wc -l)"
check "sheets of a small town, of one with two names, templates, and what is mailed" \
	"$ua" small/*.pdf town/*.pdf templates/*.pdf mailed/*.pdf

for file in large/*.pdf town/*_1.pdf all-types/*.pdf all-layouts/*.pdf templates/*_5.pdf mailed/*_lettera.pdf; do
	qpdf --check "$file" > qpdf.out 2>&1 && ! grep -i warning qpdf.out || echo "$file"
	{ pdfinfo -struct-text "$file"; pdftotext "$file" -; pdftocairo -svg -f 1 -l 1 "$file" page.svg; } 2>&1 > /dev/null
	for act in "info $file" "show $file trailer/Root/StructTreeRoot/ParentTree" "clean $file clean.pdf"; do
		# shellcheck disable=SC2086
		mutool $act 2>&1 > /dev/null | grep -v 'ICC support'
	done
	pdfinfo "$file" | awk '/^(PDF version|Tagged|JavaScript|Form|Encrypted|Suspects)/ { printf "%s ", $NF }' >> facts.out
	echo >> facts.out
	pdffonts "$file" | awk 'NR > 2 && $0 !~ /yes yes yes +[0-9]+ +0$/'
done > remarks.out 2>&1
check_same "qpdf, poppler and mutool have nothing to remark; all fonts are embedded, with Unicode" "" "$(cat remarks.out)"
check_same "sheets: tagged, a form, no script, PDF 1.7; letters: no form" "$(printf 'yes no AcroForm no no 1.7 \nyes no none no no 1.7 ')" \
	"$(sort -u facts.out | sed 's/[[:space:]]*$/ /')"

mkdir broken
check "a sheet broken in each of the ways that the checker knows is noticed" \
	"$SRCDIR/tests/tool/pdf_ua_mutants.py" large/*_4.pdf broken
