#!/usr/bin/python3
"""message_check.py ENVELOPE-FROM FILE.eml...: reads messages as they leave with Python's own parser, which is not ours.

Each must have one recipient and no other field that names one, lines of at most 998 bytes that end in CRLF, ASCII outside
of encodings, the fields that every message needs just once, the sender that the envelope has, and PDFs with plain names.
Prints a line of JSON for each: to, name, subject, channel (pec or mail), files; says what is wrong and exits with 1.
"""
import email
import email.policy
import json
import re
import sys

ONCE = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted")
NEVER = ("Cc", "Bcc", "Sender", "Resent-To", "Disposition-Notification-To", "Return-Receipt-To", "Apparently-To")


def faults(raw, message, sender):
    if re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        yield "a bare CR or LF"
    if max(map(len, raw.split(b"\r\n"))) > 998:
        yield "a line of more than 998 bytes"
    if re.search(rb"[^\x20-\x7e\t\r\n]", raw):
        yield "a byte that is not ASCII text"
    head = raw.split(b"\r\n\r\n")[0]
    if max(map(len, head.split(b"\r\n"))) > 200:
        yield "a long line in the header"
    for name in ONCE:
        if len(message.get_all(name, [])) != 1:
            yield f"{name}: {len(message.get_all(name, []))} times"
    for name in NEVER:
        if name in message:
            yield f"{name} stands in it"
    if len(message["To"].addresses) != 1:
        yield f"{len(message['To'].addresses)} recipients"
    if message["From"].addresses[0].addr_spec != sender or len(message["From"].addresses) != 1:
        yield "From is not the sender of the envelope"
    if message.defects or any(part.defects for part in message.walk()):
        yield f"defects: {message.defects}"
    if len(message["Subject"]) > 64:
        yield f"a subject of {len(message['Subject'])} characters"
    for part in message.iter_attachments():
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*\.pdf", part.get_filename() or ""):
            yield f"a file {part.get_filename()!r}"
        if part.get_content_type() != "application/pdf" or not part.get_content().startswith(b"%PDF-"):
            yield f"{part.get_filename()} is no PDF"
    if not message.get_body(("plain",)).get_content().strip() or not message.get_body(("html",)):
        yield "no text"


def main():
    sender, *files = sys.argv[1:]
    bad = not files
    for file in files:
        with open(file, "rb") as stream:
            raw = stream.read()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for fault in faults(raw, message, sender):
            bad = True
            print(f"{file}: {fault}")
        to = message["To"].addresses[0]
        print(json.dumps({"to": to.addr_spec, "name": to.display_name, "subject": str(message["Subject"]),
                          "channel": "pec" if message["X-TipoRicevuta"] == "breve" else "mail",
                          "files": [part.get_filename() for part in message.iter_attachments()]}, ensure_ascii=False))
    sys.exit(bad)


main()
