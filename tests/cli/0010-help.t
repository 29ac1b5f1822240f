#!/bin/sh
# Help and the manual page: every verb is in both, and what is no verb is said.
. "${SRCDIR:?}/tests/lib.sh"

verbs() {
	"$PLICO" help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p'
}

page=$WORK/plico.1
"$PLICO" help --roff > "$page"

check 'there are verbs' test "$(verbs | wc -l)" -ge 8
check_says 'without words the verbs are listed' '^  init ' "$PLICO"
check_says 'so they are for --help' '^  init ' "$PLICO" --help
check_says 'the version names the schema' '^plico [0-9.]+ \(schema [0-9]+\)$' "$PLICO" --version

verbs > list
while read -r verb; do
	# shellcheck disable=SC2086
	check_says "$verb --help" "^  plico $verb \[OPTION…\]" "$PLICO" $verb --help
	check_says "$verb is in the manual page" "^\.Ss plico $verb( |\$)" cat "$page"
done < list
# shellcheck disable=SC2046
check_same 'the list is sorted and without doubles' "$(LC_ALL=C sort -u list)" "$(cat list)"

check_same 'the manual page is clean mdoc' '' "$(mandoc -Tlint -W warning "$page")"
check_says 'and can be read' 'General Commands Manual' mandoc -Tascii "$page"

check_exit 64 'a word that is no verb' "$PLICO" fly
check_says 'is said to be none' 'plico fly: no such verb' "$PLICO" fly
check_says 'half a verb is told its other half' 'units: one of these: .*units import, units list' "$PLICO" units
check_exit 64 'an unknown option' "$PLICO" init --fly w
check_exit 64 'too few words' "$PLICO" init
check_exit 64 'too many words' "$PLICO" init one two
check_same 'what failed says nothing on standard output' '' "$("$PLICO" fly 2> /dev/null)"
check_same 'and one line on standard error' 1 "$("$PLICO" fly 2>&1 | wc -l)"
