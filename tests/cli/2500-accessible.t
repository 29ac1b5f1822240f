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

"$PLICO" wave plan -w w > /dev/null 2>&1
"$PLICO" wave preview -w w 1 --unit A116 --unit D338 --unit B160 --unit I479 --out mailed > /dev/null 2>&1
check "letters as they are mailed, in one language or two" "$ua" mailed/*_lettera.pdf
check "and sheets" "$ua" mailed/*_[14].pdf
# every language in which something is said: of the document, or of an element in it
for file in mailed/*_lettera.pdf; do
	/usr/bin/python3 -c 'import pikepdf, sys
pdf = pikepdf.open(sys.argv[1])
said = {str(pdf.Root.Lang)} | {str(one.Lang) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Lang" in one}
print("+".join(sorted(said)))' "$file"
done > languages.out
check_same "their languages are named" "de+it fr+it it it+sl" "$(sort languages.out | tr '\n' ' ' | sed 's/ $//')"

for section in 1 2 3 4 5 6 7; do
	pdfinfo -struct-text large/*_$section.pdf | grep -oE "\"$section[.][0-9]+" > tree.out
	sort -c -t . -k 2n tree.out 2>> order.err
	cat tree.out >> numbers.out
done
check_same "questions are read in their order" "" "$(cat order.err)"
check_same "all of them" 54 "$(sort -u numbers.out | wc -l)"
check "what the checker looks at is what docs/accessibility.md says" \
	sh -c "'$ua' --table | grep -vxFf '$SRCDIR/docs/accessibility.md' | grep . && exit 1 || exit 0"
