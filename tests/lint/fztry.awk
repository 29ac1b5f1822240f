# mupdf throws by longjmp: inside fz_try no return, goto or break may leave the block, and no g_auto* variable may be declared.
#   awk -f fztry.awk $(find src -name '*.c')
# It leans on the format: the block closes at the column where fz_try stands.
FNR == 1 { inside = 0 }
/^\t*fz_try/ { match($0, /^\t*/); depth = RLENGTH; inside = 1; loops = 0; next }
inside && /^\t*\}/ { match($0, /^\t*/); if (RLENGTH == depth) { inside = 0; next } }
inside && /(^|[^_a-z])(for|while|switch) *\(/ { loops++ }
inside && (/(^|[^_a-z])(return|goto)([^_a-z]|$)/ || (!loops && /(^|[^_a-z])break;/) || /g_auto/) {
	printf "%s:%d: leaves or owns inside fz_try: %s\n", FILENAME, FNR, $0; bad++
}
END { exit bad > 0 }
