#!/usr/bin/env python3
"""Makes PDFs and mails that a mailbox may bring, sound and hostile.

    hostile.py DIR                    DIR/pdf and DIR/mail get the files, DIR/pdf.tsv and DIR/mail.tsv a line for each:
                                      its name and a regular expression for what collect_show prints of it
    hostile.py --verify TSV OUTPUT    checks that, as TAP

Everything is made here; nothing is downloaded.
"""
import base64
import os
import quopri
import random
import re
import subprocess
import sys
import zlib


class Pdf:
    """A PDF of plain objects with a classic table (ISO 32000-1, 7.5)."""

    def __init__(self):
        self.objects = []
        self.catalog = self.add(b'')
        self.pages = self.add(b'')
        self.page = self.add(b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>')
        self.set(self.pages, b'<</Type/Pages/Kids[3 0 R]/Count 1>>')

    def add(self, body):
        self.objects.append(body if isinstance(body, bytes) else body.encode('latin-1'))
        return len(self.objects)

    def set(self, number, body):
        self.objects[number - 1] = body if isinstance(body, bytes) else body.encode('latin-1')

    def form(self, fields, more='', catalog=''):
        refs = ' '.join(f'{f} 0 R' for f in fields)
        self.set(self.catalog, f'<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{refs}]{more}>>{catalog}>>')
        return self

    def text(self, name, value='()', more=''):
        return self.add(f'<</FT/Tx/T({name})/V {value}/Subtype/Widget/Rect[0 0 9 9]{more}>>')

    def check(self, name, value='Off', shown=None):
        shown = value if shown is None else shown
        return self.add(f'<</FT/Btn/T({name})/V/{value}/AS/{shown}/Subtype/Widget/Rect[0 0 9 9]>>')

    def radio(self, name, choices, value='Off', shown=None):
        shown = value if shown is None else shown
        parent = self.add(b'')
        kids = []
        for choice in choices:
            state = choice if choice in shown.split() else 'Off'
            kids.append(self.add(f'<</Parent {parent} 0 R/AS/{state}/Subtype/Widget/Rect[0 0 9 9]'
                                 f'/AP<</N<</{choice} null/Off null>>>>>>'))
        refs = ' '.join(f'{k} 0 R' for k in kids)
        self.set(parent, f'<</FT/Btn/Ff 32768/T({name})/V/{value}/Kids[{refs}]>>')
        return parent

    def bytes(self, trailer='', head=b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'):
        out = bytearray(head)
        at = []
        for i, body in enumerate(self.objects):
            at.append(len(out))
            out += b'%d 0 obj\n%s\nendobj\n' % (i + 1, body)
        xref = len(out)
        out += b'xref\n0 %d\n0000000000 65535 f \n' % (len(at) + 1)
        for offset in at:
            out += b'%010d 00000 n \n' % offset
        out += b'trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n' % (
            len(at) + 1, trailer.encode(), xref)
        return bytes(out)


def increment(data, number, body):
    """What a viewer appends when its user saves: one object anew."""
    prev = int(data[data.rindex(b'startxref') + 9:].split()[0])
    size = int(data[data.rindex(b'/Size') + 5:].split(b'/')[0])
    out = bytearray(data)
    at = len(out)
    out += b'%d 0 obj\n%s\nendobj\n' % (number, body.encode())
    xref = len(out)
    out += b'xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n' % (
        number, at, size, prev, xref)
    return bytes(out)


def stream(dictionary, data, compress=True):
    body = zlib.compress(data, 1) if compress else data
    head = f'<<{dictionary}/Length {len(body)}{"/Filter/FlateDecode" if compress else ""}>>stream\n'
    return head.encode() + body + b'\nendstream'


def xref_stream(numbers, size, root, packed):
    """A cross-reference stream (7.5.8): @numbers maps an object to its offset, @packed to (stream, index)."""
    rows = bytearray(b'\0\0\0\0\0\0\0\xff\xff')
    for i in range(1, size):
        if i in packed:
            rows += b'\2' + packed[i][0].to_bytes(4, 'big') + packed[i][1].to_bytes(4, 'big')
        else:
            rows += b'\1' + numbers.get(i, 0).to_bytes(4, 'big') + b'\0\0\0\0'
    return stream(f'/Type/XRef/Size {size}/W[1 4 4]/Root {root} 0 R', bytes(rows[:9 * size]))


def packed_pdf(objects, stream_dict=None, contents=None):
    """Catalog and all @objects (number -> text) in one object stream. Object 1 is the stream, 2 the table."""
    index, body = [], ''
    parts = []
    at = 0
    for number, text in objects.items():
        index.append(f'{number} {at}')
        parts.append(text)
        at += len(text) + 1
    body = ' '.join(parts)
    head = ' '.join(index) + ' '
    data = contents if contents is not None else (head + body).encode()
    dictionary = stream_dict or f'/Type/ObjStm/N {len(objects)}/First {len(head)}'
    out = bytearray(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
    first = len(out)
    out += b'1 0 obj\n' + stream(dictionary, data) + b'\nendobj\n'
    second = len(out)
    size = max(objects) + 1 if objects else 5
    packed = {number: (1, i) for i, number in enumerate(objects)}
    out += b'2 0 obj\n' + xref_stream({1: first, 2: second}, size, 3, packed) + b'\nendobj\n'
    out += b'startxref\n%d\n%%%%EOF\n' % second
    return bytes(out)


def sample():
    """A small sheet, filled: what all damage below is done to."""
    pdf = Pdf()
    fields = [pdf.text('plico_unit', '(A944)'), pdf.text('q1', '<FEFF0043006F006D0075006E00650020010D>'),
              pdf.text('q2', '(12)'), pdf.radio('q3', ['si', 'no', 'parte'], 'no'), pdf.check('q4', 'si'),
              pdf.check('q5')]
    return pdf.form(fields)


def sound_pdfs():
    plain = sample().bytes()
    yield 'sound', plain, 'good - fields=6'
    yield 'sound-white-tail', plain + b'\r\n \n\0\n', 'good -'
    yield 'sound-increment', increment(plain, 4, '<</FT/Tx/T(plico_unit)/V(A945)>>'), 'good - fields=6'
    pdf = sample()
    inner = sample().bytes()
    pdf.add(stream('/Type/EmbeddedFile', inner, compress=False))
    yield 'sound-attached-pdf', pdf.bytes(), 'good -'
    pdf = Pdf()
    kid = pdf.text('due', '(b)')
    parent = pdf.add(f'<</T(uno)/FT/Tx/Kids[{kid} 0 R]>>')
    sig = pdf.add('<</FT/Sig/T(firma)/V<</Type/Sig/Contents<00>>>>>')
    push = pdf.add('<</FT/Btn/Ff 65536/T(stampa)>>')
    yield 'sound-nested-signed', pdf.form([parent, sig, push]).bytes(), 'good - fields=1'
    pdf = Pdf()
    fields = [pdf.text('utf16', '<FEFF00E8000D000A010DD83DDE00>'), pdf.text('lone', '<FEFF0041D83D0042>'),
              pdf.text('doc', '(perch\\351 \\240)'), pdf.text('utf8', '<EFBBBFC3A8>'), pdf.text('name', '/si'),
              pdf.text('list', '[(uno)(due)]'), pdf.text('number', '12.5'), pdf.text('control', '(a\\033[31m\\000b)'),
              pdf.text('little', '<FFFE41000D01>'), pdf.text('none', 'null')]
    yield 'values', pdf.form(fields).bytes(), 'good - fields=10'


def tool_pdfs(folder):
    """What programs make of a sound file."""
    source = os.path.join(folder, 'tool-source.pdf')
    with open(source, 'wb') as f:
        f.write(sample().bytes())
    tools = [
        ('qpdf-linearize', ['qpdf', '--linearize'], 'good - fields=6'),
        ('qpdf-objstm', ['qpdf', '--object-streams=generate'], 'good - fields=6'),
        ('qpdf-empty-password', ['qpdf', '--encrypt', '', 'owner', '256', '--'], 'good - fields=6'),
        ('qpdf-password', ['qpdf', '--encrypt', 'user', 'owner', '256', '--'], 'refused encrypted'),
        ('qpdf-password-128', ['qpdf', '--encrypt', 'user', 'owner', '128', '--use-aes=y', '--'], 'refused encrypted'),
    ]
    for name, command, expected in tools:
        out = os.path.join(folder, name + '.pdf')
        subprocess.run(command + [source, out], check=True)
        with open(out, 'rb') as f:
            yield name, f.read(), expected
    out = os.path.join(folder, 'pdftk.pdf')
    subprocess.run(['pdftk', source, 'output', out], check=True)
    with open(out, 'rb') as f:
        yield 'pdftk', f.read(), 'good - fields=6'
    os.unlink(source)


def damaged_pdfs():
    plain = sample().bytes()
    saved = increment(plain, 5, '<</FT/Tx/T(q1)/V(%s)>>' % ('x' * 400))
    for percent in (5, 30, 60, 90, 97):
        yield f'cut-{percent}', plain[:len(plain) * percent // 100], '(review|refused) (repaired|unreadable|no_form|tail)'
    for cut in (20, 200, 500):
        yield f'cut-increment-{cut}', plain + saved[len(plain):len(plain) + cut], 'review tail'
    yield 'cut-increment-eof', saved[:-7], '(review|refused) (repaired|tail)'
    yield 'cut-eof', plain[:-7], 'review tail'
    yield 'crlf', plain.replace(b'\n', b'\r\n'), 'review repaired'
    yield 'two-files', plain + plain.replace(b'A944', b'B111'), 'refused two_files'
    yield 'two-files-short', plain + b'%PDF-1.4\n', 'refused two_files'
    yield 'tail', plain + b'<script>' * 10, 'review tail'
    yield 'tail-long', plain + b'x' * 1100, 'refused tail'
    yield 'tail-zip', plain + b'PK\3\4' + b'\0' * 3000, 'refused tail'
    yield 'prefix-html', b'<html><body>' + plain, 'review (repaired|prefix)'
    yield 'prefix-white', b'\n\n' + plain, '(good -|review repaired)'
    yield 'header-only', b'%PDF-1.7\n', 'refused (unreadable|no_form)'
    yield 'header-twice-only', b'%PDF-%PDF-%PDF-', 'refused'
    yield 'not-a-pdf', b'hello', 'refused unreadable'
    yield 'empty', b'', 'refused unreadable'
    data = plain
    for i in range(6):
        data = increment(data, 4, f'<</FT/Tx/T(plico_unit)/V(A94{i})>>')
    yield 'saved-often', data, 'review versions'
    yield 'xref-zero', plain.replace(b'startxref\n', b'startxref\n0\n%'), 'review repaired'


def odd_forms():
    pdf = Pdf()
    yield 'no-form', pdf.form([]).bytes(), 'refused no_form'
    pdf = sample()
    pdf.set(pdf.catalog, '<</Type/Catalog/Pages 2 0 R>>')
    yield 'no-acroform', pdf.bytes(), 'refused no_form'
    pdf = Pdf()
    yield 'doubled-equal', pdf.form([pdf.text('a', '(1)'), pdf.text('a', '(1)')]).bytes(), 'review doubled_fields'
    pdf = Pdf()
    yield 'doubled-different', pdf.form([pdf.text('a', '(1)'), pdf.text('a', '(2)')]).bytes(), 'refused doubled_fields'
    pdf = Pdf()
    yield 'xfa', pdf.form([pdf.text('a')], more='/XFA(<x/>)').bytes(), 'refused xfa'
    pdf = Pdf()
    yield 'needs-rendering', pdf.form([pdf.text('a')], catalog='/NeedsRendering true').bytes(), 'refused xfa'
    for name, value, shown in (('value-only', 'si', 'Off'), ('shown-only', 'Off', 'si'), ('different', 'si', 'no'),
                               ('two-shown', 'si', 'si no'), ('two-shown-last', 'no', 'si no')):
        pdf = Pdf()
        yield f'radio-{name}', pdf.form([pdf.radio('r', ['si', 'no'], value, shown)]).bytes(), 'review button_mismatch'
    pdf = Pdf()
    yield 'check-value-only', pdf.form([pdf.check('c', 'si', 'Off')]).bytes(), 'review button_mismatch'
    pdf = Pdf()
    value = pdf.add(stream('', b'hidden', compress=False))
    yield 'value-stream', pdf.form([pdf.text('a', f'{value} 0 R')]).bytes(), 'refused unreadable'
    pdf = Pdf()
    yield 'value-dictionary', pdf.form([pdf.text('a', '<</A 1>>')]).bytes(), 'refused unreadable'
    pdf = Pdf()
    yield 'value-long', pdf.form([pdf.text('a', '(' + 'x' * 70000 + ')')]).bytes(), 'refused too_large'
    pdf = Pdf()
    yield 'value-10mb', pdf.form([pdf.text('a', '(' + 'x' * 10300000 + ')')]).bytes(), 'refused too_large'
    pdf = Pdf()
    yield 'values-5mb', pdf.form([pdf.text(f'a{i}', '(' + 'x' * 60000 + ')') for i in range(90)]).bytes(), 'refused too_large'
    pdf = Pdf()
    yield 'name-long', pdf.form([pdf.text('n' * 1000000)]).bytes(), 'refused too_large'
    pdf = Pdf()
    action = '/AA<</K<</S/JavaScript/JS(app.launchURL\\("http://127.0.0.1/"\\))>>>>'
    launch = '/OpenAction<</S/Launch/F(/bin/sh)>>'
    yield 'active', pdf.form([pdf.text('a', '(1)', action)], catalog=launch).bytes(), 'good -'


def graphs():
    pdf = Pdf()
    one, two = pdf.add(b''), pdf.add(b'')
    pdf.set(one, f'<</FT/Tx/T(a)/Kids[{two} 0 R]>>')
    pdf.set(two, f'<</FT/Tx/T(b)/Kids[{one} 0 R]>>')
    yield 'kids-loop', pdf.form([one]).bytes(), 'refused (unreadable|no_form|too_large)'
    pdf = Pdf()
    one = pdf.add(b'')
    pdf.set(one, f'<</FT/Tx/T(a)/Kids[{one} 0 R]>>')
    yield 'kids-self', pdf.form([one]).bytes(), 'refused (unreadable|no_form|too_large)'
    pdf = Pdf()
    node = pdf.text('leaf')
    for i in range(28):
        node = pdf.add(f'<</FT/Tx/T(n)/Kids[{node} 0 R {node} 0 R]>>')
    yield 'kids-dag', pdf.form([node]).bytes(), 'refused (too_many|doubled_fields)'
    pdf = Pdf()
    node = pdf.text('leaf')
    for i in range(40):
        node = pdf.add(f'<</FT/Tx/T(n)/Kids[{node} 0 R]>>')
    yield 'kids-deep', pdf.form([node]).bytes(), 'refused unreadable'
    pdf = Pdf()
    shared = '[' + ' '.join('<</AS/Off>>' for i in range(4000)) + ']'
    kids = pdf.add(shared)
    nodes = [pdf.add(f'<</FT/Btn/T(n{i})/Kids {kids} 0 R>>') for i in range(4000)]
    yield 'kids-shared', pdf.form(nodes).bytes(), 'refused too_many'
    pdf = Pdf()
    one = pdf.add(b'')
    pdf.set(one, f'<</T(a)/Parent {one} 0 R>>')
    yield 'parent-self', pdf.form([one]).bytes(), 'good -'
    pdf = Pdf()
    yield 'array-deep', pdf.form([pdf.text('a', '[' * 1000000)]).bytes(), '(review|refused)'
    pdf = Pdf()
    yield 'dictionary-deep', pdf.form([pdf.text('a', '<</A' * 100000)]).bytes(), '(review|refused)'


def floods():
    pdf = Pdf()
    yield 'fields-20000', pdf.form([pdf.text(f'f{i}') for i in range(20000)]).bytes(), 'refused too_many'
    fields = ' '.join(f'<</T(f{i})>>' for i in range(1000000))
    yield 'fields-1000000', packed_pdf({3: f'<</AcroForm<</Fields[{fields}]>>>>', 4: 'null'}), 'refused (too_many|too_large)'
    many = {i: 'null' for i in range(4, 250000)}
    yield 'objects-250000', packed_pdf({3: '<</AcroForm<</Fields[<</T(a)>>]>>>>', **many}), 'refused too_many'
    good = b'3 0 <</AcroForm<</Fields[<</T(a)/V(1)>>]>>/X '
    for name, bomb in (('string', b'(' + b'x' * (120 << 20) + b')'), ('array', b'[' + b'0 ' * (60 << 20) + b']'),
                       ('name', b'/' + b'x' * (100 << 20)), ('blanks', b' ' * (120 << 20) + b'1')):
        yield f'bomb-{name}', packed_pdf({3: ''}, '/Type/ObjStm/N 1/First 4', good + bomb + b'>>'), '(good|review|refused)'
    out = bytearray(b'%PDF-1.7\n')
    at = len(out)
    out += b'1 0 obj\n' + stream('/Type/XRef/Size 100000000/W[1 1 1]/Root 1 0 R', b'\0' * (120 << 20)) + b'\nendobj\n'
    out += b'startxref\n%d\n%%%%EOF\n' % at
    yield 'bomb-xref', bytes(out), 'refused'
    pdf = Pdf()
    value = pdf.add(stream('', b'x' * (120 << 20)))
    yield 'bomb-value', pdf.form([pdf.text('a', f'{value} 0 R')]).bytes(), 'refused unreadable'


def tables():
    plain = sample().bytes()
    xref = int(plain[plain.rindex(b'startxref') + 9:].split()[0])
    loop = plain.replace(b'/Root 1 0 R>>', b'/Root 1 0 R/Prev %d>>' % xref)
    yield 'xref-prev-loop', loop, '(review|refused)'
    yield 'xref-size-2g', plain.replace(b'/Size 11', b'/Size 2147483647'), '(good|review|refused)'
    yield 'xref-subsection-2g', plain.replace(b'xref\n0 ', b'xref\n2147483640 '), '(review|refused)'
    yield 'xref-subsection-negative', plain.replace(b'xref\n0 ', b'xref\n-5 '), '(review|refused)'
    yield 'xref-stm-loop', plain.replace(b'/Root 1 0 R>>', b'/Root 1 0 R/XRefStm %d>>' % xref), '(good|review|refused)'
    data = bytearray(plain)
    for i in range(20000):
        at = len(data)
        data += b'xref\n0 0\ntrailer\n<</Size 11/Root 1 0 R/Prev %d>>\n' % xref
        xref = at
    yield 'xref-chain-20000', bytes(data) + b'startxref\n%d\n%%%%EOF\n' % xref, '(review|refused)'
    yield 'objstm-self', packed_pdf({3: '<</AcroForm 1 0 R>>', 1: '<<>>'}), '(review|refused)'
    yield 'objstm-2g', packed_pdf({3: ''}, '/Type/ObjStm/N 2000000000/First 8', b'3 0'), 'refused'
    yield 'objstm-extends', packed_pdf({3: '<</AcroForm<</Fields[5 0 R]>>>>', 4: ''}, '/Type/ObjStm/N 1/First 4/Extends 1 0 R', b'3 0 <</AcroForm<</Fields[5 0 R]>>>>'), 'refused'
    repair = b'%PDF-1.7\n' + b''.join(b'%d 0 obj null endobj\n' % i for i in range(1, 100000))
    yield 'no-table', repair + b'trailer<</Root 1 0 R>>', 'refused'


def mutants():
    """200 random damages: whatever is said of them, somebody says it."""
    dice = random.Random(7)
    plain = increment(sample().bytes(), 4, '<</FT/Tx/T(plico_unit)/V(A945)>>')
    for i in range(200):
        data = bytearray(plain)
        for _ in range(dice.randint(1, 20)):
            how = dice.randrange(4)
            at = dice.randrange(len(data))
            if how == 0:
                data[at] = dice.randrange(256)
            elif how == 1:
                del data[at:at + dice.randint(1, 40)]
            elif how == 2:
                data[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 40)))
            else:
                other = dice.randrange(len(data))
                data[at:at] = data[other:other + dice.randint(1, 200)]
        yield f'mutant-{i}', bytes(data), '(good|review|refused)'


# --- mail -----------------------------------------------------------------------------------------------------

HEAD = 'From: Comune di Barletta <protocollo@barletta.example>\nTo: mappa@mappa.example\nSubject: R: Mappa\n' \
    'Message-ID: <reply@barletta.example>\nIn-Reply-To: <l1.A669@mappa.example>\nMIME-Version: 1.0\n'


def part(content_type, body, *more):
    data = body if isinstance(body, bytes) else body.encode()
    fields = '\n'.join((f'Content-Type: {content_type}',) + more)
    if not any('Transfer-Encoding' in m for m in more):
        return f'{fields}\nContent-Transfer-Encoding: base64\n\n'.encode() + base64.encodebytes(data)
    return f'{fields}\n\n'.encode() + data


def multipart(parts, boundary='=_b', subtype='mixed'):
    out = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n'.encode()
    for p in parts:
        out += f'\n--{boundary}\n'.encode() + p
    return out + f'\n--{boundary}--\n'.encode()


def mail(body, head=HEAD):
    return head.encode() + body


def shapes():
    pdf = sample().bytes()
    text = part('text/plain; charset=utf-8', 'In allegato il modulo.\n')
    attached = part('application/pdf; name=modulo.pdf', pdf, 'Content-Disposition: attachment; filename=modulo.pdf')
    good = 'class=return .*pdf good - fields=6'
    yield 'plain', mail(multipart([text, attached])), good + ' name="modulo.pdf"'
    yield 'inline', mail(multipart([text, part('application/pdf', pdf, 'Content-Disposition: inline; filename=m.pdf')])), good
    yield 'no-name', mail(multipart([text, part('application/pdf', pdf)])), good + ' name=""'
    yield 'wrong-type', mail(multipart([text, part('application/msword; name=a.doc', pdf)])), good
    yield 'as-text', mail(multipart([part('text/plain', pdf)])), good
    yield 'alone', mail(part('application/octet-stream', pdf)), good
    yield 'path', mail(multipart([part('application/pdf; name="../../etc/passwd"', pdf)])), good + ' name="../../etc/passwd"'
    yield 'name-2231', mail(multipart([part("application/pdf; name*=utf-8''citt%C3%A0%0A.pdf", pdf)])), good + ' name="città'
    yield 'name-2047', mail(multipart([part('application/pdf; name="=?utf-8?Q?citt=C3=A0.pdf?="', pdf)])), good + ' name="città.pdf"'
    inner = mail(multipart([text, attached], '=_inner'))
    forwarded = part('message/rfc822', inner, 'Content-Transfer-Encoding: 8bit')
    yield 'forwarded', mail(multipart([text, forwarded])), good
    twice = part('message/rfc822', mail(multipart([forwarded], '=_twice')), 'Content-Transfer-Encoding: 8bit')
    yield 'forwarded-twice', mail(multipart([text, twice])), good
    yield 'forwarded-base64', mail(multipart([text, part('message/rfc822; name=a.eml', inner)])), '(pdf good|attachment)'
    quoted = quopri.encodestring(pdf)
    yield 'quoted-printable', mail(multipart([part('application/pdf', quoted, 'Content-Transfer-Encoding: quoted-printable')])), good
    yield 'binary', mail(multipart([part('application/pdf', pdf, 'Content-Transfer-Encoding: binary')])), good
    yield 'old-mac', mail(multipart([text, attached])).replace(b'\n', b'\r'), good
    yield 'crlf', mail(multipart([text, attached])).replace(b'\n', b'\r\n'), good
    yield 'two', mail(multipart([attached, attached])), good + '.*pdf good'
    yield 'no-end', mail(multipart([text, attached]))[:-8], good
    yield 'same-boundary', mail(multipart([multipart([text, attached])])), 'class='
    yield 'wrong-charset', mail(part('text/plain; charset=utf-8', 'perché'.encode('latin-1'))), 'class=other.*perch.303.251'
    yield 'rare-charset', mail(part('text/plain; charset=koi8-r', 'ciao')), 'class=other.*ciao'
    yield 'html', mail(part('text/html; charset=iso-8859-1', '<style>p{}</style><p>Citt\xe0 &egrave; qui</p>'.encode('latin-1'))), 'class=other.*Citt.303.240 .303.250 qui"'
    yield 'signed-p7m', mail(multipart([text, part('application/pkcs7-mime; name=modulo.pdf.p7m', b'\x30\x82\x10\0' + pdf)])), 'class=other.*attachment modulo.pdf.p7m'
    yield 'zip', mail(multipart([text, part('application/zip; name=moduli.zip', b'PK\3\4' + b'\0' * 26 + pdf)])), 'class=other.*attachment moduli.zip'
    yield 'photo', mail(multipart([text, part('image/jpeg; name=foto.jpg', b'\xff\xd8\xff')])), 'class=other.*attachment foto.jpg'
    logo = multipart([part('text/html', '<img src="cid:1">ciao'), part('image/png', b'\x89PNG', 'Content-ID: <1>')], '=_r', 'related')
    yield 'logo', mail(logo), 'class=other [^@]*@[^@]*@[^@]*text "ciao"'
    yield 'protocol', mail(multipart([text, part('application/xml; name=Conferma.xml', '<Conferma/>')])), 'class=auto_reply'
    yield 'winmail', mail(multipart([text, part('application/ms-tnef; name=winmail.dat', b'\x78\x9f\x3e\x22')])), 'class=other.*attachment winmail.dat'
    yield 'empty', b'', '(class=other|error: )'
    yield 'nothing-but-nul', b'\0' * 100000, 'error: '
    yield 'text-only', b'Buongiorno,\nnon partecipiamo.\n', 'error: .*no mail message'


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
    expected = 'class=bounce.*reference l1.A944@mappa.example.*bounce failed 5.1.1 smtp; 550 5.1.1 .*User unknown'
    yield 'dsn-postfix', mail(report, postfix), expected
    yield 'dsn-crlf', mail(report, postfix).replace(b'\n', b'\r\n'), expected
    headers = multipart([part('text/plain', 'I am sorry'), part('message/delivery-status', dsn.replace('failed', 'delayed').replace('5.1.1', '4.4.1'), 'Content-Transfer-Encoding: 7bit'),
                         part('text/rfc822-headers', 'Subject: Mappa\nMessage-ID:\n <l1.A944@mappa.example>\n', 'Content-Transfer-Encoding: 7bit')], '=_d', 'report')
    yield 'dsn-delayed', mail(headers, postfix), 'class=bounce.*reference l1.A944@mappa.example.*bounce delayed 4.4.1'
    yield 'bounce-qmail', mail(part('text/plain', 'Hi. This is the qmail-send program.\n<a@b.example>:\nno mailbox here\n\n--- Below\n\nReturn-Path: <mappa@mappa.example>\nMessage-ID: <l1.A944@mappa.example>\n'), postfix.replace('Auto-Submitted: auto-replied\n', '')), 'class=bounce.*reference l1.A944@mappa.example'
    yield 'forwarded-bounce', mail(multipart([text, part('message/rfc822', mail(report, postfix), 'Content-Transfer-Encoding: 8bit')])), 'class=return'
    yield 'vacation', mail(text, HEAD + 'Auto-Submitted: auto-replied (vacation)\n'), 'class=auto_reply automatic=1.*reference l1.A669@mappa.example'
    yield 'vacation-no', mail(text, HEAD + 'Auto-Submitted: no\n'), 'class=other automatic=0'
    yield 'vacation-precedence', mail(text, HEAD + 'Precedence: auto_reply\n'), 'class=auto_reply'
    yield 'vacation-subject', mail(text, HEAD.replace('R: Mappa', 'Risposta automatica: Mappa')), 'class=auto_reply'
    yield 'vacation-pdf', mail(multipart([text, part('application/pdf', pdf)]), HEAD + 'Auto-Submitted: auto-replied\n'), 'class=return automatic=1.*pdf good'
    mdn = multipart([text, part('message/disposition-notification', 'Original-Message-ID: <l1.A669@mappa.example>\nDisposition: manual-action; displayed\n', 'Content-Transfer-Encoding: 7bit')], '=_m', 'report; report-type=disposition-notification')
    yield 'read-receipt', mail(mdn, HEAD.replace('In-Reply-To: <l1.A669@mappa.example>\n', '')), 'class=auto_reply.*reference l1.A669@mappa.example'


def pec():
    pdf = sample().bytes()
    original = part('message/rfc822; name=postacert.eml', mail(multipart([part('text/plain', 'Si trasmette.'), part('application/pdf; name=m.pdf', pdf)], '=_o')), 'Content-Transfer-Encoding: 8bit')
    daticert = part('application/xml; name=daticert.xml', '<postacert tipo="posta-certificata"/>')
    signature = part('application/pkcs7-signature; name=smime.p7s', b'0\x80')
    head = 'From: "Per conto di: protocollo@pec.barletta.example" <posta-certificata@gestore.example>\nReply-To: protocollo@pec.barletta.example\nMIME-Version: 1.0\n'

    def envelope(marker, subject, *parts):
        return mail(multipart([multipart([part('text/plain', 'Messaggio del gestore.'), *parts], '=_i'), signature], '=_s', 'signed; protocol="application/pkcs7-signature"'),
                    f'{head}{marker}\nSubject: {subject}\n')
    yield 'transport', envelope('X-Trasporto: posta-certificata', 'POSTA CERTIFICATA: R: Mappa', daticert, original), \
        'class=return .*transport=posta-certificata.*reference l1.A669@mappa.example.*pdf good - fields=6 name="m.pdf"'
    yield 'anomaly', envelope('X-Trasporto: errore', 'ANOMALIA MESSAGGIO: R: Mappa', original), 'class=return .*transport=errore.*pdf good'
    reference = '\nX-Riferimento-Message-ID: <l1.A669@mappa.example>'
    for kind in ('accettazione', 'non-accettazione', 'avvenuta-consegna', 'errore-consegna', 'preavviso-errore-consegna'):
        yield f'receipt-{kind}', envelope(f'X-Ricevuta: {kind}{reference}', 'RICEVUTA: Mappa', daticert, original), \
            f'class=receipt .*receipt={kind} reference l1.A669@mappa.example [^@]*$'
    forged = part('message/rfc822', envelope(f'X-Ricevuta: avvenuta-consegna{reference}', 'CONSEGNA', daticert), 'Content-Transfer-Encoding: 8bit')
    yield 'receipt-inside', envelope('X-Trasporto: posta-certificata', 'POSTA CERTIFICATA: x', daticert, forged), 'class=other .*transport=posta-certificata receipt='
    out_of_office = part('message/rfc822', mail(part('text/plain', 'Assente'), HEAD + 'Auto-Submitted: auto-replied\n'), 'Content-Transfer-Encoding: 8bit')
    yield 'transport-vacation', envelope('X-Trasporto: posta-certificata', 'POSTA CERTIFICATA: x', daticert, out_of_office), 'class=auto_reply'


def nested(levels, how):
    if how == 'multipart':
        return ''.join(f'Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n' for i in range(levels)) + '\nx\n'
    return 'Content-Type: message/rfc822\n\n' * levels + '\nx\n'


def mail_floods():
    pdf = sample().bytes()
    yield 'groups-100k', mail(b'\nx\n', 'From: ' + 'a:' * 50000 + '\n'), 'error: .*field of its header is too long'
    yield 'groups-folded', mail(b'\nx\n', 'From: ' + 'a:a:a:\n ' * 20000 + '\n'), 'error: .*(too long)'
    yield 'groups-small', mail(b'\nx\n', 'From: ' + 'a:' * 7500 + '\n'), 'class=other'
    yield 'header-line-20mb', mail(b'\nx\n', 'Subject: ' + 'x' * (20 << 20) + '\n'), 'error: .*too long'
    yield 'fields-200000', mail(b'\nx\n', 'X-A: b\n' * 200000), 'error: .*(too many fields|too long)'
    yield 'folds-500000', mail(b'\nx\n', 'X-A: b\n' + ' c\n' * 500000), 'error: .*too long'
    yield 'recipients', mail(b'\nx\n', 'To: ' + ', '.join(f'u{i}@a.example' for i in range(100000)) + '\n'), 'error: .*too long'
    yield 'words-2047', mail(b'\nx\n', 'Subject: ' + '=?utf-8?Q?a?= ' * 1000 + '\n'), 'class=other'
    yield 'no-blank-line', b'X' * (1 << 20), 'error: .*too long'
    yield 'parts-100000', mail(b'Content-Type: multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 100000), 'error: .*too many parts'
    yield 'parts-190', mail(multipart([part('text/plain', 'x')] * 190)), 'class=other'
    for how in ('multipart', 'message'):
        yield f'nested-{how}-20000', mail(nested(20000, how).encode()), 'error: .*nested too deep'
        yield f'nested-{how}-15', mail(nested(15, how).encode()), 'class=other'
    yield 'pdfs-21', mail(multipart([part('application/pdf', pdf)] * 21)), 'error: .*too many PDF'
    yield 'base64-30mb', mail(part('application/zip; name=a.zip', b'x' * (22 << 20))), 'class=other.*attachment a.zip'
    yield 'base64-garbage', mail(part('application/pdf; name=a.pdf', b'\xff!$%' * 100000, 'Content-Transfer-Encoding: base64')), 'class=other'
    yield 'boundary-1mb', mail(multipart([part('text/plain', 'x')], 'b' * (1 << 20))), 'error: .*too long'
    yield 'boundary-empty', mail(multipart([part('text/plain', 'x')], '')), 'class=other'
    yield 'boundary-2231', mail(b'Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n--ab\n\nx\n--ab--\n'), 'error: .*two ways'
    yield 'boundary-comment', mail(b'Content-Type: multipart/mixed; (x) boundary=b\n\n--b\n\nx\n--b--\n'), 'error: .*two ways'
    yield 'type-blank', mail(b'Content-Type : multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 1000), 'error: .*too many parts'
    yield 'boundary-none', mail(b'Content-Type: multipart/mixed\n\n--b\n\nx\n--b--\n'), 'class=other'
    yield 'two-types', mail(b'Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 100000), 'error: .*two ways'
    yield 'digest', mail(b'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nx\n--b--\n'), 'class=other'


def write(folder, kind, ending, makers):
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    with open(os.path.join(folder, kind + '.tsv'), 'w', encoding='utf-8') as table:
        for maker in makers:
            for name, data, expected in maker:
                with open(os.path.join(folder, kind, name + ending), 'wb') as f:
                    f.write(data)
                table.write(f'{name}{ending}\t{expected}\n')


def verify(table, output):
    """TAP on standard output: does each file's text in @output match what @table expects?"""
    said, name = {}, None
    for line in open(output, encoding='utf-8'):
        start = re.match(r'([\w.-]+\.(?:pdf|eml)): (.*)', line)
        if start:
            name = start[1]
            said[name] = start[2]
        elif name:
            said[name] += ' ' + line.strip()
    rows = [line.rstrip('\n').split('\t') for line in open(table, encoding='utf-8')]
    for i, (name, expected) in enumerate(rows, 1):
        got = said.get(name, '')
        good = re.search(expected, got)
        print(f'{"ok" if good else "not ok"} {i} - {name}')
        if not good:
            print(f'# expected: {expected}\n# got: {got[:500]}')
    print(f'1..{len(rows)}')


def main():
    if sys.argv[1] == '--verify':
        verify(*sys.argv[2:])
        return
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    write(folder, 'pdf', '.pdf', (sound_pdfs(), tool_pdfs(folder), damaged_pdfs(), odd_forms(), graphs(), floods(),
                                  tables(), mutants()))
    write(folder, 'mail', '.eml', (shapes(), automatic(), pec(), mail_floods()))


main()
