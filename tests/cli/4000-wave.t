#!/bin/sh
# plico wave: what is planned, what it would look like, and what the channels dir and null make of it.
. "$SRCDIR/tests/lib.sh"

plico() {
	"$PLICO" -w ws "$@"
}

# field NAME: of the JSON in the file out
field() {
	jq -r ".$1" out
}

"$PLICO" init ws > /dev/null
printf '[mail]\nchannel = dir\ndir = letters\n' > ws/plico.conf
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example - four@towns.example two@towns.example > towns.csv
check "the list of towns is taken" plico units import towns.csv

# --- plan -------------------------------------------------------------------------------------------------------------
check_exit 64 "only an invitation is planned here" plico wave plan --kind reminder
check_exit 65 "a wave that is not there" plico wave show 1
check_exit 64 "a wave has a number" plico wave show first
check_exit 65 "a region that is not there" plico wave plan --region Atlantide
check_says "before the first wave the list says how to make one" "wave plan" plico wave list
echo 'A001 the first' > list.txt
printf '# two towns\nA002, 001004\n' >> list.txt
check "by a list" plico wave plan --list list.txt --json
plico wave list --json > out
check_same "the codes of a list are those at the beginning of its lines" 2 "$(field 'waves[0].dispatches')"
check_same "the filter is kept as typed" "--list list.txt" "$(field 'waves[0].filter')"
echo 'Z999' > unknown.txt
check_exit 65 "a code of nobody is an error" plico wave plan --list unknown.txt

plico wave plan --json > out
check_same "who had the invitation gets no second one" "2 2" "$(field planned) $(field already)"
check_same "a town without address is told" "1 no-address A003" \
	"$(field without_address) $(field 'findings[0].code') $(field 'findings[0].place')"
check_same "the size is told" true "$(jq '.message_bytes > 10000 and .total_bytes == 2 * .message_bytes' out)"
plico wave plan --json > out
check_same "a third time nothing is planned, and there is no wave" "0 0 4" "$(field wave) $(field planned) $(field already)"
check_exit 1 "under --strict the town without address is worth an exit status" plico wave plan --strict
plico wave list --json > out
check_same "two waves" 2 "$(jq '.waves | length' out)"
check_same "each has its keys" true "$(jq '.waves | all(has("wave") and has("edition") and has("kind") and has("state")
	and has("form_version") and has("planned_at") and has("planned_by") and has("queued") and has("sent") and has("unknown"))' out)"
check_same "a credential each, and its code is not kept" "4 0" "$(sqlite3 ws/plico.db \
	"SELECT count(*), count(*) FILTER (WHERE length(verifier) <> 32) FROM credential" | tr '|' ' ')"
check_same "two towns with one address get a message each" 2 "$(sqlite3 ws/plico.db \
	"SELECT count(DISTINCT message_id) FROM dispatch WHERE address = 'two@towns.example'")"

cp ws/mailtemplates/it/invitation.md kept.md
sh "$SRCDIR/tests/tool/units.sh" one@towns.example two@towns.example three@towns.example > more.csv
plico units import --partial more.csv > /dev/null
echo 'Guten Tag {unbekannt}' >> ws/mailtemplates/it/invitation.md
check_says "a text with an unknown name" "unbekannt" plico wave plan
check_same "plans nothing" 2 "$(plico wave list --json | jq '.waves | length')"
cp kept.md ws/mailtemplates/it/invitation.md

# --- preview ----------------------------------------------------------------------------------------------------------
check "preview" plico wave preview 1 --unit "Borgo A" --unit A002 --out shown
plico wave preview 1 --unit A001 --out again --json > out
check_same "it names recipient and files" "one@towns.example true" \
	"$(field 'messages[0].to') $(jq '.messages[0].files | length > 4' out)"
check_same "the same letter at any time" "" "$(diff -r shown again | grep -v 'Only in shown')"
check_exit 65 "a town that the wave does not write to" plico wave preview 1 --unit A004
check "the message is what another reader finds in it" python3 - shown <<'END'
import email, email.policy, pathlib, sys
folder = pathlib.Path(sys.argv[1])
for path in folder.glob("*.eml"):
    raw = path.read_bytes()
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b""), "bare line ends"
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert not message.defects, message.defects
    assert message["Message-ID"] == f"<{path.stem}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-TipoRicevuta"] == "breve"
    assert message["From"].addresses[0].addr_spec == message["Reply-To"].addresses[0].addr_spec == "mappa@mappa.example"
    assert len(message["To"].addresses) == 1 and "Cc" not in message and "Bcc" not in message
    text = message.get_body(("plain",))
    assert text.get_content_charset() == "utf-8" and "Gentile" in text.get_content()
    assert "<html" in message.get_body(("html",)).get_content()
    pdfs = list(message.iter_attachments())
    assert len(pdfs) >= 7, len(pdfs)
    for pdf in pdfs:
        assert pdf.get_content_type() == "application/pdf"
        assert pdf.get_content() == (folder / pdf.get_filename()).read_bytes()
        assert pdf.get_content().startswith(b"%PDF-")
END

# --- send -------------------------------------------------------------------------------------------------------------
check_exit 64 "no negative limit" plico wave send --limit -1
plico wave send 1 --limit 1 --json > out
check_same "one only" "1 1" "$(field sent) $(field left)"
check_same "its wave is being sent" sending "$(plico wave show 1 --json | jq -r .state)"
check "the others" plico wave send
check_same "a file each" 4 "$(find ws/letters -name '*.eml' | wc -l)"
check "the file is what was shown" sh -c 'for f in shown/*.eml; do cmp "$f" "ws/letters/${f#shown/}" || exit 1; done'
plico wave show 1 --json > out
check_same "its wave is done" "done 2" "$(field state) $(field sent)"
plico wave send --json > out
check_same "again there is nothing to do" "0 0" "$(field sent) $(field left)"
check_same "what was sent has its bytes' SHA-256" "$(cat ws/letters/*.eml | wc -c) 0" "$(
	sqlite3 ws/plico.db "SELECT message_id, sha256 FROM dispatch" | tr '|' ' ' | while read -r id sum; do
		[ "$(sha256sum < "ws/letters/$id.eml" | cut -c 1-64)" = "$sum" ] && wc -c < "ws/letters/$id.eml"
	done | awk '{ n += $1 } END { print n, 0 }')"

for town in A001 A002; do
	plico wave show 1 --message $town > "$town.eml"
done
check_same "the archive gives the exact bytes back" "2" "$(cat ws/letters/*.eml | sha256sum > /dev/null; for f in A00?.eml; do
	for sent in ws/letters/*.eml; do cmp -s "$f" "$sent" && echo same; done; done | wc -l)"
check_same "a message is a tenth of its size there" true "$(du -cb ws/archive/??/*.sent | awk '{ n = $1 } END { print (n < 4 * 80000 ? "true" : n) }')"
check_exit 65 "a town to which the wave did not write" plico wave show 1 --message A004
check_same "the history names it" "4 4" "$(sqlite3 ws/plico.db "SELECT count(*), count(*) FILTER (WHERE evidence = sha256)
	FROM event JOIN dispatch ON dispatch.id = subject_id WHERE what = 'dispatch.sent'" | tr '|' ' ')"

# killed between the file and its record: it is not written again
sqlite3 ws/plico.db "UPDATE dispatch SET state = 'claimed' WHERE id = 1; UPDATE wave SET state = 'sending' WHERE id = 1"
touch -d 2001-01-01 ws/letters/*
plico wave send --json > out
check_same "after a crash it counts as sent" 1 "$(field sent)"
check_same "and no file was touched" 0 "$(find ws/letters -newermt 2002-01-01 -name '*.eml' | wc -l)"

printf '[mail]\nchannel = null\n' > ws/plico.conf
check "the town that has its address now" plico wave plan
plico wave send --json > out
check_same "by the channel null" 1 "$(field sent)"
printf '[mail]\nchannel = null\nfrom = a@b@c\n' > ws/plico.conf
check_exit 78 "a sender that is no address" plico wave send
