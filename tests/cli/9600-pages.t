#!/bin/sh
# plico serve: the pages, the lists behind the numbers, and what they refuse.
. "${SRCDIR:?}/tests/lib.sh"

"$PLICO" init w > /dev/null || exit 99
cd w || exit 99
printf '[web]\nport=0\n' > plico.conf
"$PLICO" units import "$SRCDIR/samples/comuni.csv" > /dev/null || exit 99
"$PLICO" serve > "$WORK/served" 2>&1 &
at_exit "kill $! 2> /dev/null"
eventually grep -qs 'http://' "$WORK/served"
site=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$WORK/served")

page() {
	curl -s --max-time 60 "$site$1"
}
status() {
	curl -s --max-time 60 -o /dev/null -w '%{http_code}' "$@"
}

check_says 'the first page tells how many never opened' '<b>89</b> never opened' page /
check_says 'a number opens its list' '<h1>Municipalities: 89, never opened</h1>' page '/comuni?stato=never_opened'
check_same 'the list has a row for each' 89 "$(page '/comuni?stato=never_opened' | grep -o 'href="/comune/' | wc -l)"
check_same 'no town is completed' 0 "$(page '/comuni?stato=completed' | grep -o 'href="/comune/' | wc -l)"
check_says 'a town is found without its accent' 'Roccella Ionica' page '/comuni?q=roccella%20ionica'
check_says 'a bilingual name stands whole' 'Bressanone/Brixen' page '/comuni?q=brixen'
check_says 'a unit has its page' '<h1>Cannobio</h1>' page /comune/B615
check_says 'with its address' '\.example \(pec' page /comune/B615
check_same 'an unknown unit is not found' 404 "$(status "$site/comune/ZZZZ")"
check_same 'an unknown page is not found' 404 "$(status "$site/etc/passwd")"
check_same 'nothing can be posted' 405 "$(status -d stato=completed "$site/comuni")"
check_says 'no script can run' "content-security-policy: default-src 'none'" \
    sh -c "curl -s -D - -o /dev/null '$site/' | tr A-Z a-z"
check_same 'what is asked for is never markup' 0 \
    "$(page '/comuni?regione=%3Cscript%3Ealert(1)%3C/script%3E&stato=%22%3E%3Cb%3E' | grep -c '<script\|"><b>')"
check_says 'the style is there' 'border-collapse' page /plico.css

second=$("$PLICO" config show --json | jq -r '."web.address"')
port=${site##*:}
printf '[web]\nport=%s\n' "$port" > plico.conf
check_exit 69 'a port that another program has is refused' timeout 60 "$PLICO" serve
check_same 'pages are for this machine unless told otherwise' 127.0.0.1 "$second"
