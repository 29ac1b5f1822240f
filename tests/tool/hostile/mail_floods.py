"""Mails that want more than there is."""
from .mail import mail, multipart, part
from .pdf import sample


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
