#!/bin/sh
# The power is cut at every moment of collecting, and plico starts on each disk that may be found then: no message that was moved
# away is lost, none is read twice, and the answers are those of a run that nobody disturbed. Broken variants are caught.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # thousands of small workspaces
. "$SRCDIR/tests/lib.sh"
command -v strace > /dev/null || skip_all "strace is not installed"
strace -o trace true 2> /dev/null || skip_all "strace may not trace here"

# shellcheck disable=SC2086
${CC:-cc} -shared -fPIC -O1 -o mutate.so "$SRCDIR/tests/crash/mutate.c" -ldl || exit 99

. "$SRCDIR/tests/crash/inbox_mail.sh"
# and a workspace whose database takes the same bytes twice
cp -r planned doubles
sqlite3 doubles/plico.db "PRAGMA writable_schema=ON;
UPDATE sqlite_master SET sql = replace(sql, 'sha256 TEXT NOT NULL UNIQUE', 'sha256 TEXT NOT NULL') WHERE name = 'message';
DELETE FROM sqlite_master WHERE name = 'sqlite_autoindex_message_1'; PRAGMA writable_schema=RESET; VACUUM" > /dev/null || exit 99

PYTHONPATH=$SRCDIR/tests/crash python3 "$SRCDIR/tests/crash/inbox_powercut.py" "$WORK" "$PLICO" "$WORK/mutate.so" > found
check_same "the cuts were made" 0 $?
sed 's/^/# /' found
check_same "no disk on which anything is lost or doubled" "0 -" "$(awk '$1 == "as-it-is" { print $4, $5 }' found)"
check "there were many" [ "$(awk '$1 == "as-it-is" { print $3 }' found)" -ge 200 ]
for mutant in $(awk '$1 != "as-it-is" && $1 != "not-applied" { print $1 }' found); do
	check "caught: $mutant" [ "$(awk -v m="$mutant" '$1 == m { print $4 }' found)" -gt 0 ]
done
check_same "each variant was broken indeed" "" "$(grep not-applied found)"
check_same "seven variants" 7 "$(grep -vc '^as-it-is\|^not-applied' found)"
