#!/bin/sh
# A whole campaign against simulated municipalities: every stored answer is the meant one.
. "$SRCDIR/tests/lib.sh"

value() { jq -r "$2" "$1"; }

check "90 municipalities, seed 7" sh -c '"$PLICO" rehearse --units 90 --seed 7 --json r90 > 90.json'
check_same "no stored answer differs from the meant one" 0 "$(value 90.json .mismatches)"
check_same "no PDF and no municipality has a wrong fate" 0 "$(value 90.json .surprises)"
check_same "nothing arrived twice" 0 "$(value 90.json .arrived_twice)"
check_same "the states add up to the units" 90 \
	"$(value 90.json '.units_completed + .units_in_progress + .units_never_opened')"
check "answers, held and quarantined ones are among them" \
	jq -e '.answers > 1000 and .applied > 50 and .held > 0 and .quarantined > 0' 90.json
check "all keys that others rely on" jq -e '[.units, .dispatches, .sent, .returns, .applied, .held, .quarantined,
	.answers, .mismatches, .units_completed, .units_in_progress, .units_never_opened, .seconds.plan, .seconds.send,
	.seconds.answer, .seconds.collect, .seconds.status, .seconds.remind, .seconds.total] | all(. != null)' 90.json
check_same "what was sent has arrived" "$(value 90.json .sent)" "$(value 90.json .arrived)"
check_same "status says the same" "$(value 90.json .units_completed)" \
	"$("$PLICO" -w r90 status --json | jq .completed)"
check_same "the workspace it leaves sends nothing" null \
	"$("$PLICO" -w r90 config show --json | jq -r '."mail.channel"')"
check "a letter and sheets are left to look at" \
	test -s r90/examples/lettera.pdf -a -s r90/examples/sezione_5.pdf -a -s r90/examples/sezione_5_compilata.pdf
check_same "the letter shows the access code that the sheet was filled with" \
	"$(pdftotext r90/examples/lettera.pdf - | grep -Eo '[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]' | sort -u)" \
	"$(cat r90/examples/codice.txt)"

# the same seed gives the same campaign, another one another; a rehearsal may be made anew
fate='del(.seconds, .rss_mib, .rss_mib_towns)'
check "once more in the same place" sh -c '"$PLICO" rehearse --units 90 --seed 7 --json r90 > again.json'
check_same "the same seed gives the same campaign" "$(jq -c "$fate" 90.json)" "$(jq -c "$fate" again.json)"
for seed in 1 2 3 4 5; do
	check_same "40 municipalities, seed $seed: nothing differs" "0 0 0" \
		"$("$PLICO" rehearse --units 40 --seed "$seed" --json "r$seed" |
			jq -r '"\(.mismatches) \(.surprises) \(.arrived_twice)"')"
done
check_same "one municipality alone" "1 0 0" "$("$PLICO" rehearse --units 1 --seed 7 --json one |
	jq -r '"\(.units) \(.mismatches) \(.surprises)"')"

# behind each message of a municipality, a stranger's
check "50 municipalities and as many strangers as messages" sh -c '"$PLICO" rehearse --units 50 --seed 3 --hostile 100 --json hostile > hostile.json'
check_same "no answer of theirs counts, and none of the others is lost" "0 0" "$(value hostile.json '"\(.mismatches) \(.surprises)"')"
check "hostile messages are held, quarantined, known already, without effect" \
	jq -e '.hostile | .sent > 10 and .quarantined > 0 and .held > 0 and .ignored > 0 and .sent == .quarantined + .held + .copies + .ignored' hostile.json
check_same "none at all, where wanted" 0 "$("$PLICO" rehearse --units 20 --seed 3 --hostile 0 --json none | jq .hostile.sent)"
check_exit 64 "more than all" "$PLICO" rehearse --units 3 --hostile 101 more

mkdir full && echo precious > full/file
check_exit 64 "a directory that is no rehearsal is refused" "$PLICO" rehearse --units 3 full
check_same "and left as it was" precious "$(cat full/file)"
check_exit 64 "no units" "$PLICO" rehearse --units 0 zero
check_exit 64 "one server without the other" "$PLICO" rehearse --smtp 127.0.0.1:25 half
