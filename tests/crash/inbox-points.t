#!/bin/sh
# Killed at 200 system calls of a run that collects, wherever it writes, flushes, gives names or starts something: no message is lost,
# none is read twice, and the next run makes what a run that nobody disturbed makes. POINTS=20 is a short run.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # what a kill leaves in the kernel's hands is there all the same
. "$SRCDIR/tests/lib.sh"
strace -o trace true 2> /dev/null || skip_all "strace may not trace here"
. "$SRCDIR/tests/crash/inbox_mail.sh"
points=${POINTS:-200}
PYTHONPATH=$SRCDIR/tests/crash python3 "$SRCDIR/tests/crash/inbox_faults.py" "$WORK" "$PLICO" points "$points" > found
check_same "the runs were made" 0 $?
check_same "so many of them" "$points" "$(wc -l < found)"
check "nearly all were killed" [ "$(grep -c ' killed ' found)" -ge $((points * 9 / 10)) ]
check_same "none lost or doubled anything" "" "$(grep -v ' ok$' found)"
