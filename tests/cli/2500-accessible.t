#!/bin/sh
# Sheets and letters against PDF/UA-1 (ISO 14289-1), by a checker that shares no code with what made them.
# tests/e2e/2500-accessible.t shows that it can fail, and asks other programs.
. "${SRCDIR:?}/tests/lib.sh"
/usr/bin/python3 -c 'import pikepdf, fontTools' 2> .why || skip_all "python3-pikepdf or fonttools is missing"
ua=$SRCDIR/tests/tool/pdf_ua.py

"$PLICO" init w > /dev/null 2>&1
"$PLICO" units import -w w "$SRCDIR/samples/comuni.csv" > /dev/null 2>&1
"$PLICO" forms render -w w --out large > /dev/null
"$PLICO" forms render -w w --unit D383 --out town > /dev/null
for form in all-types all-layouts; do
	"$PLICO" forms render -w w --out "$form" "$SRCDIR/tests/data/forms/$form" > /dev/null
done
check "every sheet of a large town" "$ua" large/*.pdf
check "a form with every question type, and one with every layout" "$ua" all-types/*.pdf all-layouts/*.pdf

# what all sheets of a shape begin with is a file of its own
/usr/bin/python3 -c 'data = open("'"$(echo large/*_5.pdf)"'", "rb").read()
open("template.pdf", "wb").write(data[:data.index(b"%%EOF") + 6])'
check "a template, before a town's name is in it" "$ua" template.pdf

printf '[mail]\nchannel=dir\n' >> w/plico.conf
"$PLICO" wave plan -w w > /dev/null 2>&1 && "$PLICO" wave send -w w > /dev/null 2>&1
mkdir mailed
for file in $(ls w/outbox/*.eml | head -1); do
	/usr/bin/python3 "$SRCDIR/tests/tool/mail_parts.py" "$file" mailed
done
check_same "a letter and its sheets" 8 "$(ls mailed | wc -l)"
check "as they are mailed" "$ua" mailed/*_lettera.pdf mailed/*_1.pdf

for section in 1 2 3 4 5 6 7; do
	pdfinfo -struct-text large/*_$section.pdf | grep -oE "\"$section[.][0-9]+" > tree.out
	sort -c -t . -k 2n tree.out 2>> order.err
	cat tree.out >> numbers.out
done
check_same "questions are read in their order" "" "$(cat order.err)"
check_same "all of them" 54 "$(sort -u numbers.out | wc -l)"
check "what the checker looks at is what docs/accessibility.md says" \
	sh -c "'$ua' --table | grep -vxFf '$SRCDIR/docs/accessibility.md' | grep . && exit 1 || exit 0"
