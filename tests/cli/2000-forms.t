#!/bin/sh
# plico forms: counts, and errors with file, row and column.
. "$SRCDIR/tests/lib.sh"

mappa=$SRCDIR/forms/mappa-2024
data=$SRCDIR/tests/data/forms

json() {
	"$PLICO" forms check "$1" --json | jq -r "$2"
}

check_same "54 questions" 54 "$(json "$mappa" .questions)"
check_same "40 for small towns" 40 "$(json "$mappa" .questions_small)"
check_same "nothing found" 0 "$(json "$mappa" '.findings | length')"
check_same "by section" "s1 7 7,s2 8 7,s3 10 9,s4 5 2,s5 14 10,s6 11 8,s7 6 4" \
	"$(json "$mappa" '[.sections[] | "\(.name) \(.questions) \(.questions_small)"] | join(",")')"
check_same "id and version" "mappa-2024 2024071101" "$(json "$mappa" '"\(.form_id) \(.version)"')"
check_says "the difference from the announced figure is explained" \
	'Announced for small towns: 43, computed: 40\. If 43 must come out, 3 of the 14 marks are wrong' \
	"$PLICO" forms check "$mappa"
check_says "the questions for larger towns are named" '^14 questions .*: 2\.5, 3\.2, .*7\.6$' \
	"$PLICO" forms check "$mappa"

next=$SRCDIR/forms/mappa-2025
check_same "2025: 70 questions, 49 for small towns" "70 49" "$(json "$next" '"\(.questions) \(.questions_small)"')"
check_same "2025: nothing found" 0 "$(json "$next" '.findings | length')"
check_same "2025: by section" "s1 7 7,s2 8 7,s3 9 8,s4 5 2,s5 13 10,s6 11 8,s7 6 4,s8 8 3,s9 4 2,s10 3 2,s11 3 3" \
	"$(json "$next" '[.sections[] | "\(.name) \(.questions) \(.questions_small)"] | join(",")')"
check_same "2025: no figures were announced" null "$(json "$next" .announced)"

# bad NAME PLACE: the one error of a form, in text and in JSON, with exit status 65
bad() {
	check_exit 65 "$1: exit status 65" "$PLICO" forms check "$data/$1"
	check_says "$1: names the place" "^error: $2: " "$PLICO" forms check "$data/$1"
	check_exit 65 "$1: exit status 65 with --json" "$PLICO" forms check "$data/$1" --json
	check_same "$1: one error, in JSON" "$1 error $2" \
		"$(json "$data/$1" '.findings[] | "\(.code) \(.severity) \(.place)"' 2> .said)"
	check_exit 65 "$1: is not shown" "$PLICO" forms show "$data/$1"
}

bad unknown-column "survey.csv, row 1, column colour"
bad undefined-list "survey.csv, row 4, column type"
bad missing-reference "survey.csv, row 4, column relevant"
bad cycle "survey.csv, row 4, column relevant"

check_exit 0 "a warning is no failure" "$PLICO" forms check "$data/warning"
check_exit 1 "but one under --strict" "$PLICO" forms check "$data/warning" --strict
check_says "it is printed" '^warning: survey\.csv, row 4, column relevant: ' \
	"$PLICO" forms check "$data/warning"
check_exit 0 "a form in order, under --strict" "$PLICO" forms check "$mappa" --strict

check_exit 0 "what does not print well is no failure" "$PLICO" forms check "$data/bad-layouts"
check_same "but said with its row" "choices.csv 2 character,survey.csv 10 grid-wide,survey.csv 6 text-long,survey.csv 7 character,survey.csv 8 missing-translation,survey.csv 9 list-long" \
	"$(json "$data/bad-layouts" '[.findings[] | (.place | split(", row ")) as $p | $p[0] + " " + ($p[1] | split(",")[0]) + " " + .code] | sort | join(",")')"
check_exit 0 "hard questions print well" "$PLICO" forms check "$data/hard-layouts" --strict

check_exit 74 "a folder that is not there" "$PLICO" forms check nowhere
cp -r "$data/warning" cut && printf 'type,name\n"text,q1\n' > cut/survey.csv
check_exit 65 "a quote that is not closed" "$PLICO" forms check cut
check_says "is named with its file and line" 'cut/survey\.csv: line 2' "$PLICO" forms check cut
cp -r "$data/warning" small
printf 'form_title,form_id,version,numero_annunciato_grandi,numero_annunciato_piccoli,popolazione_piccoli,sezioni_contate\nP,p,1,3,0,100,s2\n' \
	> small/settings.csv
check_says "other figures are compared too" 'Announced for all towns: 3, computed: 0' \
	"$PLICO" forms check small

check_exit 78 "without a folder a workspace is needed" "$PLICO" forms check
check "a workspace" "$PLICO" init space
check "has both editions" test -f space/forms/mappa-2025/survey.csv
check_same "and asks that of 2024" 54 "$("$PLICO" forms check -w space --json | jq .questions)"

check_same "a small town is not asked 5.13" 0 \
	"$("$PLICO" forms show "$mappa" --population 5000 --json | jq '[.sections[].questions[] | select(.number == "5.13")] | length')"
check_same "a larger one is" 1 \
	"$("$PLICO" forms show "$mappa" --population 5001 --json | jq '[.sections[].questions[] | select(.number == "5.13")] | length')"
check_says "conditions in words" 'la risposta alla 6\.2 è «Sì» oppure «In parte»' "$PLICO" forms show "$mappa"
