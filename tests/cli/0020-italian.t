#!/bin/sh
# plico speaks Italian unless it is told otherwise, and says nothing that has no Italian words.
. "$SRCDIR/tests/lib.sh"

italian() {
	env LANGUAGE=it LC_ALL=C.UTF-8 "$PLICO" "$@"
}

# As on a server where nobody chose a language.
bare() {
	env -u LANGUAGE -u LANG LC_ALL=C "$PLICO" "$@"
}

check "a workspace can be made" italian init w

for speaker in italian bare; do
	check_says "help is in Italian ($speaker)" '^  status +mostra a che punto è la rilevazione$' $speaker help
	check_says "so is the help of a verb ($speaker)" 'solo con più di questi abitanti' $speaker units list --help
	check_says "so is an error ($speaker)" '^plico: plico vola: comando inesistente; ' $speaker vola
	check_says "so is the state of the survey ($speaker)" 'Comuni +mai aperto +in compilazione +completato' \
	    $speaker -w w status
done
check_says "English can be had" '^  status +show where the survey stands$' env LANGUAGE=en "$PLICO" help

manual() {
	italian help --roff
}
check_says "the manual page is in Italian" '^Legge survey.csv, choices.csv' manual

# Nothing of the source may lack its Italian words; a format must take the same values in both.
template() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$SRCDIR" B="$WORK/b" "$WORK/b/plico.pot"
}
check "the strings of the source can be read" template
check "each of them has Italian words" msgcmp "$SRCDIR/po/it.po" "$WORK/b/plico.pot"
check "every format agrees" msgfmt --check --output-file="$WORK/it.mo" "$SRCDIR/po/it.po"
stale() {
	msgcmp "$WORK/b/plico.pot" "$SRCDIR/po/it.po" --use-untranslated
	msgattrib --only-fuzzy "$SRCDIR/po/it.po"
	msgattrib --obsolete "$SRCDIR/po/it.po"
}
check_same "no words are left of strings that are gone" "" "$(stale 2>&1)"
"$PLICO" help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p' > verbs
while read -r verb; do
	# shellcheck disable=SC2086
	check_says "a verb is not translated: $verb" "^  plico $verb \[OPZIONE…\]" italian $verb --help
done < verbs
