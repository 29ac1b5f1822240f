#!/bin/sh
# plico forms export and import: a form as a spreadsheet and back; other projects' forms; files that are none.
. "$SRCDIR/tests/lib.sh"

mappa=$SRCDIR/forms/mappa-2024
data=$SRCDIR/tests/data/xlsform

# findings FILE JQ: of an import that may fail
findings() {
	rm -rf scratch
	"$PLICO" forms import "$1" scratch --json 2> .said | jq -r "$2"
}

# --- there and back

check "the shipped form as a spreadsheet" "$PLICO" forms export "$mappa" mappa.xlsx
check "and back" "$PLICO" forms import mappa.xlsx back
check "byte for byte" diff -r "$mappa" back
for form in "$SRCDIR"/forms/*/ "$SRCDIR/tests/data/forms/all-types"; do
	"$PLICO" forms export "$form" one.xlsx --force > .said 2>&1 && "$PLICO" forms import one.xlsx one --force >> .said 2>&1
	check "${form#"$SRCDIR/"}: there and back" diff -r "$form" one
done
rm -r one one.xlsx
check "the same form gives the same bytes" "$PLICO" forms export back again.xlsx
check "whenever it is written" cmp mappa.xlsx again.xlsx
check_exit 64 "a file that is there is not written over" "$PLICO" forms export "$mappa" mappa.xlsx
check "but with --force" "$PLICO" forms export "$mappa" mappa.xlsx --force
check_exit 64 "a name that says otherwise" "$PLICO" forms export "$mappa" mappa.csv
check_exit 74 "a folder that is not there" "$PLICO" forms export nowhere x.xlsx

# another program's eyes
check "openpyxl finds all cells, as texts, under a bold head that stays" /usr/bin/python3 - "$mappa" <<'EOF'
import csv, sys, openpyxl
book = openpyxl.load_workbook('mappa.xlsx')
assert book.sheetnames == ['survey', 'choices', 'settings'], book.sheetnames
for sheet in book:
    rows = list(csv.reader(open('%s/%s.csv' % (sys.argv[1], sheet.title), encoding='utf-8', newline='')))
    assert sheet.freeze_panes == 'A2', sheet.freeze_panes
    assert (sheet.max_row, sheet.max_column) == (len(rows), len(rows[0])), sheet.title
    for r, row in enumerate(rows, 1):
        for c, text in enumerate(row, 1):
            cell = sheet.cell(r, c)
            assert (cell.value or '') == text, (sheet.title, cell.coordinate, cell.value, text)
            assert cell.value is None or cell.data_type == 's', cell.coordinate
            assert cell.value is None or cell.number_format == "@", cell.coordinate
            assert r > 1 or cell.font.b, cell.coordinate
    assert sheet.column_dimensions["A"].width >= 12
EOF

/usr/bin/python3 - "$mappa" <<'EOF'
import csv, sys, openpyxl
book = openpyxl.Workbook()
book.remove(book.active)
for name in 'settings', 'survey', 'choices':
    sheet = book.create_sheet(name)
    for row in csv.reader(open('%s/%s.csv' % (sys.argv[1], name), encoding='utf-8', newline='')):
        sheet.append([cell or None for cell in row])
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                cell.data_type = 's'
book.save('foreign.xlsx')
EOF
check "what openpyxl wrote is read" "$PLICO" forms import foreign.xlsx foreign
check "byte for byte too" diff -r "$mappa" foreign

# --- where it is written

cp -r back kept && echo note > kept/README.md && echo old > kept/survey.csv
check_exit 64 "a form that is there is not replaced" "$PLICO" forms import mappa.xlsx kept
check_same "and stays as it is" old "$(cat kept/survey.csv)"
check "with --force it is" "$PLICO" forms import mappa.xlsx kept --force
check_same "and other files stay" note "$(cat kept/README.md)"
rm kept/README.md
check "nothing else is there" diff -r "$mappa" kept
mkdir deep && mkdir deep/inner
check_exit 64 "a folder that holds folders is no form's" "$PLICO" forms import mappa.xlsx deep
check_exit 64 "nor is a file" "$PLICO" forms import mappa.xlsx mappa.xlsx --force
mkdir empty
check "an empty folder is" "$PLICO" forms import mappa.xlsx empty
check "parents are made" "$PLICO" forms import mappa.xlsx new/deep/form
check_same "no scraps" "again.xlsx back deep empty foreign foreign.xlsx kept mappa.xlsx new" "$(echo *)"
check_exit 74 "a file that is not there" "$PLICO" forms import nowhere.xlsx x

# --- words of older forms, and what small forms leave out

for kind in csv md; do
	check_exit 0 "the smallest form, as $kind" "$PLICO" forms import "$data/pyxform/yes_or_no_question.$kind" "small.$kind"
	check_exit 0 "is in order, as $kind" "$PLICO" forms check "small.$kind" --strict
done
check "the same from both" diff -r small.csv small.md
check_same "in the words of today" \
	"type,name,label::English (en)|begin_group,s1,yes_or_no_question|select_one yes_or_no,good_day,have you had a good day today?|end_group,,|" \
	"$(tr '\n' '|' < small.csv/survey.csv)"
check_says "old words are named with their present form" \
	'^warning: yes_or_no_question\.md: survey!B3 \(type\): «select one from yes_or_no» is of older forms: write select_one yes_or_no$' \
	"$PLICO" forms import "$data/pyxform/yes_or_no_question.md" small.again
check_exit 0 "thousands of empty columns" "$PLICO" forms import "$data/odd/extra_columns.xlsx" columns
check_same "are nothing" "type,name,label" "$(head -1 columns/survey.csv)"
check_exit 1 "a warning counts under --strict" "$PLICO" forms import "$data/odd/extra_sheet_names.xlsx" sheets --strict
check_says "a mistyped sheet" '^warning: extra_sheet_names\.xlsx: stettings: the sheet is not read; is settings meant\?$' \
	"$PLICO" forms import "$data/odd/extra_sheet_names.xlsx" sheets --force
check_says "another one" '^warning: extra_sheet_names\.xlsx: my_sheet: the sheet is not read: a form has' \
	"$PLICO" forms import "$data/odd/extra_sheet_names.xlsx" sheets --force

check_exit 0 "choices that depend on others, some with several rows" \
	"$PLICO" forms import "$data/pyxform/choice_filter_test.xlsx" cascade
check_exit 0 "are in order" "$PLICO" forms check cascade --strict
check_same "and all rows are kept" 15 "$(wc -l < cascade/choices.csv)"
check_exit 0 "a value in a label, from a table that is not there" "$PLICO" forms import "$data/pyxform/pull_data.xlsx" pull
check_exit 65 "is asked for before the form is used" "$PLICO" forms check pull
check_says "by its name" 'error: survey\.csv, row 3, column calculation: .*put fruits\.csv into the form.s folder' \
	"$PLICO" forms check pull
printf 'name,price\nmango,3\n' > pull/fruits.csv
check_exit 0 "with the table the form is in order" "$PLICO" forms check pull --strict
mkdir both && cp "$data/pyxform/pull_data.xlsx" pull/fruits.csv both
check "a table beside the workbook comes along" "$PLICO" forms import both/pull_data.xlsx pulled
check "as it is" cmp both/fruits.csv pulled/fruits.csv

# --- refused, each with its reason

# refused FILE SENTENCE ...: exit status 65, nothing written, and each sentence (an extended regular expression) is said
refused() {
	file=$1
	shift
	check_exit 65 "${file#"$data/"}: is refused" "$PLICO" forms import "$file" refused
	check "${file#"$data/"}: nothing is written" test ! -e refused
	for sentence; do
		check_says "${file#"$data/"}: $sentence" "$sentence" "$PLICO" forms import "$file" refused
	done
}

refused "$data/pyxform/table-list.xls" 'table-list\.xls: an Excel file of before 2007 \(\.xls'
refused "$data/odd/ole2-under-xlsx-name.xlsx" 'ole2-under-xlsx-name\.xlsx: an Excel file of before 2007 \(\.xls'
refused "$data/odd/survey_no_name.xlsx" 'survey_no_name\.xlsx: there is no sheet survey; there is Sheet1'
refused "$data/odd/duplicate_columns.xlsx" \
	'error: duplicate_columns\.xlsx: survey!E1 \(label\): columns D and E say the same'
refused "$data/pyxform/or_other.xlsx" \
	"error: or_other\.xlsx: survey!A2 \(type\): or_other .*give the list a choice altro, and add a row text .*'altro'\)" \
	'warning: or_other\.xlsx: choices!A1 \(list name\): .*write list_name'
refused "$data/pyxform/widgets.csv" \
	'widgets\.csv: survey!F2 \(bind:constraint\): .*write constraint$' \
	'widgets\.csv: survey!J2 \(bind:relevant\): .*write relevant$' \
	'widgets\.csv: survey!B3 \(type\): «string» .*write text$' \
	'widgets\.csv: survey!B4 \(type\): «int» .*write integer$' \
	'widgets\.csv: survey!B9 \(type\): «select one from list2» .*write select_one list2$' \
	'error: widgets\.csv: survey!B12 \(type\): «geopoint» is not read'
refused "$data/pyxform/xlsform_spec_test.xlsx" \
	'error: .*survey!A15 \(type\): a sheet has a fixed number of rows and cannot repeat' \
	'error: .*survey!S1 \(image\): a sheet of paper has no pictures'
refused "$data/multilang/socio-economic-survey.xlsx" \
	'error: .*survey!P1 \(repeat_count\): a sheet has a fixed number of rows' \
	'error: .*survey!Q1 \(image\): a sheet of paper has no pictures'
refused "$data/rank/all-question-types.xlsx" \
	'error: .*survey!A[0-9]+ \(type\): «range» is not read' \
	'error: .*survey!A[0-9]+ \(type\): «select_one_from_file» is not read'
check_same "rank is read" 0 "$(findings "$data/rank/all-question-types.xlsx" \
	'[.findings[] | select(.text | startswith("«rank"))] | length')"
for kind in xlsx csv md; do
	refused "$data/odd/case_insensitivity.$kind" \
		'warning: .*: ENTITIES: the sheet is not read' 'warning: .*: OSM: the sheet is not read' \
		'error: .*: SURVEY![AB][0-9]+ \(type\): «osm» is not read'
	findings "$data/odd/case_insensitivity.$kind" '.findings[] | "\(.severity) \(.code) \(.text)"' > "case.$kind"
done
check "the same findings from all three" sh -c 'cmp case.xlsx case.csv && cmp case.xlsx case.md'
