#!/bin/sh
# A mailbox full of attacks beside one true return: each mail gets its verdict (tests/tool/hostile/verdicts.tsv), the true
# return counts, nothing else does, and the collector writes nowhere but in its workspace and speaks to nobody.
. "$SRCDIR/tests/lib.sh"
tool=$SRCDIR/tests/tool
hostile() { /usr/bin/python3 "$tool/hostile" "$@"; }

# --- two towns with their sheets; a key and a day that are always the same, so that the same files are made
export PLICO_CLOCK=2024-10-17T08:30:00Z PLICO_WORKSPACE="$WORK/ws"
"$PLICO" init ws > init.out || exit 99
chmod 600 ws/keys/k1.key && printf 'a key that nobody else ever had.' > ws/keys/k1.key && chmod 400 ws/keys/k1.key
printf '[mail]\nchannel=dir\n' >> ws/plico.conf
sh "$tool/units.sh" protocollo@borgo-a.example protocollo@borgo-b.example - > towns.csv
check "three towns" "$PLICO" units import towns.csv
check "the invitation is planned" "$PLICO" wave plan
check "and sent to two of them" "$PLICO" wave send
sql() { sqlite3 ws/plico.db "$1"; }
for code in A001 A002; do
	mkdir -p "desk/$code"
	sql "SELECT message_id FROM dispatch JOIN unit ON unit.id = unit_id WHERE code = '$code'" > "desk/$code/message-id"
	"$(dirname "$PLICO")/t/tool/sheets" ws "$code" \
		"$(grep -lF "$(cat "desk/$code/message-id")" ws/outbox/*.eml)" \
		"desk/$code" || exit 99
done
dispatches() { sql "SELECT * FROM dispatch WHERE kind = 'invitation' ORDER BY id"; }
dispatches > dispatches.before

# --- the mailbox
check "hundreds of files are made" hostile make made
check "and delivered" hostile deliver made desk ws/Maildir
delivered=$(find ws/Maildir/new -type f | wc -l)
archived() { find ws/archive -type f -perm 400 ! -name '*.*' | wc -l; }
archived_before=$(archived)
mkdir log && touch log/start && sleep 0.01

hostile measure log/used strace -f -qq --seccomp-bpf -o log/calls -e trace=%file,execve,socket,connect,bind,listen \
	"$PLICO" collect --once --json > log/collected 2> log/complaints
check_same "the collector goes through all of it" 0 $?
check_same "and complains of nothing" "" "$(cat log/complaints)"
case $PLICO in
*/asan/*) ;; # its shadow memory is not the collector's
*) check "reading several of them at once, it takes no more than 256 MiB: $(cat log/used)" awk '{ exit $1 > 256 }' log/used ;;
esac

# --- where it wrote, and to whom it spoke
grep -E '(O_WRONLY|O_RDWR|O_CREAT)|^[0-9]+ +(creat|mkdir|mkdirat|rename|renameat2?|link|linkat|symlink|symlinkat|unlink|unlinkat|truncate|chmod|fchmodat|mknod)\(' log/calls |
	grep -v ' = -1 ' > log/writes
check "it wrote" test -s log/writes
check_same "into its workspace only" "" "$(grep -vE "\"$WORK/ws/|\"/dev/(null|tty)\"" log/writes | head -5)"
check_same "it opened no connection" "" "$(grep -E ' (socket|connect|bind|listen)\(' log/calls | head -5)"
check_same "it started no program but its reader" "" "$(grep ' execve(' log/calls | grep -vE "\"$PLICO(-reader)?\"" | head -5)"
check_same "no reader died but by its limit of time" "" "$(grep '+++ killed by' log/calls | grep -vE 'SIG(XCPU|KILL) ' | head -5)"
check_same "no file beside the workspace changed" "" \
	"$(find "$WORK" -path "$WORK/ws" -prune -o -path "$WORK/log" -prune -o -newer log/start -type f ! -name '.said' -print)"

# --- what became of them
check_same "all came into the archive" "$(cut -f1 made/index.tsv | sort -u | wc -l)" "$(($(archived) - archived_before))"
check_same "the mailbox is empty" 0 "$(find ws/Maildir/new ws/Maildir/cur -type f | wc -l)"
check_same "nothing was deleted" "$delivered" "$(find ws/Maildir/.Processed/cur -type f | wc -l)"
sql "SELECT u.code || '	' || r.section || '	' || a.question || '	' || a.value FROM answer a JOIN \"return\" r ON r.id = a.return_id
	JOIN unit u ON u.id = r.unit_id WHERE r.state = 'applied' ORDER BY a.question" > answers
sed -n 's/^q4_/A001	s4	&/p' desk/A001/meant.tsv > meant
check "the answers are those of the true return" diff -u meant answers
check_same "one return counts" 1 "$(sql "SELECT count(*) FROM \"return\" WHERE state = 'applied'")"
dispatches > dispatches.after
check "no forged receipt or bounce changed what is known of our mail" diff -u dispatches.before dispatches.after
check_same "nothing is answered but the true return, once" "receipt protocollo@borgo-a.example" \
	"$(sql "SELECT kind || ' ' || address FROM dispatch WHERE kind <> 'invitation'")"
check_same "nor did events about it" 0 "$(sql "SELECT count(*) FROM event WHERE subject = 'dispatch' AND what LIKE '%deliver%'")"

hostile stored made ws > stored.tap
grep '^#' stored.tap
sed -n 's/^\(n*o*t* *ok\) [0-9]* - /\1:/p' stored.tap > results
while IFS=: read -r verdict name; do
	[ "$verdict" = ok ]
	result $? "$name"
done < results
