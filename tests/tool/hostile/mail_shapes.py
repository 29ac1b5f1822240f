"""Every way in which a form comes back, and what machines send."""
import quopri

from .mail import HEAD, mail, multipart, part
from .pdf import sample


def shapes():
    pdf = sample().bytes()
    text = part('text/plain; charset=utf-8', 'In allegato il modulo.\n')
    attached = part('application/pdf; name=modulo.pdf', pdf, 'Content-Disposition: attachment; filename=modulo.pdf')
    yield 'plain', mail(multipart([text, attached]))
    yield 'inline', mail(multipart([text, part('application/pdf', pdf, 'Content-Disposition: inline; filename=m.pdf')]))
    yield 'no-name', mail(multipart([text, part('application/pdf', pdf)]))
    yield 'wrong-type', mail(multipart([text, part('application/msword; name=a.doc', pdf)]))
    yield 'as-text', mail(multipart([part('text/plain', pdf)]))
    yield 'alone', mail(part('application/octet-stream', pdf))
    yield 'path', mail(multipart([part('application/pdf; name="../../etc/passwd"', pdf)]))
    yield 'name-2231', mail(multipart([part("application/pdf; name*=utf-8''citt%C3%A0%0A.pdf", pdf)]))
    yield 'name-2047', mail(multipart([part('application/pdf; name="=?utf-8?Q?citt=C3=A0.pdf?="', pdf)]))
    inner = mail(multipart([text, attached], '=_inner'))
    forwarded = part('message/rfc822', inner, 'Content-Transfer-Encoding: 8bit')
    yield 'forwarded', mail(multipart([text, forwarded]))
    twice = part('message/rfc822', mail(multipart([forwarded], '=_twice')), 'Content-Transfer-Encoding: 8bit')
    yield 'forwarded-twice', mail(multipart([text, twice]))
    yield 'forwarded-base64', mail(multipart([text, part('message/rfc822; name=a.eml', inner)]))
    quoted = quopri.encodestring(pdf)
    yield 'quoted-printable', mail(multipart([part('application/pdf', quoted, 'Content-Transfer-Encoding: quoted-printable')]))
    yield 'binary', mail(multipart([part('application/pdf', pdf, 'Content-Transfer-Encoding: binary')]))
    yield 'old-mac', mail(multipart([text, attached])).replace(b'\n', b'\r')
    yield 'crlf', mail(multipart([text, attached])).replace(b'\n', b'\r\n')
    yield 'two', mail(multipart([attached, attached]))
    yield 'no-end', mail(multipart([text, attached]))[:-8]
    yield 'same-boundary', mail(multipart([multipart([text, attached])]))
    yield 'wrong-charset', mail(part('text/plain; charset=utf-8', 'perché'.encode('latin-1')))
    yield 'rare-charset', mail(part('text/plain; charset=koi8-r', 'ciao'))
    yield 'html', mail(part('text/html; charset=iso-8859-1', '<style>p{}</style><p>Citt\xe0 &egrave; qui</p>'.encode('latin-1')))
    yield 'signed-p7m', mail(multipart([text, part('application/pkcs7-mime; name=modulo.pdf.p7m', b'\x30\x82\x10\0' + pdf)]))
    yield 'zip', mail(multipart([text, part('application/zip; name=moduli.zip', b'PK\3\4' + b'\0' * 26 + pdf)]))
    yield 'photo', mail(multipart([text, part('image/jpeg; name=foto.jpg', b'\xff\xd8\xff')]))
    logo = multipart([part('text/html', '<img src="cid:1">ciao'), part('image/png', b'\x89PNG', 'Content-ID: <1>')], '=_r', 'related')
    yield 'logo', mail(logo)
    yield 'protocol', mail(multipart([text, part('application/xml; name=Conferma.xml', '<Conferma/>')]))
    yield 'winmail', mail(multipart([text, part('application/ms-tnef; name=winmail.dat', b'\x78\x9f\x3e\x22')]))
    yield 'empty', b''
    yield 'nothing-but-nul', b'\0' * 100000
    yield 'text-only', b'Buongiorno,\nnon partecipiamo.\n'


def automatic():
    pdf = sample().bytes()
    text = part('text/plain', 'Sono in ferie.')
    dsn = '''Reporting-MTA: dns; mail.mappa.example
X-Postfix-Queue-ID: 4Xyz
Arrival-Date: Mon, 20 Oct 2025 09:00:00 +0200 (CEST)

Final-Recipient: rfc822; protocollo@pec.nessuno.example
Original-Recipient: rfc822;protocollo@pec.nessuno.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.nessuno.example
Diagnostic-Code: smtp; 550 5.1.1 <protocollo@pec.nessuno.example>: Recipient
    address rejected: User unknown
'''
    ours = f'From: mappa@mappa.example\nMessage-ID: <l1.A944@mappa.example>\nSubject: Mappa\n'.encode() + \
        multipart([part('application/pdf', pdf)], '=_ours')
    postfix = 'Return-Path: <>\nFrom: MAILER-DAEMON@mail.mappa.example (Mail Delivery System)\n' \
        'Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n'
    report = multipart([part('text/plain', 'I am sorry'), part('message/delivery-status', dsn, 'Content-Transfer-Encoding: 7bit'),
                        part('message/rfc822', ours, 'Content-Transfer-Encoding: 8bit')], '=_d', 'report; report-type=delivery-status')
    yield 'dsn-postfix', mail(report, postfix)
    yield 'dsn-crlf', mail(report, postfix).replace(b'\n', b'\r\n')
    headers = multipart([part('text/plain', 'I am sorry'), part('message/delivery-status', dsn.replace('failed', 'delayed').replace('5.1.1', '4.4.1'), 'Content-Transfer-Encoding: 7bit'),
                         part('text/rfc822-headers', 'Subject: Mappa\nMessage-ID:\n <l1.A944@mappa.example>\n', 'Content-Transfer-Encoding: 7bit')], '=_d', 'report')
    yield 'dsn-delayed', mail(headers, postfix)
    yield 'bounce-qmail', mail(part('text/plain', 'Hi. This is the qmail-send program.\n<a@b.example>:\nno mailbox here\n\n--- Below\n\nReturn-Path: <mappa@mappa.example>\nMessage-ID: <l1.A944@mappa.example>\n'), postfix.replace('Auto-Submitted: auto-replied\n', ''))
    yield 'forwarded-bounce', mail(multipart([text, part('message/rfc822', mail(report, postfix), 'Content-Transfer-Encoding: 8bit')]))
    yield 'vacation', mail(text, HEAD + 'Auto-Submitted: auto-replied (vacation)\n')
    yield 'vacation-no', mail(text, HEAD + 'Auto-Submitted: no\n')
    yield 'vacation-precedence', mail(text, HEAD + 'Precedence: auto_reply\n')
    yield 'vacation-subject', mail(text, HEAD.replace('R: Mappa', 'Risposta automatica: Mappa'))
    yield 'vacation-pdf', mail(multipart([text, part('application/pdf', pdf)]), HEAD + 'Auto-Submitted: auto-replied\n')
    mdn = multipart([text, part('message/disposition-notification', 'Original-Message-ID: <l1.A669@mappa.example>\nDisposition: manual-action; displayed\n', 'Content-Transfer-Encoding: 7bit')], '=_m', 'report; report-type=disposition-notification')
    yield 'read-receipt', mail(mdn, HEAD.replace('In-Reply-To: <l1.A669@mappa.example>\n', ''))


def pec():
    pdf = sample().bytes()
    original = part('message/rfc822; name=postacert.eml', mail(multipart([part('text/plain', 'Si trasmette.'), part('application/pdf; name=m.pdf', pdf)], '=_o')), 'Content-Transfer-Encoding: 8bit')
    daticert = part('application/xml; name=daticert.xml', '<postacert tipo="posta-certificata"/>')
    signature = part('application/pkcs7-signature; name=smime.p7s', b'0\x80')
    head = 'From: "Per conto di: protocollo@pec.barletta.example" <posta-certificata@gestore.example>\nReply-To: protocollo@pec.barletta.example\nMIME-Version: 1.0\n'

    def envelope(marker, subject, *parts):
        return mail(multipart([multipart([part('text/plain', 'Messaggio del gestore.'), *parts], '=_i'), signature], '=_s', 'signed; protocol="application/pkcs7-signature"'),
                    f'{head}{marker}\nSubject: {subject}\n')
    yield 'transport', envelope('X-Trasporto: posta-certificata', 'POSTA CERTIFICATA: R: Mappa', daticert, original)
    yield 'anomaly', envelope('X-Trasporto: errore', 'ANOMALIA MESSAGGIO: R: Mappa', original)
    reference = '\nX-Riferimento-Message-ID: <l1.A669@mappa.example>'
    for kind in ('accettazione', 'non-accettazione', 'avvenuta-consegna', 'errore-consegna', 'preavviso-errore-consegna'):
        yield f'receipt-{kind}', envelope(f'X-Ricevuta: {kind}{reference}', 'RICEVUTA: Mappa', daticert, original)
    forged = part('message/rfc822', envelope(f'X-Ricevuta: avvenuta-consegna{reference}', 'CONSEGNA', daticert), 'Content-Transfer-Encoding: 8bit')
    yield 'receipt-inside', envelope('X-Trasporto: posta-certificata', 'POSTA CERTIFICATA: x', daticert, forged)
    out_of_office = part('message/rfc822', mail(part('text/plain', 'Assente'), HEAD + 'Auto-Submitted: auto-replied\n'), 'Content-Transfer-Encoding: 8bit')
    yield 'transport-vacation', envelope('X-Trasporto: posta-certificata', 'POSTA CERTIFICATA: x', daticert, out_of_office)
