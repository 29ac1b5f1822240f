#!/bin/sh
# plico forms diff: the two editions of the Mappa, and what an author who is careless is told.
. "$SRCDIR/tests/lib.sh"

old=$SRCDIR/forms/mappa-2024
new=$SRCDIR/forms/mappa-2025

diff_json() {
	"$PLICO" forms diff "$1" "$2" --json | jq -r "$3"
}

# of KIND: the names that it was said of, in Italian where it is a text
of() {
	diff_json "$old" "$new" "[.changes[] | select(.kind == \"$1\" and (.lang == \"\" or .lang == \"it\"))
	    | (.after // .before).name + (if .option == \"\" then \"\" else \"/\" + .option end)] | join(\" \")"
}

# --- two editions ---
check_same "54 and 40 questions before, 70 and 49 after" "54 40 70 49" \
	"$(diff_json "$old" "$new" '"\(.before.questions) \(.before.questions_small) \(.after.questions) \(.after.questions_small)"')"
check_same "renamed" "q3_6_telefonia q5_7_facilitazione q8_8" "$(of renamed)"
check_same "moved" "q8_8" "$(of moved)"
check_same "from section 5 to section 8" "s5 5.13 s8 8.8" \
	"$(diff_json "$old" "$new" '.changes[] | select(.kind == "moved") | "\(.before.section) \(.before.number) \(.after.section) \(.after.number)"')"
check_same "renumbered" "q8_8" "$(of number)"
check_same "dropped" "q3_1_3 q3_1_3_altro" "$(of removed)"
check_same "new options" "q4_3/nis q7_5/bluesky q7_6_social/bluesky" "$(of option-added)"
check_same "options in other words" "q7_5/x_twitter q7_6_social/x_twitter" "$(of option-label)"
check_same "questions in other words" "q3_5 q3_6_telefonia q4_4 q5_2 q5_6_chatbot q5_7_facilitazione q7_2" "$(of label)"
check_same "new rows in old questions" "q1_4_s8 q1_4_s9 q1_4_s10 q1_4_s11 q7_4_coesione" \
	"$(diff_json "$old" "$new" '[.changes[] | select(.kind == "added") | .after | select(.section | test("^s[1-7]$")) | .name] | join(" ")')"
check_same "last year's answer beside the field" "q2_2 q2_3 q3_2 q7_6_follower" "$(of memory)"
check_same "no name looks changed without memoria" "" "$(of looks-renamed)"
check_same "no option is lost, no type and nobody's question changed" "" \
	"$(of option-removed)$(of option-looks-renamed)$(of type)$(of audience)$(of condition)$(of source-missing)"
check_same "only the end of 3.1.3 is to be looked at" "q3_1_3" \
	"$(diff_json "$old" "$new" '[.changes[] | select(.touches_comparison or .touches_memory) | .before.name] | join(" ")')"
check_same "as the README of the forms lists it" "" \
	"$(for name in q3_1_3 q8_8 q3_6_telefonia q5_7_facilitazione q7_4_coesione nis bluesky x_twitter; do
		grep -q "\`$name\`" "$SRCDIR/forms/README.md" || echo "$name"
	done)"

# --- in words ---
check_says "both are named" '^\+ Mappa dei Comuni Digitali 2025 \(mappa-2025, ' "$PLICO" forms diff "$old" "$new"
check_says "a new section" '^8 +Tecnologie avanzate e uso strategico dei dati \(new\)$' "$PLICO" forms diff "$old" "$new"
check_says "totals with their difference" 'questions +54 +70 +\+16 +40 +49 +\+9' "$PLICO" forms diff "$old" "$new"
check_says "a text before" '^ +- È attiva una di linea di backup' "$PLICO" forms diff "$old" "$new"
check_says "and after" '^ +\+ È attiva una linea di backup' "$PLICO" forms diff "$old" "$new"
check_says "what to do" 'write q3_1_3@2024 in that one.s memoria' "$PLICO" forms diff "$old" "$new"
check_says "in Italian by itself" 'rinominata: la risposta dell.anno prima è quella della 5\.13 \(q5_13\)' \
	env LANGUAGE=it "$PLICO" forms diff "$old" "$new"
check_says "audiences in words" 'for towns above 5\.000 inhabitants only' "$PLICO" forms diff "$old" "$new"

# --- translations ---
langs() {
	python3 - "$@" << 'END'
import csv, sys
old, new, text = sys.argv[1:]
rows = list(csv.reader(open(old + "/survey.csv", encoding="utf-8", newline="")))
name, label, german = (rows[0].index(c) for c in ("name", "label::Italiano (it)", "label::Deutsch (de)"))
for row in rows:
    if row[name] == "q2_1":
        row[german] = text
        row[label] += " (oggi)" if text == "both" else ""
csv.writer(open(new + "/survey.csv", "w", encoding="utf-8", newline=""), lineterminator="\n").writerows(rows)
END
}
cp -r "$old" both && langs "$old" both both
cp -r "$old" one && langs "$old" one one
check_says "a translation that changed with its text is named" '^ +other words, in de too$' "$PLICO" forms diff "$old" both
check_same "and not told again" 1 "$("$PLICO" forms diff "$old" both | grep -c '^ *other words')"
check_says "one text is counted once" '^1 text of a question' "$PLICO" forms diff "$old" both
check_same "JSON has both" "it de" "$(diff_json "$old" both '[.changes[].lang] | join(" ")')"
check_says "one that changed alone is told" '^ +other words \[de\]$' "$PLICO" forms diff "$old" one

# --- the same, and exit statuses ---
check_says "a form does not differ from itself" 'Both ask the same' "$PLICO" forms diff "$old" "$old"
check_exit 0 "under --strict too" "$PLICO" forms diff "$old" "$old" --strict
check_exit 0 "differences are no failure" "$PLICO" forms diff "$old" "$new"
check_exit 1 "but those that touch last year's answers are one under --strict" "$PLICO" forms diff "$old" "$new" --strict
check_exit 64 "two forms are needed" "$PLICO" forms diff "$old"
check_exit 74 "that are there" "$PLICO" forms diff "$old" nowhere
check_exit 65 "and in order" "$PLICO" forms diff "$old" "$SRCDIR/tests/data/forms/cycle"

# --- editions of a workspace, by name ---
check "a workspace" "$PLICO" init w
check_same "has both" 70 "$("$PLICO" -w w forms diff mappa-2024 mappa-2025 --json | jq .after.questions)"

# --- an author who does not think of last year ---
cp -r "$old" careless
sed -i 's/,mappa-2024,/,mappa-2026,/' careless/settings.csv
sed -i -e 's/^select_one si_no_nd,q5_12,/select_one si_no_nd,q5_12_bis,/' -e 's/{q5_12}/{q5_12_bis}/' \
    -e 's/q5_13,\(.*\),${oltre_soglia} = .si.,/q5_13,\1,,/' -e 's/^decimal,q2_2,/text,q2_2,/' careless/survey.csv
sed -i '/^velocita,da100a299,/d; s/^fascicolazione,alcune,/fascicolazione,poche,/' careless/choices.csv
careless() {
	diff_json "$old" careless ".changes[] | select((.after // .before).name == \"$1\" and (.lang == \"\" or .lang == \"it\")) | $2"
}
check_same "another name without memoria" "looks-renamed q5_12 true" "$(careless q5_12_bis '"\(.kind) \(.from) \(.touches_memory)"')"
check_same "is told what to write" "q5_12@2024" "$(careless q5_12_bis .advice | grep -o 'q5_12@[0-9]*')"
check_same "its condition is no other" "" "$(careless q5_12_1 .kind)"
check_same "a question for more towns" "audience large all false true" \
	"$(careless q5_13 '"\(.kind) \(.from) \(.to) \(.touches_memory) \(.touches_comparison)"')"
check_same "an option dropped" "option-removed da100a299 true true" \
	"$(careless q3_4 '"\(.kind) \(.option) \(.touches_memory) \(.touches_comparison)"')"
check_same "an option with another name" "option-looks-renamed alcune poche true" \
	"$(careless q6_5 '"\(.kind) \(.from) \(.to) \(.touches_memory)"')"
check_same "a number that became a text" "type decimal text true" \
	"$(careless q2_2 'select(.kind == "type") | "\(.kind) \(.from) \(.to) \(.touches_memory)"')"
check_says "each with a sentence" 'write alcune again and change only the label' "$PLICO" forms diff "$old" careless
