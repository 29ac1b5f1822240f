#!/usr/bin/python3
"""container.py HOW OUT.eml FILE...: mails that carry files in the ways that offices and their programs find.

HOW: attached, inline, nameless, octet-stream, x-download, text (as text/plain), word (as .doc), forwarded (message/rfc822), twice
(the same in another), eml (a mail as a file, base64), postacert (the same, named so, in two more), smime FILE.p7m (a signed mail,
opaque), renamed.
"""
import email.policy
import pathlib
import sys
from email.message import EmailMessage

POLICY = email.policy.SMTP.clone(cte_type='7bit')
TYPES = {'octet-stream': ('application', 'octet-stream'), 'x-download': ('application', 'x-download'),
         'word': ('application', 'msword'), 'text': ('text', 'plain')}


def head():
    message = EmailMessage(policy=POLICY)
    message['From'] = 'Ufficio <ufficio@comune.example>'
    message['To'] = 'mappa@mappa.example'
    message['Subject'] = 'R: Mappa'
    message['Date'] = 'Sat, 21 Nov 2026 10:15:00 +0100'
    return message


def add(message, how, file):
    main, sub = TYPES.get(how, ('application', 'pdf' if file.suffix == '.pdf' else 'octet-stream'))
    part = EmailMessage(policy=POLICY)
    if how == 'text':
        part.set_content(file.read_bytes(), 'application', 'x', cte='base64')
        part.replace_header('Content-Type', 'text/plain; name="modulo.txt"')
    else:
        part.set_content(file.read_bytes(), main, sub, cte='base64')
    if how == 'inline':
        part.add_header('Content-Disposition', 'inline', filename=file.name)
    elif how == 'word':
        part.add_header('Content-Disposition', 'attachment', filename='modulo.doc')
    elif how == 'renamed':
        part.add_header('Content-Disposition', 'attachment', filename='Scansione 001 (città).xyz')
    elif how not in ('nameless', 'text'):
        part.add_header('Content-Disposition', 'attachment', filename=file.name)
    if not message.is_multipart():
        message.make_mixed()
    message.attach(part)


def plain(how, files):
    message = head()
    message.set_content('In allegato.\n')
    for file in files:
        add(message, how, file)
    return message


def around(inner, how):
    """@inner in a mail; as the mail that it is, or as a file"""
    message = head()
    message.set_content('Si inoltra.\n')
    message.make_mixed()
    if how == 'mail':
        message.add_attachment(inner)
        return message
    part = EmailMessage(policy=POLICY)
    part.set_content(inner.as_bytes(), 'application', 'octet-stream', cte='base64')
    part.add_header('Content-Disposition', 'attachment', filename=how)
    message.attach(part)
    return message


def smime(file):
    message = head()
    message.set_content(file.read_bytes(), 'application', 'pkcs7-mime', cte='base64', params={'smime-type': 'signed-data'})
    message.add_header('Content-Disposition', 'attachment', filename='smime.p7m')
    return message


def make(how, files):
    if how == 'forwarded':
        return around(plain('attached', files), 'mail')
    if how == 'twice':
        return around(around(plain('attached', files), 'mail'), 'mail')
    if how == 'eml':
        return around(plain('attached', files), 'inoltro.eml')
    if how == 'postacert':
        return around(around(around(plain('attached', files), 'postacert.eml'), 'mail'), 'postacert.eml')
    if how == 'entity':  # what a signed mail signs
        message = plain('attached', files)
        for name in ('From', 'To', 'Subject', 'Date'):
            del message[name]
        return message
    return smime(files[0]) if how == 'smime' else plain(how, files)


def main():
    how, out, *files = sys.argv[1:]
    pathlib.Path(out).write_bytes(make(how, [pathlib.Path(f) for f in files]).as_bytes())


main()
