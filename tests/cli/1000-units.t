#!/bin/sh
# plico units: the samples in their four formats, the refusals, and what is printed.
. "${SRCDIR:?}/tests/lib.sh"

samples=$SRCDIR/samples
"$PLICO" init w > /dev/null || exit 99
cd w || exit 99

# the counts of the report on standard input
counts() {
	jq -r '[.format, .rows, .added, .changed, .gone, .unchanged, .refused, .passed_over,
	    .contacts_added, .contacts_changed, .contacts_gone] | join(" ")'
}

import() {
	"$PLICO" units import "$@" --json > "$WORK/report" && counts < "$WORK/report"
}

# the last import's findings, "code:row"
findings() {
	jq -r '.findings[] | .code + (.place | capture(" row (?<row>[0-9]+)") // {row: ""} | ":" + .row)' "$WORK/report" |
	    sort | paste -sd ' '
}

unit() {
	"$PLICO" units show "$1" --json | jq -r "$2"
}

check_same 'a dry run tells what would be added' 'plico 89 89 0 0 0 0 0 89 0 0' "$(import --dry-run "$samples/comuni.csv")"
check_same 'and adds nothing' 0 "$("$PLICO" units list --json | jq .count)"
check_same 'the sample towns are added' 'plico 89 89 0 0 0 0 0 89 0 0' "$(import "$samples/comuni.csv")"
check_same 'and are sound' '' "$(findings)"
check_same 'a second time changes nothing' 'plico 89 0 0 0 89 0 0 0 0 0' "$(import "$samples/comuni.csv")"
sed 's/$/\r/; s/,/;/g; 1s/^/\xef\xbb\xbf/' "$samples/comuni.csv" > dos.csv
check_same 'nor as a spreadsheet on Windows saves it' 'plico 89 0 0 0 89 0 0 0 0 0' "$(import dos.csv)"
check_same "ISTAT's list adds the towns that were missing" 'istat 200 194 1 0 5 0 0 0 0 0' \
    "$(import --partial "$samples/istat_elenco_sample.csv")"
check_same 'its lost letter is a finding with its row' 'name-lost-letter:118 population-missing:' "$(findings)"
check_same 'and takes no letter from a known name' 'Sovodnje ob Soči' "$(unit I479 .name_other)"
check_same 'a second time it changes nothing' 'istat 200 0 0 0 200 0 0 0 0 0' \
    "$(import --partial "$samples/istat_elenco_sample.csv")"
check_same "IPA's list gives towns their addresses" 'ipa 20 0 13 0 0 4 3 28 1 0' "$(import "$samples/ipa_enti_sample.csv")"
check_same 'unions, companies and unknown towns are told apart' \
    "address-missing:19 entity-liquidation:21 entity-other:17 entity-other:18 pec-choice:11 tax-code-invalid:21 \
unit-unknown:10 unit-unknown:15 unit-unknown:2 unit-unknown:3" "$(findings)"
check_same "IPA's former list says the same of them" 'ipa-former 20 0 0 0 13 4 3 0 0 0' \
    "$(import "$samples/ipa_amministrazioni_sample.txt")"
check_same 'the protocol office is written to, not the first mail' protocollo@pec.comune.stornara.fg.it.example \
    "$(unit Stornara '.contacts[0].address')"
check_same 'who leads a town is known' "Commissario prefettizio Leone Maria D'Esempio" "$(unit strongoli .mayor)"

check_exit 65 'an excerpt that would close most units is refused' "$PLICO" units import "$samples/comuni.csv"
check_says 'and says how to go on' 'lacks 194 of the 283 units.*--partial.*--yes' "$PLICO" units import "$samples/comuni.csv"
check_same 'nothing was closed by it' 283 "$("$PLICO" units list --json | jq .count)"
check_same 'units diff tells it without asking' 'plico 89 0 1 194 88 0 0 0 0 0' \
    "$("$PLICO" units diff "$samples/comuni.csv" --json | counts)"
check_same 'its lines are cut to a screenful' 20 "$("$PLICO" units diff "$samples/comuni.csv" | grep -c '^[-+~] ')"
check_same 'unless all are asked for' 195 "$("$PLICO" units diff --all "$samples/comuni.csv" | grep -c '^[-+~] ')"
check_same '--yes closes them' 'plico 89 0 1 194 88 0 0 0 0 0' "$(import --yes "$samples/comuni.csv")"
check_same 'closed is not deleted' true "$(unit Stornara .closed)"
check_same 'and comes back with its list' 'istat 200 0 195 0 5 0 0 0 0 0' \
    "$(import --partial "$samples/istat_elenco_sample.csv")"

check_same 'NA is Napoli' Napoli "$("$PLICO" units list --province NA --json | jq -r '.units[0].province')"
check_same 'above and up to are exact' Cannobio \
    "$("$PLICO" units list --above 4999 --up-to 5000 --json | jq -r '.units[].name')"
check_exit 65 'a region with a typing error is told, not an empty list' "$PLICO" units list --region Piemunt
check_exit 65 'a name that several towns have is a question' "$PLICO" units show Samone
check_says 'with the towns in it' 'H753 Samone \(TO\), H754 Samone \(TN\)' "$PLICO" units show Samone
check_same 'a province tells them apart' H754 "$("$PLICO" units show Samone TN --json | jq -r .code)"
check_says 'the page of a unit has its history' 'municipality added' "$PLICO" units show Torino
check_says 'and who is written to' 'pec +protocol +ipa +ProtocolloGenerale@cert' "$PLICO" units show 001272
check_says 'a list has a line a unit' '^L219 +001272 +TO +848\.748 +Torino$' "$PLICO" units list --province Torino

sqlite3 plico.db "
INSERT INTO credential SELECT 'mappa-2024', id, 3, 'k1', x'00', 1760689800, NULL FROM unit WHERE code = 'L219';
INSERT INTO wave (id, edition, kind, state, form_version, planned_at, planned_by, filter) VALUES (1, 'mappa-2024', 'invitation', 'sending', 'v1', 1760689800, 'somebody', '');
INSERT INTO dispatch (edition, wave_id, unit_id, kind, sections, serial, address, channel, lang, message_id, state, reply, changed_at)
    SELECT 'mappa-2024', 1, id, 'invitation', 's1 s2', 3, 'p@torino.example', 'pec', 'it', 'x@y', 'sent', '250 ok', 1760689900 FROM unit WHERE code = 'L219';"
check_says 'its access code by number, never itself' '^  2025-10-17T08:30:00Z  mappa-2024  3$' "$PLICO" units show Torino
check_says 'its messages' '2025-10-17T08:31:40Z  mappa-2024  invitation  3  sent  p@torino.example  s1 s2  250 ok' "$PLICO" units show Torino
check_same 'the same in JSON' '3 sent' "$("$PLICO" units show L219 --json | jq -r '"\(.credentials[0].serial) \(.dispatches[0].state)"')"

# --- what is no list ---
printf 'a;b\n1;2\n' > other.csv
check_exit 65 'another table is refused' "$PLICO" units import other.csv
check_says 'with its columns' 'its columns are: a, b' "$PLICO" units import other.csv
check_exit 74 'a file that is not there is another matter' "$PLICO" units import nowhere.csv
iconv -f UTF-8 -t UTF-16 "$samples/comuni.csv" > utf16.csv
check_exit 65 'a file in UTF-16 is refused' "$PLICO" units import utf16.csv
check_says 'and says what to do' 'must be saved as CSV' "$PLICO" units import utf16.csv
printf 'istat_code,cadastral_code,name\n001272,L219,Torin\201\n' > bytes.csv
check_exit 65 'bytes of no encoding are refused' "$PLICO" units import --partial bytes.csv
check_exit 64 'no file at all is a wrong command' "$PLICO" units import

# --- bad rows ---
{
	head -n 3 "$samples/comuni.csv"
	printf '001241,H855,"Sangano\r\nBcc: evil@x.example",,Torino,TO,Piemonte,Nord-ovest,3686,"a@x.example>\r\nRCPT TO:<evil@x.example",10090,,,,\n'
	printf '001272,L219,"Torino ""x"" <evil@x.example>",,Torino,TO,Piemonte,Nord-ovest,1,"Torino <evil@x.example>",10121,,,,\n'
	printf '002011,B046,Borgo Vercelli,,Vercelli,VC,Piemonte,Nord-ovest,2,"a@x.example,evil@x.example",13012,,,,\n'
	printf '002158,L750\n'
	printf '999999,Z999,"Nuova, <evil@x.example>",,,,,,1,"""evil""@x.example",,,,,\n'
} > bad.csv
check_same 'bad rows stop no others' 'plico 7 0 2 0 3 2 0 0 0 0' "$(import --partial bad.csv)"
check_same 'each is a finding with its row' \
    'address-invalid:4 address-invalid:5 address-invalid:6 name-invalid:4 name-invalid:5 name-invalid:8 row-short:7' "$(findings)"
check_same 'what they smuggle is no address' 0 "$(sqlite3 plico.db "SELECT count(*) FROM contact WHERE address LIKE '%evil%'")"
check_same 'and no name' 0 "$(sqlite3 plico.db "SELECT count(*) FROM unit WHERE name LIKE '%@%' OR name LIKE '%<%' OR name LIKE '%,%'")"
check_exit 1 'under --strict findings are an exit status' "$PLICO" units import --partial --strict bad.csv
check_exit 0 'and no findings are none' "$PLICO" units import --partial --strict "$samples/comuni.csv"
