#!/usr/bin/env python3
"""Providers of certified mail (PEC, RFC 6109) for tests: an authority of their own, receipts and envelopes, each signed by
`openssl cms`, sound and forged.

    pec.py DIR ca               DIR/list.pem (what pec.certificates names), DIR/list/ the same as a folder, and the keys
    pec.py DIR make KIND OUT [key=value ...]

KIND: posta-certificata, errore (the two envelopes), accettazione, non-accettazione, presa-in-carico, avvenuta-consegna,
errore-consegna, preavviso-errore-consegna, rilevazione-virus.
Keys: from= (the certified sender), to=, msgid= (without brackets), error=, detail=, kind2= (tipo in daticert.xml where it
differs), daticert= (how many; a file name: its bytes), signer= (which certificate: good, expired, foreign, other, person, pinned),
provider= (address in From), sign= (yes, no, junk, empty, tampered, attached, wrapped, extra with extra=FILE), body= (an .eml inside), ordinary=1,
type= (completa, breve), lines=lf.
"""
import base64
import pathlib
import subprocess
import sys
from xml.sax.saxutils import escape

PROVIDER = 'posta-certificata@gestore.example'
OURS = 'mappa@mappa.example'
PREFIX = {'posta-certificata': 'POSTA CERTIFICATA', 'errore': 'ANOMALIA MESSAGGIO', 'accettazione': 'ACCETTAZIONE',
          'non-accettazione': 'AVVISO DI NON ACCETTAZIONE', 'presa-in-carico': 'PRESA IN CARICO',
          'avvenuta-consegna': 'CONSEGNA', 'errore-consegna': 'AVVISO DI MANCATA CONSEGNA',
          'preavviso-errore-consegna': 'AVVISO DI MANCATA CONSEGNA PER SUPERAMENTO TEMPO MASSIMO',
          'rilevazione-virus': 'PROBLEMA DI SICUREZZA'}


def openssl(*words, **more):
    return subprocess.run(('openssl',) + words, check=True, capture_output=True, **more).stdout


def certificate(folder, name, ca, address, days, usage='emailProtection'):
    """A key and its certificate, as a provider's: S/MIME only."""
    key, pem, ext = (folder / f'{name}.{e}' for e in ('key', 'pem', 'ext'))
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', f'/O=Gestore di prova/CN={name}', '-keyout', str(key),
            '-out', str(folder / 'csr'))
    ext.write_text(f'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,nonRepudiation\nextendedKeyUsage={usage}\n'
                   f'subjectAltName=email:{address}\n')
    signing = ['-CA', str(folder / f'{ca}.pem'), '-CAkey', str(folder / f'{ca}.key'), '-CAcreateserial'] if ca else \
        ['-signkey', str(key)]
    command = ['openssl', 'x509', '-req', '-in', str(folder / 'csr'), *signing, '-days', str(days), '-extfile', str(ext),
               '-out', str(pem)]
    subprocess.run(command, check=True, capture_output=True)


def authority(folder, name):
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '20', '-subj', f'/CN={name}', '-addext',
            'keyUsage=critical,keyCertSign', '-keyout', str(folder / f'{name}.key'), '-out', str(folder / f'{name}.pem'))


def make_ca(folder):
    folder.mkdir(parents=True, exist_ok=True)
    authority(folder, 'ca')
    authority(folder, 'elsewhere')
    certificate(folder, 'good', 'ca', PROVIDER, 10)
    certificate(folder, 'expired', 'ca', PROVIDER, -1)
    certificate(folder, 'foreign', 'elsewhere', PROVIDER, 10)
    certificate(folder, 'other', 'ca', 'posta-certificata@altro-gestore.example', 10)
    certificate(folder, 'person', 'ca', 'sindaco@gestore.example', 10)
    certificate(folder, 'server', 'ca', PROVIDER, 10, 'serverAuth')
    certificate(folder, 'pinned', None, PROVIDER, 10)
    (folder / 'list').mkdir(exist_ok=True)
    for name in ('ca', 'pinned'):
        (folder / 'list' / f'{name}.pem').write_bytes((folder / f'{name}.pem').read_bytes())
    (folder / 'list.pem').write_bytes((folder / 'ca.pem').read_bytes() + (folder / 'pinned.pem').read_bytes())


def daticert(kind, o):
    whom = 'esterno' if o.get('ordinary') else 'certificato'
    addressees = ''.join(f'<destinatari tipo="{whom}">{escape(a)}</destinatari>' for a in o['to'].split(','))
    receipt = '' if kind in ('posta-certificata',) else f'<ricevuta tipo="{o.get("type", "completa")}"/>'
    delivered = f'<consegna>{escape(o["to"].split(",")[0])}</consegna>' if 'consegna' in kind else ''
    detail = f'<errore-esteso>{escape(o["detail"])}</errore-esteso>' if 'detail' in o else ''
    return f'''<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="{o.get('kind2', kind)}" errore="{o.get('error', 'nessuno')}">
<intestazione><mittente>{escape(o['from'])}</mittente>{addressees}<risposte>{escape(o['from'])}</risposte>
<oggetto>Mappa &amp; altro</oggetto></intestazione>
<dati><gestore-emittente>GESTORE DI PROVA</gestore-emittente><data zona="+0100"><giorno>21/11/2026</giorno><ora>10:15:04</ora>
</data><identificativo>opec555.1@gestore.example</identificativo><msgid>&lt;{escape(o['msgid'])}&gt;</msgid>{receipt}{delivered}{detail}</dati>
</postacert>
'''.encode()


def part(fields, body):
    return ('\r\n'.join(fields) + '\r\n\r\n').encode() + body


def base64_part(fields, body):
    return part(fields + ['Content-Transfer-Encoding: base64'], base64.encodebytes(body).replace(b'\n', b'\r\n'))


def crlf(data):
    return data.replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')


def multipart(subtype, boundary, parts, more=''):
    head = f'Content-Type: multipart/{subtype}; {more}boundary="{boundary}"\r\n\r\n'.encode()
    body = b''.join(f'--{boundary}\r\n'.encode() + p + (b'' if p.endswith(b'\r\n') else b'\r\n') for p in parts)
    return head + body + f'--{boundary}--\r\n'.encode()


def content(kind, o):
    """What the provider signs."""
    said = o.get('daticert', '1')
    xml = daticert(kind, o) if said.isdigit() else pathlib.Path(said).read_bytes()
    count = 0 if kind == 'errore' and 'daticert' not in o else int(said) if said.isdigit() else 1
    parts = [part(['Content-Type: text/plain; charset="iso-8859-1"', 'Content-Transfer-Encoding: quoted-printable'],
                  b'Messaggio di posta certificata =E8 qui.\r\n')]
    parts += [base64_part(['Content-Type: application/xml; name="daticert.xml"',
                           'Content-Disposition: inline; filename="daticert.xml"'], xml)] * count
    if o.get('body'):
        parts.append(part(['Content-Type: message/rfc822; name="postacert.eml"', 'Content-Transfer-Encoding: 8bit'],
                          crlf(pathlib.Path(o['body']).read_bytes())))
    return multipart('mixed', '----=_fa1d8a925c26', parts)


def signed(folder, data, o):
    """The signed entity with its header."""
    how = o.get('sign', 'yes')
    signer = o.get('signer', 'good')
    words = ['cms', '-sign', '-binary', '-signer', str(folder / f'{signer}.pem'), '-inkey', str(folder / f'{signer}.key'),
             '-outform', 'DER']
    if how == 'no':
        return data
    if how == 'attached':
        words.append('-nodetach')
    if how == 'twice':
        words += ['-signer', str(folder / 'other.pem'), '-inkey', str(folder / 'other.key')]
    signature = {'junk': b'0\x80 no signature', 'empty': b''}.get(how)
    if signature is None:
        signature = openssl(*words, input=data.removesuffix(b'\r\n'))
    if how == 'tampered':
        data = data.replace(b'Messaggio di', b'Messaggio da')
    seal = base64_part(['Content-Type: application/pkcs7-signature; name="smime.p7s"'], signature)
    parts = [data, seal]
    if how == 'extra':
        parts.insert(1, pathlib.Path(o['extra']).read_bytes())
    return multipart('signed', '----78E81F58B391F914', parts, 'protocol="application/pkcs7-signature"; micalg="sha-256"; ')


def make(folder, kind, out, o):
    envelope = kind in ('posta-certificata', 'errore')
    o.setdefault('from', 'protocollo@pec.comune.example' if envelope else OURS)
    o.setdefault('to', OURS if envelope else 'protocollo@pec.comune.example')
    o.setdefault('msgid', '0@mappa.example')
    entity = signed(folder, content(kind, o), o)
    if o.get('sign') == 'wrapped':
        entity = multipart('mixed', '=_outside', [entity])
    name = f'Per conto di: {o["from"]}' if envelope else 'Posta Certificata'
    mark = 'X-Trasporto' if envelope else 'X-Ricevuta'
    head = [f'{mark}: {kind}', 'Date: Sat, 21 Nov 2026 10:15:04 +0100', f'Subject: {PREFIX[kind]}: Mappa',
            f'From: "{name}" <{o.get("provider", PROVIDER)}>', f'To: {o["to"] if envelope else o["from"]}',
            f'X-Riferimento-Message-ID: <{o["msgid"]}>', 'Message-ID: <opec555.1@gestore.example>', 'MIME-Version: 1.0']
    data = ('\r\n'.join(head) + '\r\n').encode() + entity
    if o.get('lines') == 'lf':
        data = data.replace(b'\r\n', b'\n')
    pathlib.Path(out).write_bytes(data)


def main():
    folder = pathlib.Path(sys.argv[1])
    if sys.argv[2] == 'ca':
        make_ca(folder)
    else:
        make(folder, sys.argv[3], sys.argv[4], dict(w.split('=', 1) for w in sys.argv[5:]))


main()
