#!/bin/sh
# plico answers print: what came from a unit, as a PDF that can be filed.
. "$SRCDIR/tests/lib.sh"
for program in pdftotext pdfinfo qpdf sqlite3; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done

export PLICO_CLOCK=2024-10-17T08:30:00Z PLICO_WORKSPACE="$WORK/w"
check "a workspace" "$PLICO" init "$WORK/w"
check "the sample towns" "$PLICO" units import "$SRCDIR/samples/comuni.csv"

# as collect leaves it: two sections, one with an error
sqlite3 "$WORK/w/plico.db" <<'SQL'
INSERT INTO message (id, sha256, size, source, received_at, state, class, sender, subject, reason) VALUES
	(1, 'aa01', 1, 'maildir:1', 1729000000, 'parsed', 'return', 'Ufficio Čakovec <u@comune.example>', 'Mappa', '');
INSERT INTO "return" (id, message_id, part, file_sha256, file_name, edition, unit_id, section, form_version, answers_sha256, state,
	reason, detail, received_at) VALUES
	(1, 1, 0, 'ff01', 'sezione 1.pdf', 'mappa-2024', (SELECT id FROM unit WHERE code = 'L219'), 's1', '', 'cc', 'applied', '', '',
	 1729000000),
	(2, 1, 1, 'ff02', '', 'mappa-2024', (SELECT id FROM unit WHERE code = 'L219'), 's7', '', 'dd', 'applied', '', '', 1729000000);
INSERT INTO answer (return_id, question, value) VALUES (1, 'q1_1_nome', 'Ada «però» 12 €'), (1, 'q1_2', 'altro'), (1, 'q1_6', 'OK'),
	(2, 'q7_2', 'risorse personale');
INSERT INTO finding (return_id, number, severity, code, question, text) VALUES
	(1, 0, 'error', 'required', 'q1_2_altro', '1.2: no answer');
SQL

text() { pdftotext -layout "$1" - | tr -s ' \n' ' '; }
check_same "it says which file it wrote" mappa-2024_L219_risposte.pdf "$("$PLICO" answers print Torino)"
check "which is a sound PDF" qpdf --check mappa-2024_L219_risposte.pdf
check_same "without fields" 0 "$(pdfinfo mappa-2024_L219_risposte.pdf | grep -c AcroForm)"
check_says "with its title" 'Title: +Risposte registrate – .*Torino' pdfinfo mappa-2024_L219_risposte.pdf
check_says "tagged" 'Tagged: +yes' pdfinfo mappa-2024_L219_risposte.pdf
text mappa-2024_L219_risposte.pdf > all
check_says "when it was made, in Rome" '17 ottobre 2024, ore 10:30' cat all
check_says "when the section came" 'Ricevuta: 15 ottobre 2024, ore 15:46' cat all
check_says "from which file" 'File: sezione 1.pdf, impronta SHA-256 ff01' cat all
check_says "a text as it is" 'Nome Ada «però» 12 €' cat all
check_says "a choice in words" 'Altro referente' cat all
check_says "a box that is ticked" 'Presa visione[^.]* sì' cat all
check_same "no character is lost" 0 "$(grep -c '?[^ ]' all)"
check_says "a ranking downwards" '1\. Risorse .* 2\. Carenza di personale' cat all
check_says "what is to be corrected" 'Da correggere: Scrivere' cat all
check_says "and what has not come" 'Non ancora ricevuta' cat all

check "the receipt of one section" "$PLICO" answers print L219 --receipt s1 --out r.pdf
text r.pdf > receipt
check_says "is called so" 'Ricevuta della sezione 1' cat receipt
check_same "and holds no other" 0 "$(grep -c 'ff02' receipt)"
check_exit 65 "no receipt for what has not come" "$PLICO" answers print L219 --receipt s2
check_exit 64 "nor for what is not asked" "$PLICO" answers print L219 --receipt s99
check_exit 65 "an unknown town" "$PLICO" answers print Atlantide
check "a town that has sent nothing gets a summary that says so" "$PLICO" answers print H855 --out none.pdf
check_says "section by section" 'Non ancora ricevuta' text none.pdf
if /usr/bin/python3 -c 'import pikepdf, fontTools' 2> /dev/null; then
	check "all of them are accessible" "$SRCDIR/tests/tool/pdf_ua.py" mappa-2024_L219_risposte.pdf r.pdf none.pdf
fi
