#!/bin/sh
# What leaves, read by a parser that is not ours: hostile names, addresses, titles and templates add no header and no
# recipient, and a registry row that could is refused with a finding.
. "$SRCDIR/tests/lib.sh"

plico() {
	"$PLICO" -w ws "$@"
}

# point [LINE ...]: the workspace writes into the folder letters
point() {
	printf '[mail]\nchannel = dir\ndir = letters\n' > ws/plico.conf
	for line in "$@"; do
		printf '%s\n' "$line" >> ws/plico.conf
	done
}

# read_all: the messages that left, as JSON lines in the file read
read_all() {
	check "$1: every message is whole" sh -c '"$0" mappa@mappa.example ws/letters/*.eml' "$SRCDIR/tests/tool/message_check.py"
	"$SRCDIR/tests/tool/message_check.py" mappa@mappa.example ws/letters/*.eml > read
}

"$PLICO" init ws > /dev/null

point
# names that a mail program could take for more than a name; one row each, the addresses number them
python3 - > towns.csv <<'END'
import csv, sys
names = ['Borgo, b@evil.example', '<evil@evil.example>', '"Borgo"', 'Borgo\\', 'Borgo "a\\" <e@evil.example>, ',
         '(commento) Borgo', 'gruppo: a@evil.example;', '=?utf-8?q?Borgo=0D=0ABcc:_e@evil.example?=', 'Bòrgo/Börgen č š ž',
         "Borgo d'Òro " + "lungo " * 48, "B" * 300, "Borgo;Cc: e@evil.example", "Borgo\u2028Bcc: e@evil.example",
         "Borgo\r\nBcc: e@evil.example", "Borgo\nBcc: e@evil.example", "Borgo\rBcc: e@evil.example",
         "Borgo\x1b[2J", "Borgo\x85Bcc: e@evil.example"]
rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow("istat_code,cadastral_code,name,name_other,province,province_code,region,area,population,pec,zip,tax_code,"
              "ipa_code,lat,lon".split(","))
for i, name in enumerate(names, 1):
    rows.writerow([f"{1000 + i:06d}", f"A{i:03d}", name, "", "Torino", "TO", "Piemonte", "Nord-ovest", 900 + i,
                   f"t{i}@x.example"] + [""] * 5)
END
plico units import towns.csv > import.out 2>&1
check_same "the registry takes two of nineteen names" "2 17" \
	"$(sqlite3 ws/plico.db 'SELECT count(*) FROM unit') $(grep -c '^error: towns.csv: row' import.out)"
printf 'cadastral_code,name\nA001,Bor\000go\n' > nul.csv
check_exit 65 "and no list with NUL in it" plico units import nul.csv
python3 - > addresses.csv <<'END'
import csv, sys
addresses = ["a@x.example>\r\nRCPT TO:<evil@evil.example", "a@x.example,evil@evil.example", "a@x.example evil@evil.example",
             "a@x.example\nBcc: evil@evil.example", '"a b"@x.example', "<a@x.example>", "a@x.example;b@x.example",
             "a@x.example, <evil@evil.example>", "è@x.example", "a" * 65 + "@x.example", "-oQ/tmp@x.example"]
rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow("istat_code,cadastral_code,name,name_other,province,province_code,region,area,population,pec,zip,tax_code,"
              "ipa_code,lat,lon".split(","))
for i, address in enumerate(addresses, 1):
    rows.writerow([f"{2000 + i:06d}", f"B{i:03d}", "Borgo " + chr(64 + i), "", "Torino", "TO", "Piemonte", "Nord-ovest",
                   900 + i, address] + [""] * 5)
END
plico units import --partial addresses.csv > import.out 2>&1
plico wave plan > plan.out
plico wave send > /dev/null
read_all "hostile rows"
# in headers, and in what a parser makes of the rest: base64 may spell it by chance
check_same "who has no such address gets nothing, and is told" "2 0" \
	"$(wc -l < read) $(sed -s '/^\r*$/,$d' ws/letters/*.eml | cat - read | grep -c -i evil)"
check_says "certified mail by the registry" '"t9@x.example", "name": "Bòrgo/Börgen č š ž", .*"channel": "pec"' cat read

# --- behind the registry: what a program that writes into the database could leave there --------------------------------
# try_name NAME: of town A009, in a workspace of its own; $status, and the files err and read
try_name() {
	rm -rf ws
	"$PLICO" init ws > /dev/null
	point
	sh "$SRCDIR/tests/tool/units.sh" one@towns.example > one.csv
	plico units import one.csv > /dev/null
	python3 -c '
import sqlite3, sys
with sqlite3.connect("ws/plico.db") as db:
    db.execute("UPDATE unit SET name = ?", (sys.argv[1].encode("utf-8", "surrogateescape").decode(),))
' "$1"
	plico wave plan > out 2> err
	status=$?
	[ "$status" -ne 0 ] || plico wave send > out 2> err
}
for name in 'Borgo, b@evil.example' '<evil@evil.example>' '"Borgo"' "Borgo\\" 'B "a\" <e@evil.example>,' '(commento)' \
	'gruppo: a@evil.example;' 'Bòrgo č š ž {comune} *x* _y_ `z` [a](b)' \
	"$(printf 'parola %.0s' $(seq 42))Borgo" "$(printf '%0300d' 0)"; do
	try_name "$name"
	check_same "the name $(echo "$name" | cut -c1-40) is only a name" 0 "$status"
	read_all "$(echo "$name" | cut -c1-40)"
	check_same "one message to the one recipient" one@towns.example "$(jq -r .to read)"
	# folding puts blanks into a word that is longer than a line may be
	check_same "and the very name" "$(printf '%s' "$name" | tr -d ' ')" "$(jq -r .name read | tr -d ' ')"
done
for code in '\r\nBcc: e@evil.example' '\nBcc: e@evil.example' '\r' '\033[2J' '\302\205Bcc: e' '\342\200\250Bcc: e'; do
	try_name "$(printf "Borgo${code}x")"
	check_same "a name with $(printf '%s' "$code" | tr -d '\\\\') is refused" "65 0" "$status $(find ws/letters -name '*.eml' 2> /dev/null | wc -l)"
	check_says "in one sentence" "control character" cat err
done

try_name '=?utf-8?q?B=0D=0ABcc:_e@evil.example?='
check_same "a name that mail programs would decode is refused" "65 0" \
	"$status $(find ws/letters -name '*.eml' 2> /dev/null | wc -l)"
check_says "for that reason" "encoded" cat err

# --- the configuration and the templates ----------------------------------------------------------------------------------
# try_text: as it stands now
try_text() {
	rm -rf ws/letters
	sqlite3 ws/plico.db "DELETE FROM dispatch; DELETE FROM wave"
	plico wave plan > out 2> err
	status=$?
	[ "$status" -ne 0 ] || plico wave send > out 2> err
}
try_name "Borgo A"
point '[survey]' 'title = Mappa\r\nBcc: evil@evil.example\n\nciao'
try_text
check_same "a title with line ends never makes a header" 0 "$(cat ws/letters/*.eml 2> /dev/null | grep -c '^Bcc')"
point 'from_name = Mappa\nBcc: evil@evil.example'
try_text
check_same "a sender's name with a line end is refused" "65 0" "$status $(find ws/letters -name '*.eml' 2> /dev/null | wc -l)"
point 'from_name = Mappa, "dei" <evil@evil.example>'
try_text
read_all "a sender's name with commas and brackets"
point
printf '# {comune} {comune} {comune} {comune} {comune} {comune} {comune} {comune} {comune} {comune}\n\n.\n\n..\n\nFrom qui\n\n{saluto}\n' \
	> ws/mailtemplates/it/invitation.md
try_text
read_all "a template with an endless subject and dots"
check_same "the subject ends at 64 characters" true "$(jq '.subject | length <= 64' read)"
