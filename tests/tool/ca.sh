#!/bin/sh
# A throwaway certificate authority: ca.sh DIR [NAME ...] makes DIR/ca.pem once and for each NAME (localhost where
# none is given) DIR/NAME.pem and DIR/NAME.key, good for two days. DAYS=-1: over since yesterday.
set -eu
dir=$1
shift
[ $# -gt 0 ] || set -- localhost
mkdir -p "$dir"
[ -e "$dir/ca.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
	-subj "/CN=plico test authority" -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
for name in "$@"; do
	case $name in
	*[!0-9.]*) printf 'subjectAltName = DNS:%s\n' "$name" ;;
	*) printf 'subjectAltName = IP:%s\n' "$name" ;;
	esac > "$dir/$name.ext"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" \
		-keyout "$dir/$name.key" -out "$dir/$name.csr" 2>/dev/null
	openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days "${DAYS:-2}" \
		-extfile "$dir/$name.ext" -out "$dir/$name.pem" 2>/dev/null
	rm -f "$dir/$name.csr" "$dir/$name.ext"
	# servers read them under users of their own
	chmod 644 "$dir/$name.pem" "$dir/$name.key"
done
chmod 644 "$dir/ca.pem"
