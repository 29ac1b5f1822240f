"""Mails that want more than there is."""
import base64

from .mail import mail, multipart, part
from .pdf import packed_pdf, sample, squeezed, stream


def nested(levels, how):
    if how == 'multipart':
        return ''.join(f'Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n' for i in range(levels)) + '\nx\n'
    return 'Content-Type: message/rfc822\n\n' * levels + '\nx\n'


def mail_floods():
    pdf = sample().bytes()
    yield 'groups-100k', mail(b'\nx\n', 'From: ' + 'a:' * 50000 + '\n')
    yield 'groups-folded', mail(b'\nx\n', 'From: ' + 'a:a:a:\n ' * 20000 + '\n')
    yield 'groups-small', mail(b'\nx\n', 'From: ' + 'a:' * 7500 + '\n')
    yield 'header-line-20mb', mail(b'\nx\n', 'Subject: ' + 'x' * (20 << 20) + '\n')
    yield 'fields-200000', mail(b'\nx\n', 'X-A: b\n' * 200000)
    yield 'folds-500000', mail(b'\nx\n', 'X-A: b\n' + ' c\n' * 500000)
    yield 'recipients', mail(b'\nx\n', 'To: ' + ', '.join(f'u{i}@a.example' for i in range(100000)) + '\n')
    yield 'words-2047', mail(b'\nx\n', 'Subject: ' + '=?utf-8?Q?a?= ' * 1000 + '\n')
    yield 'no-blank-line', b'X' * (1 << 20)
    yield 'parts-100000', mail(b'Content-Type: multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 100000)
    yield 'parts-190', mail(multipart([part('text/plain', 'x')] * 190))
    for how in ('multipart', 'message'):
        yield f'nested-{how}-20000', mail(nested(20000, how).encode())
        yield f'nested-{how}-15', mail(nested(15, how).encode())
    yield 'pdfs-21', mail(multipart([part('application/pdf', pdf)] * 21))
    yield 'base64-30mb', mail(part('application/zip; name=a.zip', b'x' * (22 << 20)))
    yield 'base64-garbage', mail(part('application/pdf; name=a.pdf', b'\xff!$%' * 100000, 'Content-Transfer-Encoding: base64'))
    yield 'boundary-1mb', mail(multipart([part('text/plain', 'x')], 'b' * (1 << 20)))
    yield 'boundary-empty', mail(multipart([part('text/plain', 'x')], ''))
    yield 'boundary-2231', mail(b'Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n--ab\n\nx\n--ab--\n')
    yield 'boundary-comment', mail(b'Content-Type: multipart/mixed; (x) boundary=b\n\n--b\n\nx\n--b--\n')
    yield 'type-blank', mail(b'Content-Type : multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 1000)
    yield 'boundary-none', mail(b'Content-Type: multipart/mixed\n\n--b\n\nx\n--b--\n')
    yield 'two-types', mail(b'Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n' + b'--b\n\nx\n' * 100000)
    yield 'digest', mail(b'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nx\n--b--\n')


def bodies():
    """Bodies of all encodings, at odds with themselves."""
    pdf = sample().bytes()
    for name, kind, body, encoding in (
            ('uuencode', 'application/pdf', b'begin 644 a.pdf\n' + b'M' + b'`' * 60 + b'\n`\nend\n', 'x-uuencode'),
            ('uuencode-endless', 'application/pdf', b'begin 644 a.pdf\n' + b'M%&\n' * 50000, 'x-uuencode'),
            ('qp-soft-breaks', 'text/plain', b'=\n' * 500000, 'quoted-printable'),
            ('qp-bad', 'text/plain', b'=ZZ=A=\n=' * 20000, 'quoted-printable'),
            ('qp-long-line', 'text/plain', b'a=3D' * 1000000, 'quoted-printable'),
            ('base64-newlines', 'application/pdf', b'\n'.join(base64.b64encode(pdf)[i:i + 1] for i in range(len(pdf))), 'base64'),
            ('base64-padding', 'application/pdf', b'=' * 1000000, 'base64'),
            ('base64-twice', 'application/pdf', base64.encodebytes(base64.encodebytes(pdf)), 'base64'),
            ('utf-16', 'text/plain; charset=utf-16', 'ciao\ud7ff'.encode('utf-16'), '8bit'),
            ('utf-16-odd', 'text/plain; charset=utf-16', b'\xff\xfea', '8bit'),
            ('utf-7', 'text/plain; charset=utf-7', b'+AGE' * 10000, '8bit'),
            ('charset-none', 'text/plain; charset=x-none', b'\xff\xfe\xfd', '8bit'),
            ('charset-long', 'text/plain; charset=' + 'a' * 10000, b'ciao', '8bit'),
            ('charset-path', 'text/plain; charset=../../../../tmp/x', b'ciao', '8bit'),
            ('iso-2022-kr', 'text/plain; charset=iso-2022-kr', b'\x1b$)C\x0e' + b'\xff' * 5000, '8bit'),
            ('html-deep', 'text/html', b'<div>' * 200000, '8bit'),
            ('html-comments', 'text/html', b'<!--' * 200000, '8bit'),
            ('html-styles', 'text/html', b'<style' * 200000, '8bit'),
            ('html-entities', 'text/html', b'&#99999999999999999999;&amp' * 20000, '8bit'),
            ('html-script', 'text/html', b'<script>document.location="http://127.0.0.1:9/"</script>ciao', '8bit'),
            ('text-controls', 'text/plain', b'\x1b]0;x\x07\x1b[2J\0\x85\xe2\x80\xaeciao', '8bit'),
            ('calendar', 'text/calendar; method=REQUEST', b'BEGIN:VCALENDAR\n' * 1000, '8bit'),
            ('partial', 'message/partial; id=a; number=1; total=9', b'From: a@b\n\nx\n', '8bit'),
            ('external', 'message/external-body; access-type=local-file; name="/etc/passwd"', b'Content-Type: text/plain\n\n', '8bit')):
        yield f'body-{name}', mail(part(kind, body, f'Content-Transfer-Encoding: {encoding}'))


def names():
    """What an attachment may call itself: shown, and never a path."""
    pdf = sample().bytes()
    for name, called in (('traversal', '../../../../../../tmp/plico-hostile'), ('absolute', '/tmp/plico-hostile'), ('windows', 'C:\\\\autoexec.bat'),
                         ('nul', 'a\0.pdf'), ('controls', 'a\x1b[2J.pdf'), ('bidi', 'a\u202efdp.exe'), ('long', 'a' * 10000 + '.pdf'), ('dots', '..'),
                         ('newline', 'a\r\nX-Ricevuta: accettazione'), ('html', '<img src=x>.pdf'), ('formula', '=1+1.pdf'), ('device', 'CON'),
                         ('quotes', '\\"\\"; name=b'), ('blank', ' '), ('percent', '%2e%2e%2fa.pdf'), ('slash', 'a/b/c.pdf')):
        kind = f'application/pdf; name="{called}"'.encode('utf-8')
        head = b'Content-Type: ' + kind + b'\nContent-Transfer-Encoding: base64\n\n'
        yield f'name-{name}', mail(multipart([part('text/plain', 'x'), head + base64.encodebytes(pdf)]))


def boundaries():
    """Parts that two readers count differently."""
    text = part('text/plain', 'x')
    inner = multipart([text, text], 'ab')
    yield 'boundary-prefix', mail(multipart([inner, text], 'a'))
    yield 'boundary-longer', mail(multipart([multipart([text], 'a'), text], 'ab'))
    yield 'boundary-blanks', mail(multipart([text], 'a').replace(b'--a\n', b'--a  \t \n'))
    yield 'boundary-dashes', mail(multipart([text, text], '-----'))
    yield 'boundary-never', mail(b'Content-Type: multipart/mixed; boundary=b\n\nx\n')
    yield 'boundary-end-first', mail(b'Content-Type: multipart/mixed; boundary=b\n\n--b--\n--b\n\nx\n--b--\n')
    yield 'boundary-quoted', mail(b'Content-Type: multipart/mixed; boundary="a b\\c"\n\n--a bc\n\nx\n--a bc--\n')
    yield 'boundary-case', mail(b'Content-Type: multipart/mixed; BOUNDARY=b\n\n--B\n\nx\n--b--\n')
    yield 'boundary-not-ascii', mail(b'Content-Type: multipart/mixed; boundary=\xe0\n\n--\xe0\n\nx\n--\xe0--\n')
    yield 'boundary-200', mail(multipart([text], 'b' * 200))
    yield 'parts-unclosed-180', mail(b''.join(b'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' % (i, i) for i in range(18)) + b'--b17\n\nx\n' * 160)
    yield 'digest-nested', mail(b''.join(b'Content-Type: multipart/digest; boundary=b%d\n\n--b%d\n\n' % (i, i) for i in range(12)) + b'\nx\n')
    yield 'rfc822-base64', mail(part('message/rfc822', mail(multipart([text] * 100))))
    yield 'message-global', mail(part('message/global', nested(30, 'message').encode(), 'Content-Transfer-Encoding: 8bit'))
    yield 'message-rfc822-in-text', mail(part('text/plain', nested(30, 'message').encode(), 'Content-Transfer-Encoding: 8bit'))


def weights():
    """As heavy as a mail may be, in each way."""
    pdf = sample().bytes()
    yield 'lines-of-dashes', mail(multipart([b'Content-Type: text/plain\n\n' + b'--\n' * 4000000]))
    yield 'lines-empty', mail(part('text/plain', b'\n' * (16 << 20), 'Content-Transfer-Encoding: 8bit'))
    yield 'line-30mb', mail(part('text/plain', b'x' * (30 << 20), 'Content-Transfer-Encoding: 8bit'))
    yield 'text-base64-30mb', mail(part('text/plain', b'x' * (22 << 20)))
    yield 'html-30mb', mail(part('text/html', b'<p>&amp;' * (3 << 20), 'Content-Transfer-Encoding: 8bit'))
    yield 'scans-3-of-8mb', mail(multipart([part('application/pdf; name=scan.pdf', heavy(8 << 20, i)) for i in range(3)]))
    yield 'scans-binary-3-of-10mb', mail(multipart([part('application/pdf', heavy((10 << 20) - 2000, i), 'Content-Transfer-Encoding: binary') for i in range(3)]))
    yield 'scan-too-large', mail(part('application/pdf', heavy(12 << 20, 1)))
    yield 'bombs-20', mail(multipart([part('application/pdf', bomb())] * 20))
    yield 'pdfs-20-good', mail(multipart([part('application/pdf', pdf)] * 20))
    yield 'rfc822-of-30mb', mail(part('message/rfc822', mail(part('application/pdf', heavy(9 << 20, 3))), 'Content-Transfer-Encoding: 8bit'))


def heavy(size, seed):
    """A sheet with a large picture, as scanners make them."""
    pdf = sample()
    picture = pdf.add(b'')
    pdf.set(picture, stream('/Type/XObject/Subtype/Image', bytes([seed]) * size, compress=False))
    return pdf.bytes()


def bomb():
    return packed_pdf({3: ''}, '/Type/ObjStm/N 1/First 4',
                      compressed=squeezed(b'3 0 <</AcroForm<</Fields[<</T(a)/V(1)>>]>>/X [', b'0 ' * (1 << 19), 120, b']>>'))
