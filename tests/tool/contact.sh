#!/bin/sh
# Contact sheets of all pages of all sections, for large and small towns, in every language, to look at:
# contact.sh PLICO OUT [LANG ...] writes OUT/<size>-<lang>.png
set -eu

plico=$(realpath "$1")
out=$2
shift 2
[ $# -gt 0 ] || set -- it de fr sl de+it fr+it sl+it
mkdir -p "$out"
out=$(realpath "$out")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$plico" init "$work/w" > /dev/null
cat > "$work/w/plico.conf" <<- EOF
	[survey]
	deadline=2025-10-18
	help_phone=06 000 0000
	privacy_url=https://mappa.example/privacy
EOF

# sheet SIZE POPULATION LANG: the pages of all sections in a row of pictures
sheet() {
	pages=$work/$1-$3
	"$plico" forms render -w "$work/w" --population "$2" --lang "$3" --out "$pages" > /dev/null
	for file in "$pages"/*.pdf; do
		pdftoppm -r "${RESOLUTION:-50}" -png "$file" "${file%.pdf}"
	done
	montage "$pages"/*.png -tile "${COLUMNS_OF_PAGES:-7}x" -geometry +6+6 -background '#c8ccd0' "$out/$1-$3.png"
}

for lang in "$@"; do
	sheet large 25000 "$lang"
	sheet small 900 "$lang"
done
ls "$out"
