#!/bin/sh
# The power is cut at every moment of a mail-out, and plico starts on each disk that may be found then: no message leaves twice,
# none is lost, what is sent is in the archive. Broken variants of the program are caught.
#
# It takes 4 to 15 minutes on two processors, by what else they do: plico starts two thousand times.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # thousands of small workspaces
. "$SRCDIR/tests/lib.sh"
command -v strace > /dev/null || skip_all "strace is not installed"
strace -o trace true 2> /dev/null || skip_all "strace may not trace here"

helper=$(dirname "$PLICO")/t/tool/sent_check
# shellcheck disable=SC2086
${CC:-cc} -shared -fPIC -O1 -o mutate.so "$SRCDIR/tests/crash/mutate.c" -ldl || exit 99
"$PLICO" init ws > /dev/null
cp -r "$SRCDIR/tests/data/forms/prova-2024" ws/forms/
sed -n '1,/^end_group/p;/^begin_group,s1/,/^end_group/p' "$SRCDIR/tests/data/forms/prova-2024/survey.csv" > ws/forms/prova-2024/survey.csv
printf '[survey]\nedition = prova-2024\n' > ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" a@x.example b@x.example dropend.c@x.example end451e.d@x.example e@x.example \
	onceloseend.f@x.example rcpt550.g@x.example h@x.example > towns.csv
"$PLICO" -w ws units import towns.csv > /dev/null
"$PLICO" -w ws wave plan > /dev/null || exit 99
mv ws planned
sessions=1
"$PLICO" config show -w planned 2> /dev/null | grep -q '^smtp.sessions' && sessions="1 4"
for n in $sessions; do
	option=$n
	[ "$sessions" != 1 ] || option=
	# shellcheck disable=SC2086
	PYTHONPATH=$SRCDIR/tests/crash python3 "$SRCDIR/tests/crash/powercut_send.py" "$WORK" "$PLICO" "$helper" \
		"$SRCDIR/tests/tool/smtpd_fault.py" "$WORK/mutate.so" $option > found
	sed 's/^/# /' found
	check_same "$n at once: no disk on which anything is lost or doubled" "0 -" \
		"$(awk '$1 == "as-it-is" { print $4, $5 }' found)"
	check "$n at once: there were many" [ "$(awk '$1 == "as-it-is" { print $3 }' found)" -gt 200 ]
	for mutant in $(awk '$1 != "as-it-is" && $1 != "not-applied" { print $1 }' found); do
		check "$n at once: caught: $mutant" [ "$(awk -v m="$mutant" '$1 == m { print $4 }' found)" -gt 0 ]
	done
	check_same "$n at once: each variant was broken indeed" "" "$(grep not-applied found)"
	check_same "$n at once: nine variants" 9 "$(grep -vc '^as-it-is\|^not-applied' found)"
done
