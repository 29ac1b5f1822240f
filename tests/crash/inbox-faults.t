#!/bin/sh
# The disk is full or broken, there are no more files to be had, calls are interrupted, a write lies: `plico collect` ends with an error or
# goes on, never with a crash; no message is lost, and the next run makes what a run that nobody disturbed makes.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "$SRCDIR/tests/lib.sh"
strace -o trace true 2> /dev/null || skip_all "strace may not trace here"
. "$SRCDIR/tests/crash/inbox_mail.sh"
PYTHONPATH=$SRCDIR/tests/crash python3 "$SRCDIR/tests/crash/inbox_faults.py" "$WORK" "$PLICO" faults > found
check_same "the runs were made" 0 $?
sed 's/^/# /' found
check "there were many" [ "$(wc -l < found)" -ge 50 ]
check "most of them were felt" [ "$(grep -c ' ended ' found)" -ge 30 ]
check_same "none lost or doubled anything" "" "$(grep -v ' ok$' found)"
# SQLite forgives one: that of the folder of its log, when it has just made it
check_same "a flush that failed always ends the run" "fdatasync:error=EIO:2" \
	"$(grep '^\(fsync\|fdatasync\|syncfs\):error.* went-on' found | cut -d' ' -f1)"
check_same "a write that lies is found out" "" "$(grep '^write:retval.* went-on' found)"

# --- a disk that is full --------------------------------------------------------------------------------------------------
mkdir small
if mount -t tmpfs -o size=24m tmpfs small 2> /dev/null; then
	at_exit "umount '$WORK/small'"
	cp -r planned small/ws
	mkdir -p box/cur box/new box/tmp
	cp mail/* box/new/
	printf '\n[inbox]\nmaildir = %s\n' "$WORK/box" >> small/ws/plico.conf
	dd if=/dev/zero of=small/filler bs=1024 count=$(($(df -k --output=avail small | tail -n 1) - 200)) 2> /dev/null
	check_exit 75 "it takes nothing from the mailbox, and says why" "$PLICO" collect -w small/ws --once
	check_same "all waits there" "$(ls mail | wc -l)" "$(ls box/new | wc -l)"
	rm small/filler
	check "with room again it goes on" "$PLICO" collect -w small/ws --once
	check_same "nothing waits" 0 "$(ls box/new | wc -l)"
else
	echo "# no mount here: a disk that is full was left out"
fi
