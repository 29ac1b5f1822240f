#!/bin/sh
# Hundreds of sound, damaged and hostile PDFs and mails, each with what must be said of it (tests/tool/hostile/verdicts.tsv): the
# reader survives all, in at most two seconds of processor time and 160 MiB each.
. "$SRCDIR/tests/lib.sh"
show=$(dirname "$PLICO")/t/tool/collect_show
case $PLICO in */asan/*) limited=no ;; *) limited=yes ;; esac # its shadow memory is not the reader's

/usr/bin/python3 "$SRCDIR/tests/tool/hostile" make made || exit 99
for what in read draw; do
	/usr/bin/python3 "$SRCDIR/tests/tool/hostile" "$what" made "$show" "$limited" > "$what.tap"
	check_same "the program that does so comes to its end: $what" 0 $?
	grep '^#' "$what.tap"
	sed -n 's/^\(n*o*t* *ok\) [0-9]* - /\1:/p' "$what.tap" > results
	while IFS=: read -r verdict name; do
		[ "$verdict" = ok ]
		result $? "$name"
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
"$show" --pdf --fields made/pdf/values.pdf | sed 1d > said
check "values of all encodings are read" diff -u values said
