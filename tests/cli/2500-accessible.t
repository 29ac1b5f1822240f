#!/bin/sh
# Sheets and letters against PDF/UA-1 (ISO 14289-1), by a checker that shares no code with what made them.
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
check "every sheet of a large town" "$ua" large/*.pdf
check "and of a small one, and of one with two names" "$ua" small/*.pdf town/*.pdf
check "a form with every question type, and one with every layout" "$ua" all-types/*.pdf all-layouts/*.pdf

# what all sheets of a shape begin with is a file of its own
mkdir templates
for file in large/*.pdf; do
	/usr/bin/python3 -c 'import sys
data = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(data[:data.index(b"%%EOF") + 6])' "$file" "templates/$(basename "$file")"
done
check "the templates, before a town's name is in them" "$ua" templates/*.pdf

printf '[mail]\nchannel=dir\n' >> w/plico.conf
"$PLICO" wave plan -w w > /dev/null 2>&1 && "$PLICO" wave send -w w > /dev/null 2>&1
mkdir mailed
for file in $(ls w/outbox/*.eml | head -3); do
	/usr/bin/python3 -c 'import email, email.policy, sys
for part in email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default).iter_attachments():
    open("mailed/" + part.get_filename(), "wb").write(part.get_content())' "$file"
done
check_same "letters and sheets as they are mailed" 24 "$(ls mailed | wc -l)"
check "they too" "$ua" mailed/*.pdf

check "what the checker looks at is what docs/accessibility.md says" \
	sh -c "'$ua' --table | grep -vxFf '$SRCDIR/docs/accessibility.md' | grep . && exit 1 || exit 0"
mkdir broken
check "a sheet broken in each of the ways that it knows is noticed" \
	"$SRCDIR/tests/tool/pdf_ua_mutants.py" large/*_4.pdf broken
