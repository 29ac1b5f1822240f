#!/bin/sh
# Which town is written to in which language, and what it then gets.
. "${SRCDIR:?}/tests/lib.sh"

plico() {
	"$PLICO" -w w "$@"
}

lang() {
	plico units show "$1" --json | jq -r .lang
}

# configure KEYS: the configuration, with loopback folders for mail
configure() {
	printf '[mail]\nchannel = dir\ndir = letters\n%s\n' "$1" > w/plico.conf
}

"$PLICO" init w > /dev/null || exit 99
configure ''
plico units import "$SRCDIR/samples/comuni.csv" > /dev/null || exit 99

# --- who ----------------------------------------------------------------------------------------------------------------
check_same 'the province of Bolzano is written to in German and Italian' de+it "$(lang B160)"
check_same "Valle d'Aosta in Italian and French" it+fr "$(lang I442)"
check_same 'the towns of the Slovene minority in Italian and Slovene' 'it+sl it+sl' "$(lang D383) $(lang L424)"
check_same 'their neighbours in Italian' it "$(lang C556)"
check_says 'a town is shown with its language, and why' 'Language +de\+it, by survey.languages' plico units show B160
configure '[survey]
languages = B160 C556=it+de; BZ=de'
check_same 'the rules can be others, and the first counts' 'it+de it+de de it' \
	"$(lang B160) $(lang C556) $(lang D048) $(lang I442)"
configure '[survey]
languages = Bolzano=de'
check_exit 78 'a rule that names no province is an error of the configuration' plico units show B160
check_says 'that says where and what' 'plico.conf: survey.languages: .Bolzano.' plico units show B160
configure ''
printf 'istat_code,cadastral_code,name,lang\n021011,B160,Bressanone,it\n001090,C860,Collegno,sl+it\n' > own.csv
check 'a list can say the language of a town' plico units import --partial own.csv
check_same 'and goes before the rules' 'it sl+it' "$(lang B160) $(lang C860)"
check_says 'which is shown too' 'Language +it, as its list says' plico units show B160

# --- what it gets -------------------------------------------------------------------------------------------------------
python3 - <<'END'
import csv, pathlib
for name in "survey", "choices":
    path = pathlib.Path(f"w/forms/mappa-2024/{name}.csv")
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    kept = [i for i, title in enumerate(rows[0]) if not title.endswith("(sl)")]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row[i] for i in kept] for row in rows)
END
echo 'D048 D383 D338 C860 L424' | tr ' ' '\n' > list.txt
check_says 'a questionnaire that is not there in a language is told when a wave is planned' \
	'is not there in sl: sheets ask in it' plico wave plan --list list.txt
check_same 'a dispatch keeps its language' 'C860 sl+it;D048 de+it;D338 it+fr;D383 it+sl;L424 it+sl;' "$(sqlite3 w/plico.db \
	"SELECT u.code || ' ' || d.lang FROM dispatch d JOIN unit u ON u.id = d.unit_id ORDER BY u.code" | tr '\n' ';')"
check 'preview' plico wave preview 1 --unit D048 --unit D338 --unit D383 --out shown
pdftotext -layout shown/mappa-2024_D048_lettera.pdf german.txt
pdftotext -layout shown/mappa-2024_D338_lettera.pdf french.txt
pdftotext -layout shown/mappa-2024_D383_lettera.pdf slovene.txt
check_same 'the German letter stands before the Italian one' 'Zugangscode Codice' \
	"$(grep -oE 'Zugangscode der Gemeinde Kurtatsch|Codice di accesso del Comune di Cortaccia' german.txt | awk '{ print $1 }' | paste -sd ' ')"
check_says 'the pages are counted through' 'Pagina 4 di 4' cat german.txt
check_says 'in Valle d’Aosta the mayor is the syndic' 'Au Syndic' cat french.txt
check_says 'of the Commune, by its rules' 'Commune de Donnas \(AO\)' cat french.txt
check_says 'in Slovene too' 'Občina Devin Nabrežina' cat slovene.txt
cat > read.py <<'END'
import email, email.policy, pathlib, sys
for path in pathlib.Path("shown").glob("*.eml"):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if sys.argv[1] in path.name:
        assert len(message["Subject"]) <= 64
        print(message["Subject"])
        print(message.get_body(("plain",)).get_content())
END
check_says 'the subject is in the first language' '^Mappa dei Comuni Digitali: Formulare für Kurtatsch' python3 read.py D048
check_says 'the text in both' 'Gentile Sindaco' python3 read.py D048
check_says 'the German one polite' 'Sehr geehrte Frau Bürgermeisterin' python3 read.py D048

# --- what is missing ----------------------------------------------------------------------------------------------------
rm w/mailtemplates/fr/invitation.md
echo I442 > more.txt
plico wave plan --list more.txt --json > out
check_same 'a text that a language lacks is told when a wave is planned' \
	'text-missing mailtemplates/fr/invitation.md' "$(jq -r '.findings[] | select(.code == "text-missing") | .code + " " + .place' out)"
check 'a preview of it' plico wave preview 2 --out lacking
check_same 'then the Italian one goes out, once' 1 "$(python3 - <<'END'
import email, email.policy, pathlib
[path] = pathlib.Path("lacking").glob("*.eml")
message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
print(message.get_body(("plain",)).get_content().count("Gentile Sindaco"))
END
)"
echo '{parola}' >> w/mailtemplates/sl/invitation.md
echo I479 > third.txt
check_says 'a fault in the text of one language stops the plan' 'sl/invitation.md:.*parola' plico wave plan --list third.txt

# --- sheets -------------------------------------------------------------------------------------------------------------
check 'sheets of a town are in its languages' plico forms render --unit D048 --out sheets
check_says 'both names of the town' 'Gemeinde Kurtatsch an der Weinstraße / Comune di Cortaccia sulla strada del vino' \
	pdftotext -layout sheets/mappa-2024_D048_sezione_3.pdf -
check_exit 64 'a language that is none' plico forms render --lang en --out sheets
