#!/bin/sh
# Installs the Debian packages of a list that are missing: deps.sh FILE. Services do not start by themselves.
# A line PACKAGE:COMMAND is satisfied by the command, wherever it comes from.
set -eu
missing=
for line in $(sed 's/#.*//' "$1"); do
	package=${line%%:*}
	[ "$package" = "$line" ] || ! command -v "${line#*:}" > /dev/null || continue
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "deps: installing$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "deps: run this as root: apt-get install$missing" >&2
	exit 69
fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' > "$policy"
	chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $missing
