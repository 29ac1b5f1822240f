#!/bin/sh
# plico delegate sheet: on which a mayor says who fills in what.
. "$SRCDIR/tests/lib.sh"
for program in pdftotext pdfinfo pdftk qpdf sqlite3; do
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
sed 's/^begin_group,s7,/begin_group,delega,/' "$WORK/w/forms/mappa-2024/survey.csv" > survey.csv
mv survey.csv "$WORK/w/forms/mappa-2024/survey.csv"
check_says "no section may have its name" 'the name of the delegation sheet' "$PLICO" forms check "$WORK/w/forms/mappa-2024"
