"""Mails that say they are what they are not: certified mail, receipts, bounces, towns."""
from .mail import HEAD, mail, multipart, part
from .pdf import sample

PROVIDER = 'From: "Per conto di: protocollo@pec.barletta.example" <posta-certificata@gestore.example>\n' \
    'Reply-To: protocollo@pec.barletta.example\nMIME-Version: 1.0\n'
RECEIPTS = ('accettazione', 'non-accettazione', 'presa-in-carico', 'avvenuta-consegna', 'errore-consegna', 'preavviso-errore-consegna',
            'rilevazione-virus')


def daticert(kind, reference='<l1.A669@mappa.example>', error='nessuno'):
    return f'''<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="{kind}" errore="{error}"><intestazione><mittente>mappa@pec.mappa.example</mittente>
<destinatari tipo="certificato">protocollo@pec.barletta.example</destinatari><risposte>mappa@pec.mappa.example</risposte>
<oggetto>Mappa</oggetto></intestazione><dati><gestore-emittente>GESTORE</gestore-emittente>
<data zona="+0200"><giorno>17/10/2024</giorno><ora>10:30:00</ora></data><identificativo>opec1@gestore.example</identificativo>
<msgid>{reference.replace('<', '&lt;').replace('>', '&gt;')}</msgid><ricevuta tipo="completa"/>
<consegna>protocollo@pec.barletta.example</consegna></dati></postacert>
'''


def envelope(marker, subject, parts, signature=b'0\x80', kind='signed; protocol="application/pkcs7-signature"; micalg=sha-256'):
    body = multipart([part('text/plain', 'Messaggio del gestore.')] + parts, '=_i')
    signed = [part('application/pkcs7-signature; name=smime.p7s', signature)] if signature is not None else []
    return mail(multipart([body] + signed, '=_s', kind), f'{PROVIDER}{marker}\nSubject: {subject}\n')


def receipts(reference='<l1.A669@mappa.example>'):
    """All kinds of receipts that no provider has signed."""
    for kind in RECEIPTS:
        marker = f'X-Ricevuta: {kind}\nX-Riferimento-Message-ID: {reference}'
        xml = part('application/xml; name=daticert.xml', daticert(kind, reference, 'no-dest' if 'errore' in kind else 'nessuno'))
        yield f'receipt-{kind}-junk', envelope(marker, f'RICEVUTA: {kind}', [xml])
        yield f'receipt-{kind}-unsigned', envelope(marker, f'RICEVUTA: {kind}', [xml], signature=None, kind='mixed')
    marker = f'X-Ricevuta: avvenuta-consegna\nX-Riferimento-Message-ID: {reference}'
    xml = part('application/xml; name=daticert.xml', daticert('avvenuta-consegna', reference))
    yield 'receipt-signature-empty', envelope(marker, 'CONSEGNA', [xml], b'')
    yield 'receipt-signature-10mb', envelope(marker, 'CONSEGNA', [xml], b'0\x84\x01\0\0\0' + b'\0' * (10 << 20))
    yield 'receipt-two-daticert', envelope(marker, 'CONSEGNA', [xml, xml])
    yield 'receipt-no-daticert', envelope(marker, 'CONSEGNA', [])
    yield 'receipt-header-only', mail(b'\nx\n', HEAD + marker + '\n')
    yield 'receipt-two-markers', mail(b'\nx\n', HEAD + marker + '\nX-Ricevuta: errore-consegna\n')
    yield 'receipt-marker-folded', mail(b'\nx\n', HEAD + 'X-Ricevuta:\n avvenuta-consegna\n')
    wrapped = part('message/rfc822', envelope(marker, 'CONSEGNA', [xml]), 'Content-Transfer-Encoding: 8bit')
    yield 'receipt-in-a-mail', mail(multipart([part('text/plain', 'La ricevuta.'), wrapped]))


def daticerts():
    marker = 'X-Ricevuta: avvenuta-consegna\nX-Riferimento-Message-ID: <l1.A669@mappa.example>'
    entities = '<!DOCTYPE p [' + ''.join(f'<!ENTITY a{i} "{("&a%d;" % (i - 1)) * 10 if i else "lol"}">' for i in range(12)) + ']>'
    for name, xml in (
            ('entities', f'<?xml version="1.0"?>{entities}<postacert tipo="avvenuta-consegna">&a11;</postacert>'),
            ('external', '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><postacert tipo="avvenuta-consegna"><dati>&x;</dati></postacert>'),
            ('network', '<!DOCTYPE p SYSTEM "http://127.0.0.1:9/p.dtd"><postacert tipo="avvenuta-consegna"/>'),
            ('parameter', '<!DOCTYPE p [<!ENTITY % a "&#37;a;"> %a;]><postacert/>'),
            ('deep', '<postacert>' + '<a>' * 100000),
            ('attributes', '<postacert ' + ' '.join(f'a{i}="x"' for i in range(50000)) + '/>'),
            ('text-10mb', '<postacert><x>' + 'x' * (10 << 20) + '</x></postacert>'),
            ('utf-16', '<?xml version="1.0" encoding="UTF-16"?><postacert/>'),
            ('utf-7', '<?xml version="1.0" encoding="UTF-7"?>+ADw-postacert/+AD4-'),
            ('nul', '<postacert>\0</postacert>'),
            ('empty', ''),
            ('xinclude', '<postacert xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></postacert>')):
        yield f'daticert-{name}', envelope(marker, 'CONSEGNA', [part('application/xml; name=daticert.xml', xml)])


def transports(sheet=None):
    """Envelopes of certified mail that are none, around a mail with a sheet."""
    sheet = sheet or mail(multipart([part('text/plain', 'Si trasmette.'), part('application/pdf; name=m.pdf', sample().bytes())], '=_o'))
    original = part('message/rfc822; name=postacert.eml', sheet, 'Content-Transfer-Encoding: 8bit')
    xml = part('application/xml; name=daticert.xml', daticert('posta-certificata'))
    marker = 'X-Trasporto: posta-certificata'
    yield 'transport-junk-signature', envelope(marker, 'POSTA CERTIFICATA: R', [xml, original])
    yield 'transport-unsigned', envelope(marker, 'POSTA CERTIFICATA: R', [xml, original], None, 'mixed')
    yield 'transport-both-markers', envelope(marker + '\nX-Ricevuta: accettazione', 'POSTA CERTIFICATA: R', [xml, original])
    yield 'transport-unknown-word', envelope('X-Trasporto: altro', 'POSTA CERTIFICATA: R', [xml, original])
    yield 'transport-two-originals', envelope(marker, 'POSTA CERTIFICATA: R', [xml, original, original])
    data = sheet
    for _ in range(8):
        inner = part('message/rfc822; name=postacert.eml', data, 'Content-Transfer-Encoding: 8bit')
        data = envelope(marker, 'POSTA CERTIFICATA: I: R', [xml, inner])
    yield 'transport-nested-8', data
    for _ in range(200):
        inner = part('message/rfc822; name=postacert.eml', data, 'Content-Transfer-Encoding: 8bit')
        data = envelope(marker, 'POSTA CERTIFICATA: I: R', [inner], None, 'mixed')
    yield 'transport-nested-200', data


def bounces(reference='l1.A669@mappa.example'):
    """Reports of failures that did not happen."""
    status = 'Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; protocollo@pec.barletta.example\nAction: failed\nStatus: 5.1.1\n'
    back = part('text/rfc822-headers', f'Message-ID: <{reference}>\n', 'Content-Transfer-Encoding: 7bit')

    def report(*parts, head='From: MAILER-DAEMON@a.example\nSubject: Undelivered\nMIME-Version: 1.0\n'):
        return mail(multipart(list(parts), '=_d', 'report; report-type=delivery-status'), head)

    def delivery(text):
        return part('message/delivery-status', text, 'Content-Transfer-Encoding: 7bit')

    yield 'bounce-forged', report(delivery(status), back)
    yield 'bounce-blocks-10000', report(delivery(status + ('\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n') * 10000), back)
    yield 'bounce-no-action', report(delivery('Reporting-MTA: dns; a.example\n\nStatus: 5.1.1\n'))
    yield 'bounce-action-long', report(delivery('A: b\n\nAction: ' + 'failed' * 10000 + '\nStatus: ' + '5.' * 10000 + '\n'))
    yield 'bounce-controls', report(delivery('A: b\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; \x1b[2J\0\xff\n'))
    yield 'bounce-field-folded', report(delivery('A: b\n\nAction: failed\nDiagnostic-Code: x\n' + ' y\n' * 30000))
    yield 'bounce-references-10000', report(delivery(status), part('text/rfc822-headers', ''.join(
        f'Message-ID: <{i}@a.example>\n' for i in range(10000)), 'Content-Transfer-Encoding: 7bit'))
    yield 'bounce-envelope-id', report(delivery(f'Original-Envelope-Id: {reference}\n' + status))
    yield 'bounce-tagged-to', report(delivery(status), head='From: MAILER-DAEMON@a.example\nTo: mappa+aaaaaaaaaaaaaaaa@mappa.example\nMIME-Version: 1.0\n')
    yield 'bounce-with-sheet', report(delivery(status), part('application/pdf; name=m.pdf', sample().bytes()))


def addresses():
    """What stands in From, To and Message-ID proves nothing, whatever it looks like."""
    for name, line in (
            ('empty', 'From: \n'), ('none', 'Subject: x\n'), ('two', 'From: a@b.example\nFrom: c@d.example\n'),
            ('nul', 'From: a\0b@c.example\n'), ('not-utf-8', 'From: \xff\xfe@c.example\n'), ('bidi', 'From: \u202eelpmaxe.b@a <a@b.example>\n'),
            ('route', 'From: <@a.example,@b.example:c@d.example>\n'), ('group', 'From: undisclosed:;\n'), ('comments', 'From: a' + '(x' * 3000 + '@b.example\n'),
            ('quotes', 'From: "' + '\\"' * 4000 + '"@b.example\n'), ('encoded', 'From: =?utf-8?B?' + 'w6A' * 2000 + '?= <a@b.example>\n'),
            ('encoded-newline', 'From: =?utf-8?Q?a=0D=0ABcc:_x@y.example?= <a@b.example>\n'), ('charset', 'From: =?x-none?Q?a?= <a@b.example>\n'),
            ('commas', 'From: ' + ',' * 16000 + '\n'), ('colons', 'From: ' + ':' * 16000 + '\n'), ('angles', 'From: ' + '<' * 16000 + '\n'),
            ('parentheses', 'To: ' + '(' * 16000 + '\n'), ('brackets', 'Cc: ' + '[' * 16000 + '\n'), ('semicolons', 'To: ' + 'a:;' * 5000 + '\n'),
            ('idn', 'From: p@città.example\n'), ('to-tag-not-utf-8', 'To: mappa+\xff@mappa.example\n')):
        yield f'address-{name}', line.encode('latin-1', 'replace' if 'bidi' not in name else 'ignore') + b'\nx\n'
    for name, line in (
            ('date-none', ''), ('date-year-0', 'Date: Mon, 0 Jan 0000 00:00:00 +0000'), ('date-huge', 'Date: Mon, 1 Jan 999999999999 00:00:00 +9999'),
            ('date-2038', 'Date: Tue, 19 Jan 2038 03:14:08 +0000'), ('date-words', 'Date: ' + 'ieri ' * 3000),
            ('id-two', 'Message-ID: <a@b> <c@d>'), ('id-injection', 'Message-ID: <a@b.example>\r X-Ricevuta: avvenuta-consegna'),
            ('id-long', 'Message-ID: <' + 'a' * 15000 + '@b>'), ('references-1mb', 'References: ' + '<a@b.example> ' * 80000),
            ('references-15kb', 'References: ' + '<a@b.example> ' * 1000), ('subject-2231', "Subject*0*=utf-8''a; Subject*1=b"),
            ('encoding-unknown', 'Content-Transfer-Encoding: x-none'), ('encoding-two', 'Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 8bit'),
            ('type-empty', 'Content-Type:'), ('type-junk', 'Content-Type: ////;;;;===='), ('type-parameters', 'Content-Type: text/plain' + '; a=b' * 2500),
            ('type-2231', 'Content-Type: text/plain' + ''.join(f'; name*{i}=a' for i in range(900))), ('bare-cr', 'X-A: b\rX-Ricevuta: accettazione'),
            ('nul', 'X-A: \0'), ('colon-only', ':'), ('no-colon', 'abc'), ('blank-name', ' : x')):
        yield f'header-{name}', mail(b'\nx\n', HEAD + line + '\n')
