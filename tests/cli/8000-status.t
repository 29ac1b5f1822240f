#!/bin/sh
# plico status: counts that add up, by every grouping; units that leave and come back.
. "$SRCDIR/tests/lib.sh"

export PLICO_CLOCK=2024-10-17T08:30:00Z PLICO_WORKSPACE="$WORK/w"
check "a workspace" "$PLICO" init "$WORK/w"
check "the sample towns" "$PLICO" units import "$SRCDIR/samples/comuni.csv"
units=$(sqlite3 "$WORK/w/plico.db" 'SELECT count(*) FROM unit')

status() {
	"$PLICO" status --json "$@"
}

check_same "everyone has never opened" "$units" "$(status | jq .never_opened)"
check_same "the keys that others rely on" \
    "as_of units never_opened in_progress completed declined excluded undelivered unknown sections" \
    "$(status | jq -r '[keys_unsorted[] | select(IN("edition", "closed", "unknown_messages", "reasons") | not)] | join(" ")')"
check_same "those of a section" "name sent received received_with_findings" \
    "$(status | jq -r '.sections[0] | keys_unsorted | join(" ")')"
check_same "the clock is ours" 2024-10-17T08:30:00Z "$(status | jq -r .as_of)"

check "a town declines" "$PLICO" units decline Torino --note "per telefono"
check "a town is left out" "$PLICO" units exclude Collegno --note "commissariato"
check_same "both are counted" "1 1 $((units - 2))" \
    "$(status | jq -r '"\(.declined) \(.excluded) \(.never_opened)"')"
check_exit 65 "nobody declines twice" "$PLICO" units decline Torino --note "ancora"
check_exit 64 "nor without a reason" "$PLICO" units decline Sangano
check_exit 65 "an open town is not reopened" "$PLICO" units reopen Sangano --note x
check "the town comes back" "$PLICO" units reopen Torino --note "ripensato"
check_same "and is counted again" "0 $((units - 1))" "$(status | jq -r '"\(.declined) \(.never_opened)"')"
check_same "the history knows who and why" "ripensato" \
    "$(sqlite3 "$WORK/w/plico.db" "SELECT note FROM event WHERE what = 'unit.reopened'")"

sqlite3 "$WORK/w/plico.db" "UPDATE unit_state SET state = 'completed' WHERE state = 'never_opened'"
check_same "what nobody has said is not believed any more after a rebuild" "0 $((units - 1))" \
    "$(status --rebuild | jq -r '"\(.completed) \(.never_opened)"')"

for by in region province size; do
	check_same "by $by: the groups add up" true "$(status --by $by |
	    jq '. as $all | [.groups[] | .never_opened + .in_progress + .completed + .declined + .excluded] | add == $all.units')"
done
check_says "regions stand from north to south" '^Piemonte' "$PLICO" status --by region
check_says "the table names its edition and time" 'mappa-2024\), 17/10/2024 10:30' "$PLICO" status
check_says "sizes go up" '^fino a 1\.000' "$PLICO" status --by size
check_exit 64 "an unknown grouping is refused" "$PLICO" status --by colour

sqlite3 "$WORK/w/plico.db" "UPDATE unit SET closed_at = 1 WHERE code = 'C860'"
check_same "a closed town is in no count" "$((units - 1)) 0 1" \
    "$(status | jq -r '"\(.units) \(.excluded) \(.closed)"')"
check_says "and the table says so" 'closed in the registry: 1' "$PLICO" status
