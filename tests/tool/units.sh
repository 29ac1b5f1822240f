#!/bin/sh
# units.sh ADDRESS...: a list of small invented towns in plico's own CSV, one for each address; "-" is a town without one.
# The first is Borgo A, code A001, then Borgo B, A002; the 27th is Borgo AA.
printf '%s\n' "$@" | awk '
BEGIN {
	print "istat_code,cadastral_code,name,name_other,province,province_code,region,area,population,pec,zip,tax_code,ipa_code,lat,lon"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
}
{
	name = ""
	for (n = NR; n > 0; n = int((n - 1) / 26))
		name = substr(letters, (n - 1) % 26 + 1, 1) name
	printf "%06d,%s%03d,Borgo %s,,Torino,TO,Piemonte,Nord-ovest,%d,%s,10010,,,,\n", 1000 + NR,
		substr(letters, int(NR / 1000) + 1, 1), NR % 1000, name, 900 + NR, $0 == "-" ? "" : $0
}'
