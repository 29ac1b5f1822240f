# Sourced by the tests of collecting, in their folder. Makes planned/, a workspace whose towns have their letters, and mail/, what
# came back in a rehearsal, in the order of the names; the last is one of them once more. No strangers: what becomes of a forged sheet
# depends on what has come before, and a fault may put that off.
"$PLICO" rehearse --units 60 --seed 5 --hostile 0 --json played > played.json || exit 99
"$PLICO" init planned > /dev/null
rm planned/keys/*
cp played/keys/* planned/keys/
[ ! -d played/archive/forms ] || cp -r played/archive/forms planned/archive/
sqlite3 planned/plico.db "ATTACH 'played/plico.db' AS played;
INSERT INTO unit SELECT * FROM played.unit; INSERT INTO contact SELECT * FROM played.contact;
INSERT INTO credential SELECT * FROM played.credential;
INSERT INTO wave SELECT * FROM played.wave; INSERT INTO dispatch SELECT * FROM played.dispatch;
INSERT INTO memory_print SELECT * FROM played.memory_print; PRAGMA journal_mode=DELETE" > /dev/null || exit 99
mkdir mail
i=0
# the smaller ones: what is written is recorded byte by byte
for file in $(ls -Sr played/Maildir/.Processed/cur/* | head -n 9); do
	i=$((i + 1))
	cp "$file" "mail/17600000$((10 + i)).M1.test"
done
[ "$i" -ge 6 ] || exit 99
# the third once more at the end: the same bytes
cp "mail/1760000013.M1.test" mail/1760000099.M1.test
