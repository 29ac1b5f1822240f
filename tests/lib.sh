# Sourced by every shell test: TAP without a count in advance, a folder of its own that goes away, English texts.
#
#   check WHAT COMMAND [WORD ...]           passes where the command does; its output is shown where not
#   check_exit STATUS WHAT COMMAND ...      passes where the command exits with just this status
#   check_same WHAT EXPECTED ACTUAL         two texts
#   check_says WHAT PATTERN COMMAND ...     its output, standard error too, has the extended regular expression
#   eventually COMMAND ...                  asks again and again until it is so, at most two minutes: true on a slow machine too
#   skip_all WHY                            ends the test: a part of the machine is not there
#   at_exit COMMAND                         runs at the end, the last given first; servers are stopped so
#   free_port                               prints a loopback port that nobody listens on
#
# $WORK is the folder and the current directory; $SRCDIR the repository; $PLICO the program.
set -u
: "${PLICO:?is the program under test}" "${SRCDIR:?is the repository}"
export LC_ALL=C.UTF-8 LANGUAGE=en TZ=UTC
unset PLICO_WORKSPACE PLICO_CLOCK
PATH=$PATH:/usr/sbin:/sbin # where Debian has mail servers
umask 077
# canonical: a private Postfix refuses paths through a symbolic link
WORK=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/plico-test.XXXXXX")" && pwd -P) || exit 99
cd "$WORK" || exit 99
chmod 711 "$WORK" # servers in it give up their privileges
checks=0
failures=0
exit_commands=

at_exit() {
	exit_commands="$1
$exit_commands"
}

finish() {
	status=$?
	trap - EXIT INT TERM
	eval "$exit_commands"
	[ "$checks" -eq 0 ] || echo "1..$checks"
	cd / && rm -rf "$WORK"
	[ "$failures" -eq 0 ] || status=1
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

result() {
	checks=$((checks + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $checks - $2"
	else
		failures=$((failures + 1))
		echo "not ok $checks - $2"
		[ ! -s "$WORK/.said" ] || sed 's/^/# /' "$WORK/.said"
	fi
	rm -f "$WORK/.said"
}

check() {
	what=$1
	shift
	"$@" > "$WORK/.said" 2>&1
	result $? "$what"
}

check_exit() {
	expected=$1 what=$2
	shift 2
	"$@" > "$WORK/.said" 2>&1
	got=$?
	echo "exit status $got, not $expected" >> "$WORK/.said"
	[ "$got" -eq "$expected" ]
	result $? "$what"
}

check_same() {
	printf 'expected: %s\nactual:   %s\n' "$2" "$3" > "$WORK/.said"
	[ "$2" = "$3" ]
	result $? "$1"
}

check_says() {
	what=$1 pattern=$2
	shift 2
	"$@" > "$WORK/.said" 2>&1
	grep -Eq -e "$pattern" "$WORK/.said"
	result $? "$what"
}

eventually() {
	asked=0
	until "$@"; do
		asked=$((asked + 1))
		[ "$asked" -lt 1200 ] || return 1
		sleep 0.1
	done
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
