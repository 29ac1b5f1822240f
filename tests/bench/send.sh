#!/bin/sh
# make bench-send: messages a second over SMTP, each with a letter and a sheet of its own town, made, archived and with all its
# states committed, beside smtp-source (which sends one and the same bytes) and nodemailer (raw: the same bytes too; built: it
# puts text and PDFs together for each). To two servers: smtp-sink, and tests/tool/sink.c, which is faster than all of them.
#   ROUNDS=3 N=2000 MANY=63000 SESSIONS="1 4 16" sh tests/bench/send.sh
# rate: with 16 sessions to smtp-sink; ratio: to smtp-source; limit: smtp-source to the fast server. Rates are of whole
# programs, from their start to their end; the median of the rounds, each of which asks all of them in turn.
set -eu
: "${PLICO:?is the program}" "${SRCDIR:?is the repository}"
PATH=$PATH:/usr/sbin
build=$(dirname "$PLICO")
clients=$build/clients
tool=$SRCDIR/tests/tool/clients
rounds=${ROUNDS:-3}
count=${N:-2000}
many=${MANY:-63000}
all_sessions=${SESSIONS:-1 4 16}
work=$(mktemp -d)
chmod 711 "$work"
servers=
trap 'kill $servers 2> /dev/null; rm -rf "$work"' EXIT

# what is missing is said, and left out
peers=
for program in smtp-source smtp-sink; do
	command -v $program > /dev/null || echo "bench-send: $program is missing (package postfix): left out" >&2
done
command -v smtp-source > /dev/null && peers="smtp-source"
mkdir -p "$clients"
cp "$SRCDIR"/tests/bench/send-nodemailer.mjs "$clients"
if command -v npm > /dev/null; then
	if ! cmp -s "$tool/package-lock.json" "$clients/package-lock.json" || [ ! -d "$clients/node_modules/nodemailer" ]; then
		cp "$tool/package.json" "$tool/package-lock.json" "$clients"
		npm ci --prefix "$clients" --ignore-scripts --omit=optional --no-audit --no-fund --prefer-offline > "$work/npm" 2>&1 || true
	fi
	if [ -d "$clients/node_modules/nodemailer" ]; then
		peers="$peers nodemailer-raw nodemailer"
	else
		echo "bench-send: nodemailer could not be installed: left out" >&2
	fi
else
	echo "bench-send: npm is missing: nodemailer is left out" >&2
fi

# --- the servers: lines "NAME PORT" ------------------------------------------------------------------------------------
"$build/t/tool/sink" > "$work/fast" &
servers="$servers $!"
if command -v smtp-sink > /dev/null; then
	port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	user=
	[ "$(id -u)" -ne 0 ] || user="-u nobody"
	# shellcheck disable=SC2086
	smtp-sink $user "127.0.0.1:$port" 128 2> "$work/sink.log" &
	servers="$servers $!"
	/usr/bin/python3 "$SRCDIR/tests/tool/wait-port.py" "$port"
	echo "smtp-sink $port" > "$work/servers"
fi
while [ ! -s "$work/fast" ]; do sleep 0.05; done
echo "fast $(cat "$work/fast")" >> "$work/servers"

# --- the messages ------------------------------------------------------------------------------------------------------
# workspace NAME TOWNS SECTION...: a wave of one message a town and section
workspace() {
	ws=$work/$1
	towns=$2
	shift 2
	"$PLICO" init "$ws" > /dev/null
	# shellcheck disable=SC2046
	sh "$SRCDIR/tests/tool/units.sh" $(seq -f 'r%g@x.example' "$towns") > "$work/towns.csv"
	"$PLICO" -w "$ws" units import "$work/towns.csv" > /dev/null
	"$PLICO" -w "$ws" wave plan > /dev/null
	sqlite3 "$ws/plico.db" "UPDATE dispatch SET sections = '$1'"
	shift
	for section in "$@"; do
		sqlite3 "$ws/plico.db" "INSERT INTO dispatch (wave_id, edition, unit_id, kind, sections, serial, address, channel, lang,
				message_id, state, facts, changed_at)
			SELECT wave_id, edition, unit_id, kind, '$section', serial, address, channel, lang, '$section.' || message_id, state,
				facts, changed_at FROM dispatch WHERE message_id LIKE 'mappa%'"
	done
	cp "$ws/plico.db" "$ws.db"
}

# plico WORKSPACE PORT SESSIONS N: "N SECONDS CPU RSS"
plico() {
	cp "$1.db" "$1/plico.db"
	rm -f "$1/plico.db-wal" "$1/plico.db-shm"
	# aside, not deleted: ext4 is slow to make files for some seconds after many were
	mkdir -p "$work/aside"
	mv "$1/archive" "$(mktemp -d "$work/aside/XXXXXX")"
	mkdir -m 700 "$1/archive"
	cat > "$1/plico.conf" <<-CONF
		[mail]
		channel = smtp
		[smtp]
		host = 127.0.0.1
		port = $2
		tls = none
		sessions = $3
	CONF
	/usr/bin/python3 - "$PLICO" "$1" "$4" <<-'RUN'
		import json, resource, subprocess, sys, time
		start = time.monotonic()
		said = subprocess.run([sys.argv[1], "-w", sys.argv[2], "wave", "send", "--json", "--limit", sys.argv[3]],
		                      check=True, capture_output=True).stdout
		spent, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
		assert json.loads(said)["sent"] == int(sys.argv[3]), said
		print(sys.argv[3], spent, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
	RUN
}

# smtp_source PORT SESSIONS N: "N SECONDS CPU"
smtp_source() {
	bash -c 'TIMEFORMAT="%R %U %S"; time smtp-source -d -l "$4" -m "$3" -s "$2" -f mappa@mappa.example -t r@x.example \
		"127.0.0.1:$1"' smtp-source "$1" "$2" "$3" "$size" 2>&1 | awk -v n="$3" '{ print n, $1, $2 + $3 }'
}

workspace ws "$count" s4
"$PLICO" -w "$work/ws" wave preview 1 --rows 1 --out "$work/shown" > /dev/null 2>&1 || "$PLICO" -w "$work/ws" wave preview 1 --out "$work/shown" > /dev/null
message=$(find "$work/shown" -name '*.eml' | head -n 1)
size=$(wc -c < "$message")
pdfs=$(find "$work/shown" -name '*.pdf' | sort | head -n 2)

measure() { # NAME SERVER SESSIONS COMMAND...
	printf '%s %s %s ' "$1" "$2" "$3"
	shift 3
	"$@"
}
for i in $(seq "$rounds"); do
	while read -r server port; do
		for sessions in $all_sessions; do
			measure plico "$server" "$sessions" plico "$work/ws" "$port" "$sessions" "$count"
			case $peers in *smtp-source*)
				measure smtp-source "$server" "$sessions" smtp_source "$port" "$sessions" "$count" ;;
			esac
			case $peers in *nodemailer*)
				measure nodemailer-raw "$server" "$sessions" \
					node "$clients/send-nodemailer.mjs" raw "$port" "$sessions" "$count" "$message"
				# shellcheck disable=SC2086
				measure nodemailer "$server" "$sessions" \
					node "$clients/send-nodemailer.mjs" build "$port" "$sessions" "$count" "$message" $pdfs ;;
			esac
		done
	done < "$work/servers"
done > "$work/rates"
if [ "$many" -gt 0 ]; then
	workspace many $((many / 3)) s4 s2 s3
	fast=$(cat "$work/fast")
	measure thousand fast 16 plico "$work/many" "$fast" 16 1000 >> "$work/rates"
	measure many fast 16 plico "$work/many" "$fast" 16 $((many / 3 * 3)) >> "$work/rates"
fi

jq -R -s -r --argjson bytes "$size" '
	def median: sort | .[length / 2 | floor];
	[split("\n")[] | select(. != "") | split(" ") | {name: .[0], server: .[1], sessions: .[2], rate: ((.[3] | tonumber) / (.[4] | tonumber)),
	  cpu: (1000 * (.[5] | tonumber) / (.[3] | tonumber)), rss: (.[6] // "0" | tonumber)}] | . as $all |
	(map(select(.name | IN("thousand", "many") | not)) | group_by([.server, .name, (.sessions | tonumber)]) |
	 map({name: .[0].name, server: .[0].server, sessions: .[0].sessions, rate: (map(.rate) | median), cpu: (map(.cpu) | median),
	  rss: (map(.rss) | max)})) as $m |
	def at($name; $server; $sessions): ($m[] | select(.name == $name and .server == $server and .sessions == $sessions) | .rate) // null;
	def over($a; $b): if $a != null and $b != null then $a / $b * 100 | round / 100 else null end;
	($m | map(.server) | unique | if index("smtp-sink") then "smtp-sink" else "fast" end) as $server |
	($m | map(.sessions | tonumber) | max | tostring) as $most |
	([$m[] | select(.name != "plico" and .server == $server and .sessions == $most) | {key: .name, value: (.rate | round)}] | from_entries) as $peers |
	"server     program         sessions  messages/s  CPU s/1000",
	($m[] | [.server, .name, .sessions, (.rate | round | tostring), (.cpu * 100 | round / 100 | tostring)] |
	 .[0] + " " * (11 - (.[0] | length)) + .[1] + " " * (16 - (.[1] | length)) + .[2] + " " * (10 - (.[2] | length)) +
	 .[3] + " " * (12 - (.[3] | length)) + .[4]),
	({bench: "send", rate: (at("plico"; $server; $most) | round), peers: $peers,
	  ratio: over(at("plico"; $server; $most); at("smtp-source"; $server; $most)),
	  limit: ((at("smtp-source"; "fast"; $most) // 0) | round),
	  cpu_s_per_1000: ([$m[] | select(.name == "plico" and .sessions == $most) | .cpu] | min * 1000 | round / 1000),
	  rss_mib: ([$all[] | select(.name == "many") | .rss] | first // ([$m[] | select(.name == "plico") | .rss] | max)),
	  rss_mib_1000: ([$all[] | select(.name == "thousand") | .rss] | first), message_bytes: $bytes,
	  ratios: [$m[] | select(.name == "plico") | {server, sessions: (.sessions | tonumber), rate: (.rate | round),
	   smtp_source: over(.rate; at("smtp-source"; .server; .sessions)),
	   nodemailer_raw: over(.rate; at("nodemailer-raw"; .server; .sessions)),
	   nodemailer: over(.rate; at("nodemailer"; .server; .sessions))}]} | tojson)' "$work/rates"
