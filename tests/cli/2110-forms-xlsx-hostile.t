#!/bin/sh
# plico forms import: workbooks that are broken or meant to do harm, and honest ones in unusual spellings.
. "$SRCDIR/tests/lib.sh"

tool=$SRCDIR/tests/tool/xlsx_odd.py
/usr/bin/python3 "$tool" "$WORK" || exit 99

while IFS="$(printf '\t')" read -r name says; do
	check_exit 65 "$name: is refused, in bounded memory" \
		/usr/bin/python3 "$tool" --peak "$PLICO" forms import "bad/$name.xlsx" out
	"$PLICO" forms import "bad/$name.xlsx" out > said 2>&1
	check_same "$name: with one sentence" 1 "$(wc -l < said)"
	check_says "$name: that names the file and the reason" "^plico: bad/$name\.xlsx: .*$says" cat said
done < bad.txt
check "nothing was written" test ! -e out

check "a plain one" "$PLICO" forms import good/plain.xlsx plain
check_exit 0 "is in order" "$PLICO" forms check plain
check "strict Open XML, prefixes, no places" "$PLICO" forms import good/strict.xlsx strict
check_same "rich text, line ends, escapes; no reading aids" \
	'type,name,label|begin_group,s1,Città è|text,q1,"one|two _x0041_"|end_group,,|' "$(tr '\n' '|' < strict/survey.csv)"

check "numbers in cells" "$PLICO" forms import good/numbers.xlsx numbers
check_same "are what people see" '1.1 5.10 007 2024-07-11 1234.5 5.1 50% 12 12345678901234600000 Quando TRUE' \
	"$(sed '1,2d; /end_group/d' numbers/survey.csv | cut -d, -f3 | sed 's/1\.23456789012346e+19/12345678901234600000/' | paste -sd' ')"
check_same "and a date is read as one" 'date,qd,Quando,2024-07-11' "$(grep qd numbers/survey.csv)"
check_same "days counted from 1904" 'date,qd,Quando,2028-07-12' \
	"$("$PLICO" forms import good/from-1904.xlsx later > /dev/null && grep qd later/survey.csv)"
"$PLICO" forms import good/numbers.xlsx again --json | jq -r '.findings[] | "\(.code) \(.place)"' > found
check_same "what may not be meant is said, with its cell" \
	"number-cell numbers.xlsx: survey!C3 (label),date-cell numbers.xlsx: survey!C6 (label),number-cell numbers.xlsx: survey!C7 (label),number-cell numbers.xlsx: survey!C8 (label),number-cell numbers.xlsx: survey!C11 (label)" \
	"$(paste -sd, found)"
check_says "a lost zero" 'survey!C3 \(label\): the cell is a number, 1\.1: where a zero stood at its end' \
	"$PLICO" forms import good/numbers.xlsx again --force

check_exit 65 "formulas that have no value, or an error" "$PLICO" forms import good/formulas.xlsx out
check_says "are named" 'error: .*survey!C3 \(label\): the formula ends in the error #DIV/0!' \
	"$PLICO" forms import good/formulas.xlsx out
check_says "both" 'error: .*survey!C2 \(label\): the formula has no value' "$PLICO" forms import good/formulas.xlsx out

printf 'survey\n;type;name;label\n;text;q1;"Sì; certo"\n' > semicolons.csv
check "one CSV with semicolons" "$PLICO" forms import semicolons.csv semicolons
check_same "is read" 'text,q1,Sì; certo' "$(grep q1 semicolons/survey.csv)"
printf '| survey |\n|---|---|\n| | type | name | label |\n| | text | q1 | a \\| b |\n' > bars.md
check "a Markdown table with a bar" "$PLICO" forms import bars.md bars
check_same "in a cell" 'text,q1,a | b' "$(grep q1 bars/survey.csv)"
printf '| survey |\ntype\n' > broken.md
check_says "and one that breaks off" 'broken\.md: line 2: a row of the table begins with' "$PLICO" forms import broken.md out
printf ',type,name\nsurvey,,\n' > headless.csv
check_says "cells before any sheet" 'row 1: the first row must name a sheet' "$PLICO" forms import headless.csv out
