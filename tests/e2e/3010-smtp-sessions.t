#!/bin/sh
# The same as 3000-smtp.t, over four lines at once.
SESSIONS=4 exec "$SRCDIR/tests/e2e/3000-smtp.t"
