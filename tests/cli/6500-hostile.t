#!/bin/sh
# Hundreds of sound, damaged and hostile PDFs and mails, each with what must be said of it. The reader survives all.
. "$SRCDIR/tests/lib.sh"
show=$(dirname "$PLICO")/t/tool/collect_show

python3 "$SRCDIR/tests/tool/hostile" "$WORK" || exit 99
(cd pdf && "$show" --pdf $(cut -f1 ../pdf.tsv)) > pdf.out
check_same "the reader survives all PDFs" 0 $?
(cd mail && "$show" $(cut -f1 ../mail.tsv)) > mail.out
check_same "the reader survives all mails, some of which it refuses" 65 $?

for kind in pdf mail; do
	python3 "$SRCDIR/tests/tool/hostile" --verify "$kind.tsv" "$kind.out" > "$kind.tap"
	grep '^#' "$kind.tap"
	sed -n 's/^\(n*o*t* *ok\) [0-9]* - /\1:/p' "$kind.tap" > results
	while IFS=: read -r verdict name; do
		[ "$verdict" = ok ]
		result $? "$kind: $name"
	done < results
done

cat > values <<'END'
  control=a\313\231[31m\357\277\275b
  doc=perch\303\251 \342\202\254
  list=uno\ndue
  little=A\304\215
  lone=A\357\277\275B
  name=si
  none=
  number=12.5
  utf16=\303\250\n\304\215\360\237\230\200
  utf8=\303\250
END
"$show" --pdf --fields pdf/values.pdf | sed 1d > said
check "values of all encodings are read" diff -u values said
