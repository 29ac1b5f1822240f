#!/bin/sh
# A sheet of some questions to correct that was printed: read where all of it is certain, otherwise typed in by a person, and merged as the
# filled file would have been.
. "$SRCDIR/tests/lib.sh"
for program in pdftk pdftoppm pdftocairo pdftotext convert sqlite3 jq; do
	command -v "$program" > /dev/null || skip_all "$program is not installed"
done
tool=$SRCDIR/tests/tool

export PLICO_WORKSPACE=$WORK/w
"$PLICO" init w > init.out || exit 99
printf '[mail]\nchannel = dir\n' > w/plico.conf
grep -E '^istat|,C860,' "$SRCDIR/samples/comuni.csv" > one.csv
"$PLICO" units import one.csv > import.out && "$PLICO" wave plan > plan.out && "$PLICO" wave send > send.out || exit 99
query() {
	sqlite3 w/plico.db "$1"
}
"$PLICO" wave preview 1 --unit C860 --out shown --note prova > preview.out
code=$(pdftotext shown/mappa-2024_C860_lettera.pdf - | grep -Eo '\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]\b' | head -n 1)
fill() { # IN OUT FIELD=VALUE ...
	from=$1 to=$2
	shift 2
	for pair; do
		printf '%s\n' "$pair"
	done | jq -R 'capture("^(?<name>[^=]*)=(?<value>.*)$") + {kind: "text"}' | jq -s . > fields.json
	/usr/bin/python3 "$tool/clients/fdf.py" fdf fields.json data.fdf && pdftk "$from" fill_form data.fdf output "$to" 2> pdftk.out || exit 99
}
arrive() { # FILE: what became of it
	/usr/bin/python3 "$tool/container.py" attached mail.eml "$1"
	cp mail.eml w/Maildir/new/one
	"$PLICO" collect --once > collect.out
	query "SELECT section || ':' || state || CASE WHEN reason <> '' THEN ':' || reason ELSE '' END FROM \"return\" ORDER BY id DESC LIMIT 1"
}
scan() { # IN OUT
	rm -f page-*
	pdftoppm -r 150 -gray "$1" page && for page in page-*.pgm; do
		convert "$page" -rotate 0.7 -quality 80 "${page%.pgm}.jpg"
	done
	/usr/bin/python3 "$tool/scanned.py" "$2" 150 page-*.jpg
}
last() { query 'SELECT max(id) FROM "return"'; }
counted() { # the answers that count
	query "SELECT question || '=' || value FROM answer AS a JOIN \"return\" AS r ON r.id = a.return_id WHERE r.state = 'applied' ORDER BY question"
}
said() {
	counted | sed -n "s/^$1=//p"
}

needs=
for row in base sicurezza cloud documentale piattaforme pdnd dati procurement progettazione privacy; do
	needs="$needs q2_8_$row=medio"
done
# shellcheck disable=SC2086
fill shown/mappa-2024_C860_sezione_2.pdf two.pdf "plico_code=$code" q2_1=interna "q2_2=circa dodici" q2_3=4,5 q2_4__dirigente=si q2_5=si \
	q2_6=tecnico q2_7=dirigente $needs
check_same "a sheet with errors counts as far as it goes" "s2:applied" "$(arrive two.pdf)"
"$PLICO" wave send --once > send.out
/usr/bin/python3 - w/outbox/mappa-2024.C860.correction.*.eml << 'END'
import email, email.policy, pathlib, sys
message = email.message_from_bytes(pathlib.Path(sys.argv[1]).read_bytes(), policy=email.policy.default)
for part in message.iter_attachments():
    pathlib.Path(part.get_filename()).write_bytes(part.get_content())
END
correction=mappa-2024_C860_correzioni_2.pdf

# --- scanned ----------------------------------------------------------------------------------------------------------------------
fill "$correction" right.pdf "plico_code=$code" q2_2=12 q2_8_ia=alto
scan right.pdf scan.pdf
before=$(counted)
check_same "a scan of the correction waits for a person" "s2:quarantined:scanned" "$(arrive scan.pdf)"
scanned=$(last)
check_same "and changes nothing until then" "$before" "$(counted)"
check_exit 65 "it is not accepted unread" "$PLICO" quarantine accept "$scanned"
check "it is put before a person" "$PLICO" quarantine enter "$scanned" --out desk
check_same "with its questions alone" "$(pdftk "$correction" dump_data_fields_utf8 | sed -n 's/^FieldName: \(q.*\)/\1/p' | sort -u)" \
	"$(grep -o ' name="q[^"]*"' desk/index.html | cut -d'"' -f2 | sort -u)"
check "and their pieces of paper" grep -q 'class="paper"' desk/index.html
fill desk/sheet.pdf typed.pdf q2_2=12 q2_8_ia=alto
check "what was typed in counts" "$PLICO" quarantine accept "$scanned" --values typed.pdf
check_same "over the former answers" "12 alto" "$(said q2_2) $(said q2_8_ia)"
check_same "the others stay" "interna 4.5 dirigente medio" "$(said q2_1) $(said q2_3) $(said q2_7) $(said q2_8_base)"
typed=$(counted)
check_same "it is known on what it rests, and what it corrects" "1 1" \
	"$(query "SELECT base, correction FROM \"return\" WHERE id = $scanned" | tr '|' ' ')"
check_same "the very file says the same" "s2:duplicate" "$(arrive right.pdf)"

# --- printed to a file, and certain --------------------------------------------------------------------------------------------------
fill "$correction" later.pdf "plico_code=$code" q2_2=13 q2_8_ia=basso
pdftocairo -pdf later.pdf flat.pdf
check_same "one that is text is read" "s2:applied" "$(arrive flat.pdf)"
check_same "and merged" "$(echo "$typed" | sed 's/^q2_2=.*/q2_2=13/; s/^q2_8_ia=.*/q2_8_ia=basso/')" "$(counted)"

# --- other answers have come meanwhile -----------------------------------------------------------------------------------------------
fill "$correction" third.pdf "plico_code=$code" q2_2=14 q2_8_ia=nullo
scan third.pdf third-scan.pdf
check_same "another scan waits" "s2:quarantined:scanned" "$(arrive third-scan.pdf)"
third=$(last)
# shellcheck disable=SC2086
fill shown/mappa-2024_C860_sezione_2.pdf old.pdf q2_1=esterna
check "the desk is made before" "$PLICO" quarantine enter "$third" --out desk3
fill desk3/sheet.pdf typed3.pdf q2_2=14 q2_8_ia=nullo
check_exit 65 "what is typed from another sheet is refused" "$PLICO" quarantine accept "$third" --values old.pdf
check "it is merged into what counts by then" "$PLICO" quarantine accept "$third" --values typed3.pdf
check_same "not into what it was printed with" "$(echo "$typed" | sed 's/^q2_2=.*/q2_2=14/; s/^q2_8_ia=.*/q2_8_ia=nullo/')" "$(counted)"
# shellcheck disable=SC2086
fill shown/mappa-2024_C860_sezione_2.pdf anew.pdf "plico_code=$code" q2_1=esterna q2_2=1 q2_3=2 q2_4__dirigente=si q2_5=si q2_6=tecnico \
	q2_7=segretario $needs q2_8_ia=basso
fill "$correction" fourth.pdf "plico_code=$code" q2_2=15
scan fourth.pdf fourth-scan.pdf
arrive fourth-scan.pdf > fate
"$PLICO" quarantine enter "$(last)" --out desk4 > enter.out
fill desk4/sheet.pdf typed4.pdf q2_2=15
check_same "a whole sheet after it" "s2:applied" "$(arrive anew.pdf)"
check_exit 65 "is not pushed aside by the older correction" "$PLICO" quarantine accept "$(($(last) - 1))" --values typed4.pdf
check "all of it can be made again" "$PLICO" rebuild --check
