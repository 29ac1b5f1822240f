#!/usr/bin/python3
"""mail.py FROM TO OUT.eml FILE...: an ordinary message with files attached, as any mail program sends it."""
import email.policy
import email.utils
import pathlib
import sys
from email.message import EmailMessage


def main():
    sender, recipient, target, *files = sys.argv[1:]
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = "R: moduli compilati"
    message["Date"] = email.utils.formatdate()
    message["Message-ID"] = email.utils.make_msgid(domain=sender.partition("@")[2])
    message.set_content("Si trasmettono i moduli.\n")
    for file in map(pathlib.Path, files):
        message.add_attachment(file.read_bytes(), "application", "pdf", filename=file.name)
    pathlib.Path(target).write_bytes(message.as_bytes())


main()
