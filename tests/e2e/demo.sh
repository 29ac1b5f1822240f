#!/bin/sh
# make demo: demo.sh PLICO DIR plays a whole campaign with the sample towns on this machine and leaves in DIR what there is
# to look at: the letter and three sheets of one town, and where the survey stands.
set -eu
plico=$1 dir=$2
export LC_ALL=C.UTF-8 LANGUAGE=it
unset PLICO_WORKSPACE PLICO_CLOCK
prova=$dir/prova
mkdir -p "$dir"
rm -f "$dir"/*.pdf "$dir"/*.png "$dir"/*.txt

echo "Una campagna intera su questa macchina: 89 Comuni veri, indirizzi inventati, nessun messaggio esce da qui."
echo
"$plico" rehearse --units 89 --seed 2369 "$prova" | tee "$dir/prova.txt"
echo
"$plico" -w "$prova" status | tee "$dir/stato.txt"
echo >> "$dir/stato.txt"
"$plico" -w "$prova" status --by size >> "$dir/stato.txt"

cp "$prova/examples/lettera.pdf" "$dir/lettera.pdf"
cp "$prova/examples/sezione_2.pdf" "$dir/sezione_2.pdf"
cp "$prova/examples/sezione_5_compilata.pdf" "$prova/examples/sezione_7_compilata.pdf" "$dir"
if command -v pdftoppm > /dev/null; then
	for pdf in "$dir"/*.pdf; do
		pdftoppm -r 80 -png "$pdf" "${pdf%.pdf}"
	done
fi

cat <<END

Da guardare in $dir:
  lettera.pdf               la lettera al Sindaco, con il codice di accesso
  sezione_2.pdf             un modulo come arriva al Comune
  sezione_5_compilata.pdf   due moduli come tornano
  sezione_7_compilata.pdf
  stato.txt                 a che punto è la rilevazione, anche per classe di popolazione
  prova/                    lo spazio di lavoro: $plico -w $prova status --by region
END
if [ -e "$dir/lettera-1.png" ]; then
	echo "Le pagine sono anche immagini PNG: lettera-1.png e le altre."
fi
