# Turns blocks headed `-- name: NAME` into X(NAME, "sql") lines. A name twice, or SQL before a name, stops the build.
function flush() { if (name != "") printf "X(%s, \"%s\")\n", name, text; text = "" }
function stop(what) { printf "%s:%d: %s\n", FILENAME, FNR, what > "/dev/stderr"; failed = 1; exit 1 }
FNR == 1 { flush(); name = "" }
/^-- name: / {
	flush(); name = $3
	if (name in seen) stop("the name " name " stands twice")
	seen[name] = 1; next
}
/^[ \t]*(--.*)?$/ { next }
name == "" { stop("SQL before any `-- name:`") }
{ sub(/[ \t]+--.*$/, ""); gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); sub(/^[ \t]+/, ""); text = text (text == "" ? "" : " ") $0 }
END { if (!failed) flush() }
