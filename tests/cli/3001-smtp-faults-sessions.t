#!/bin/sh
# The same as 3000-smtp-faults.t, over four lines at once.
SESSIONS=4 exec "$SRCDIR/tests/cli/3000-smtp-faults.t"
