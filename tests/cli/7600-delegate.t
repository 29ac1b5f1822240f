#!/bin/sh
# plico delegate sheet: on which a mayor says who fills in what.
. "$SRCDIR/tests/lib.sh"
for program in pdftotext pdfinfo pdftk qpdf sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

export PLICO_WORKSPACE="$WORK/w"
check "a workspace" "$PLICO" init "$WORK/w"
check "the sample towns" "$PLICO" units import "$SRCDIR/samples/comuni.csv"
check_same "it says which file it wrote" mappa-2024_L219_delega.pdf "$("$PLICO" delegate sheet Torino)"
check "which is a sound PDF" qpdf --check mappa-2024_L219_delega.pdf
check_says "with its title" 'Title: +Mappa dei Comuni Digitali 2024 – Delega alla compilazione – Comune di Torino' \
	pdfinfo mappa-2024_L219_delega.pdf
pdftk mappa-2024_L219_delega.pdf dump_data_fields_utf8 > fields
check_same "three boxes for each section, and for whoever has the rest" 24 "$(grep -c 'FieldName: .*_\(nome\|ufficio\|email\)$' fields)"
check_says "each says what it asks" 'FieldNameAlt: E-mail \(5\. Servizi, applicazioni e dati\)' cat fields
check_says "it is signed as sheets are" 'FieldValue: delega' cat fields
sqlite3 "$WORK/w/plico.db" "UPDATE unit SET lang = 'sl+it' WHERE code = 'L424'"
check "in two languages" "$PLICO" delegate sheet L424 --out trst.pdf
check_says "both of them" 'Pooblastilo za izpolnjevanje' pdftotext -layout trst.pdf -
check_says "both of them" 'Delega alla compilazione' pdftotext -layout trst.pdf -
if /usr/bin/python3 -c 'import pikepdf, fontTools' 2> /dev/null; then
	check "accessible" "$SRCDIR/tests/tool/pdf_ua.py" mappa-2024_L219_delega.pdf trst.pdf
fi
check_exit 65 "an unknown town" "$PLICO" delegate sheet Atlantide

# --- on a person's word --------------------------------------------------------------------------------------------
# sections TOWN: who has which
sections() {
	"$PLICO" delegate list "$1" --json | jq -r '[.delegations[] | "\(.section):\(.email)"] | join(" ")'
}
check_says "nobody has a section at first" 'No section is given' "$PLICO" delegate list
check_exit 64 "an address is needed" "$PLICO" delegate set Torino --section s5
check_exit 64 "a sound one" "$PLICO" delegate set Torino --section s5 --email 'ced@@torino.example'
check_exit 64 "no second recipient" "$PLICO" delegate set Torino --section s5 --email 'a@torino.example, b@torino.example'
check_exit 64 "a section that is not there" "$PLICO" delegate set Torino --section s9 --email ced@torino.example
check_exit 65 "a town that is not there" "$PLICO" delegate set Atlantide --section s5 --email ced@torino.example
check_says "two sections" '2 sections changed' "$PLICO" delegate set Torino --section s4 --section s5 --email CED@Torino.example --name 'Ada Bianchi' --office CED
check_says "once more changes nothing" 'it is so already' "$PLICO" delegate set Torino --section s4 --section s5 --email CED@torino.example --name 'Ada Bianchi' --office CED
check_same "the list has them" "s4:CED@torino.example s5:CED@torino.example" "$(sections Torino)"
check_says "for people too" 'L219 Torino +s4 +Ada Bianchi +CED +CED@torino\.example' "$PLICO" delegate list Torino
check_says "a line break in a name is none" '1 section changed' "$PLICO" delegate set Torino --section s4 --email ced@torino.example --name 'Ada
Bianchi'
check_says "the rest" 'sections changed' "$PLICO" delegate set Torino --email segreteria@torino.example
check_exit 65 "then nothing is left to give" "$PLICO" delegate set Torino --email altri@torino.example
check_same "goes to whoever is named for it" "segreteria@torino.example ced@torino.example CED@torino.example" \
	"$("$PLICO" delegate list Torino --json |
		jq -r '[.delegations[] | select(.section == "s2", .section == "s4", .section == "s5").email] | join(" ")')"
check_says "one is taken back" '1 section changed' "$PLICO" delegate remove Torino --section s5 --note 'rinuncia'
check_same "and nobody's" 0 "$("$PLICO" delegate list Torino --json | jq '[.delegations[] | select(.section == "s5")] | length')"
check_says "then all" 'sections changed' "$PLICO" delegate remove Torino
check_same "all of them" "" "$(sections Torino)"
check_same "the history keeps what was" "$(sqlite3 "$WORK/w/plico.db" "SELECT count(*) FROM delegation")" \
	"$(sqlite3 "$WORK/w/plico.db" "SELECT count(*) FROM delegation WHERE withdrawn_at IS NOT NULL")"
check_same "with who and why" "$(id -un)|s5|rinuncia" \
	"$(sqlite3 "$WORK/w/plico.db" "SELECT actor, section, note FROM event WHERE what = 'delegation.withdrawn' AND note <> ''")"
check_same "a town with delegates has opened its letter" 1 "$("$PLICO" status --json | jq .in_progress)"
check_same "no person stands in the log, which can never be cleared" 0 \
	"$(sqlite3 "$WORK/w/plico.db" "SELECT count(*) FROM event WHERE what LIKE 'delegation.%' AND note LIKE '%@%'")"

# --- by the sheet ----------------------------------------------------------------------------------------------------
# come NUMBER FIELD=VALUE ...: Torino's delegation sheet, filled, comes by mail
come() {
	number=$1
	shift
	{
		printf '%%FDF-1.2\n1 0 obj << /FDF << /Fields ['
		for pair in "$@"; do
			printf '<< /T (%s) /V (%s) >>' "${pair%%=*}" "${pair#*=}"
		done
		printf '] >> >> endobj\ntrailer << /Root 1 0 R >>\n%%%%EOF\n'
	} > data.fdf
	pdftk mappa-2024_L219_delega.pdf fill_form data.fdf output filled.pdf
	{
		printf 'From: Sindaco <sindaco@torino.example>\nSubject: Delega\nContent-Type: application/pdf; name=d.pdf\n'
		printf 'Content-Transfer-Encoding: base64\n\n'
		base64 filled.pdf
	} > "$WORK/w/Maildir/new/$number.M1.host"
	"$PLICO" collect --once --json > out
}
printf '[mail]\nchannel = null\n' > "$WORK/w/plico.conf"
"$PLICO" wave plan > /dev/null 2>&1
"$PLICO" wave send > /dev/null 2>&1
"$PLICO" wave preview 1 --unit L219 --out shown --note prova > /dev/null
code=$(pdftotext shown/mappa-2024_L219_lettera.pdf - | grep -Eo '\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]\b' | head -n 1)
"$PLICO" delegate sheet Torino > /dev/null
come 1 sindaco=Sindaco s2_nome=Ada s2_email=ada@torino.example
check_same "without code it waits" "0 1" "$(jq -r '"\(.applied) \(.held)"' out)"
check_same "and nothing changes" "" "$(sections Torino)"
check_says "a person sees whom it names" 's2_email +ada@torino\.example' "$PLICO" quarantine show 1
check "and believes it" "$PLICO" quarantine accept 1 --note "sentito il Sindaco"
check_same "now it counts" s2:ada@torino.example "$(sections Torino)"
come 2 "plico_code=$code" sindaco=Sindaco s2_email=ugo@torino.example s3_nome=Eva s3_email=eva@torino s4_email=ced@torino.example
check_same "with the code at once" "1 0" "$(jq -r '"\(.applied) \(.held)"' out)"
check_same "each section for itself, no wrong address" "s2:ugo@torino.example s4:ced@torino.example" "$(sections Torino)"
check_same "what is wrong is a finding" s3_email \
	"$(sqlite3 "$WORK/w/plico.db" "SELECT question FROM finding WHERE return_id = 2")"
check_same "where it comes from is known" "return:2" "$("$PLICO" delegate list Torino --json | jq -r '.delegations[0].source')"
"$PLICO" status > /dev/null
check_same "its sections are delegated" "s2 s4" "$(sqlite3 "$WORK/w/plico.db" \
	"SELECT section FROM section_state WHERE state = 'delegated' ORDER BY section" | tr '\n' ' ' | sed 's/ $//')"
check "no export has them for answers" "$PLICO" export csv --out exported
check_same "as said" "" "$(grep -rl 'ugo@torino' exported)"

sed 's/^begin_group,s7,/begin_group,delega,/' "$WORK/w/forms/mappa-2024/survey.csv" > survey.csv
mv survey.csv "$WORK/w/forms/mappa-2024/survey.csv"
check_says "no section may have its name" 'the name of the delegation sheet' "$PLICO" forms check "$WORK/w/forms/mappa-2024"
