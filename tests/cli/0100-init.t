#!/bin/sh
# plico init, and what every verb says of a workspace that is not in order.
. "${SRCDIR:?}/tests/lib.sh"

mode() {
	stat -c %a "$1"
}

check 'a workspace is made, with the folders above it' "$PLICO" init deep/w
cd deep/w || exit 99
for folder in archive keys outbox forms mailtemplates Maildir/cur Maildir/new Maildir/tmp; do
	case $folder in
	mailtemplates) [ -d "$SRCDIR/mailtemplates" ] || continue ;;
	esac
	check "it has $folder" test -d "$folder"
	check_same "that nobody else reads: $folder" 700 "$(mode "$folder")"
done
check_same 'a key that nobody else reads' 400 "$(mode keys/k1.key)"
check_same 'of 32 bytes' 32 "$(stat -c %s keys/k1.key)"
check_same 'a configuration that nobody else reads' 600 "$(mode plico.conf)"
check_same 'a database that nobody else reads' 600 "$(mode plico.db)"
check 'the questionnaire as it is shipped' cmp forms/mappa-2024/survey.csv "$SRCDIR/forms/mappa-2024/survey.csv"
check_same 'the configuration is all comments' '' "$(grep -Ev '^(#|\[|$)' plico.conf)"
check 'all of it is in order' "$PLICO" config check
check_same 'the database is sound' ok "$(sqlite3 plico.db 'PRAGMA integrity_check')"

before=$(cksum keys/k1.key)
check_exit 64 'a second init is refused' "$PLICO" init .
check_same 'and changes no key' "$before" "$(cksum keys/k1.key)"

cd "$WORK" || exit 99
"$PLICO" init other > /dev/null
check 'two workspaces have two keys' sh -c '! cmp -s deep/w/keys/k1.key other/keys/k1.key'
check 'a verb finds its workspace by -w before it' "$PLICO" -w other config check
check 'and behind it' "$PLICO" config check -w other
check 'and by the environment' env PLICO_WORKSPACE=other "$PLICO" config check
check_exit 78 'no workspace here' "$PLICO" config check
check_says 'is told what to do' 'plico init DIR' "$PLICO" config check

# --- a configuration with mistakes ---
printf '[smtp]\nprot=25\n' > other/plico.conf
check_exit 78 'an unknown key is refused' "$PLICO" -w other config show
check_says 'with file, group and key' 'other/plico.conf: \[smtp\] prot: unknown key' "$PLICO" -w other config show
printf '[mail]\nchannel=pigeon\n' > other/plico.conf
check_says 'a wrong choice is told the right ones' 'one of smtp\|dir\|null' "$PLICO" -w other config show
printf '[smtp]\nport=2525\n' > other/plico.conf
check_same 'a set value is shown' 2525 "$("$PLICO" -w other config show --json | jq -r '."smtp.port"')"

# --- keys and database ---
chmod 440 other/keys/k1.key
check_exit 78 'a key that others read is refused' "$PLICO" -w other config check
chmod 400 other/keys/k1.key
sqlite3 other/plico.db 'PRAGMA user_version = 9999'
check_exit 78 'the database of a newer plico is refused' "$PLICO" -w other config check
check_says 'with what to do' 'made by a newer plico \(schema 9999' "$PLICO" -w other config check
rm -f other/plico.db*
echo 'no database' > other/plico.db
check_exit 65 'a file that is no database is refused' "$PLICO" -w other config check
rm other/plico.db
sqlite3 other/plico.db 'CREATE TABLE stranger (x)'
check_exit 65 "another program's database is refused" "$PLICO" -w other config check
check_same 'and left as it is' stranger "$(sqlite3 other/plico.db "SELECT group_concat(name) FROM sqlite_schema")"

# --- a full disk, for which the limit on the size of files stands ---
check_exit 74 'a disk that is full is said to be' \
    sh -c "trap '' XFSZ; ulimit -f 100; exec \"\$PLICO\" -w deep/w units import '$SRCDIR/samples/istat_elenco_sample.csv'"
check_same 'nothing of it is left' 0 "$("$PLICO" -w deep/w units list --json | jq .count)"
check_same 'and the database is sound' ok "$(sqlite3 deep/w/plico.db 'PRAGMA integrity_check')"
check 'with room the same goes through' "$PLICO" -w deep/w units import "$SRCDIR/samples/istat_elenco_sample.csv"

# --- no permission: as somebody else, since root may all ---
if [ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null; then
	as_nobody() {
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	}
	mkdir "$WORK/shut"
	chmod 755 "$WORK" "$WORK/shut"
	cp "$PLICO" "$WORK/program"
	chmod 755 "$WORK/program"
	check_exit 74 'a directory where one may not write' as_nobody "$WORK/program" init "$WORK/shut/w"
	check_says 'is named' 'shut' as_nobody "$WORK/program" init "$WORK/shut/w"
	chmod -R a+rX deep
	check_exit 74 'a database that one may only read is refused' as_nobody "$WORK/program" -w deep/w units import "$SRCDIR/samples/comuni.csv"
fi
