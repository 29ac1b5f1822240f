"""Containers: zip, gzip, CMS, TNEF. What may be in them, and what it costs to look."""
import gzip
import io
import struct
import zipfile
import zlib

from .mail import mail, multipart, part
from .pdf import sample, squeezed

TEXT = part('text/plain; charset=utf-8', 'In allegato i moduli.\n')


def attached(name, data, kind='application/octet-stream'):
    return mail(multipart([TEXT, part(f'{kind}; name="{name}"', data, f'Content-Disposition: attachment; filename="{name}"')]))


def packed(*entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, (2024, 10, 17, 8, 30, 0)), data, method)
    return out.getvalue()


def bomb(size):
    """A zip whose only entry is a PDF's header and @size zeros."""
    return one_entry(b'modulo.pdf', squeezed(b'%PDF-1.7\n', b'\0' * (1 << 20), size >> 20)[2:-4], size + 9, 0)


def one_entry(name, data, size, crc, flags=0, method=8):
    local = struct.pack('<4sHHHHHIIIHH', b'PK\3\4', 20, flags, method, 0, 0x5951, crc, len(data), size, len(name), 0) + name
    entry = struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\1\2', 20, 20, flags, method, 0, 0x5951, crc, len(data), size, len(name), 0, 0, 0, 0, 0, 0)
    end = struct.pack('<4sHHHHIIH', b'PK\5\6', 0, 0, 1, 1, len(entry) + len(name), len(local) + len(data), 0)
    return local + data + entry + name + end


def overlapping(count):
    """@count entries of a directory that all point at the same data."""
    data = zlib.compress(b'%PDF-1.7\n' + b'\0' * 1000000, 9)[2:-4]
    crc = zlib.crc32(b'%PDF-1.7\n' + b'\0' * 1000000)
    name = b'a.pdf'
    local = struct.pack('<4sHHHHHIIIHH', b'PK\3\4', 20, 0, 8, 0, 0x5951, crc, len(data), 1000009, len(name), 0) + name + data
    entries = b''.join(struct.pack('<4sHHHHHHIIIHHHHHII', b'PK\1\2', 20, 20, 0, 8, 0, 0x5951, crc, len(data), 1000009, 7, 0, 0, 0, 0, 0, 0)
                       + b'%03x.pdf' % (i % 4096) for i in range(count))
    end = struct.pack('<4sHHHHIIH', b'PK\5\6', 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + end


def zips():
    pdf = sample().bytes()
    yield 'zip-one', attached('moduli.zip', packed(('sezione_5.pdf', pdf)), 'application/zip')
    yield 'zip-with-others', attached('moduli.zip', packed(('a.pdf', pdf), ('leggimi.txt', b'ciao')), 'application/zip')
    yield 'zip-bomb-1gib', attached('moduli.zip', bomb(1 << 30), 'application/zip')
    yield 'zip-bomb-lying-size', attached('moduli.zip', one_entry(b'a.pdf', squeezed(b'%PDF-', b'\0' * (1 << 20), 64)[2:-4], 100, 0))
    yield 'zip-overlapping', attached('moduli.zip', overlapping(60000))
    yield 'zip-entries-21', attached('moduli.zip', packed(*[(f'{i}.pdf', pdf) for i in range(21)]))
    yield 'zip-in-zip', attached('moduli.zip', packed(('a.zip', packed(('a.pdf', pdf)))))
    yield 'zip-in-zip-100', attached('moduli.zip', nested_zip(100))
    yield 'zip-password', attached('moduli.zip', one_entry(b'a.pdf', b'\x8f' * 40, 28, 0, flags=1, method=0))
    yield 'zip-method-99', attached('moduli.zip', one_entry(b'a.pdf', b'\x8f' * 40, 28, 0, method=99))
    yield 'zip-traversal', attached('moduli.zip', packed(('../../../../tmp/plico-hostile.pdf', pdf), ('/tmp/plico-hostile.pdf', pdf)))
    yield 'zip-name-controls', attached('moduli.zip', packed(('a\x1b[2J\u202e.pdf', pdf)))
    yield 'zip-name-long', attached('moduli.zip', packed(('a' * 60000 + '.pdf', pdf)))
    yield 'zip-cut', attached('moduli.zip', packed(('a.pdf', pdf))[:-30])
    yield 'zip-crc', attached('moduli.zip', packed(('a.pdf', pdf), method=zipfile.ZIP_STORED).replace(b'A944', b'A945'))
    yield 'zip-empty', attached('moduli.zip', packed())
    yield 'zip-end-only', attached('moduli.zip', b'PK\5\6' + b'\xff' * 18)
    yield 'zip-named-pdf', attached('modulo.pdf', packed(('a.pdf', pdf)), 'application/pdf')
    grown = one_entry(b'a.pdf', squeezed(b'%PDF-1.7\n', b'\0' * (1 << 20), 19)[2:-4], (19 << 20) + 9, crc_of_grown())
    yield 'zips-20-that-grow', mail(multipart([part('application/zip; name=a.zip', grown)] * 20))
    yield 'docx', attached('modulo.docx', packed(('[Content_Types].xml', b'<Types/>'), ('word/document.xml', b'<x/>')))


def crc_of_grown():
    crc = zlib.crc32(b'%PDF-1.7\n')
    for _ in range(19):
        crc = zlib.crc32(b'\0' * (1 << 20), crc)
    return crc


def nested_zip(levels):
    data = sample().bytes()
    for i in range(levels):
        data = packed((f'{i}.zip', data), method=zipfile.ZIP_STORED)
    return data


def others():
    pdf = sample().bytes()
    twice = gzip.compress(gzip.compress(b'\0' * (64 << 20), 9, mtime=0), 9, mtime=0)
    yield 'gzip-in-gzip', attached('modulo.pdf.gz', twice, 'application/gzip')
    yield 'gzip-one', attached('modulo.pdf.gz', gzip.compress(pdf, mtime=0), 'application/gzip')
    yield '7z', attached('moduli.7z', b"7z\xbc\xaf'\x1c\0\4" + b'\xff' * 64)
    yield 'rar', attached('moduli.rar', b'Rar!\x1a\7\1\0' + b'\xff' * 64)
    yield 'tnef-cut', attached('winmail.dat', b'\x78\x9f\x3e\x22\0\0\1\6\x90\x08\0\4\0\0\0', 'application/ms-tnef')
    yield 'tnef-lying-length', attached('winmail.dat', b'\x78\x9f\x3e\x22\0\0\2\x0f\x80\6\0\xff\xff\xff\x7f' + b'x' * 100, 'application/ms-tnef')
    yield 'tnef-checksums', attached('winmail.dat', b'\x78\x9f\x3e\x22\0\0' + b'\2\x0f\x80\6\0\1\0\0\0x\xff\xff' * 5000, 'application/ms-tnef')
    yield 'tnef-blocks', attached('winmail.dat', b'\x78\x9f\x3e\x22\0\0' + b'\2\x0f\x80\6\0\0\0\0\0\0\0' * 50000, 'application/ms-tnef')


def der(tag, body, indefinite=False):
    if indefinite:
        return bytes([tag, 0x80]) + body + b'\0\0'
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return bytes([tag, 0x80 | len(length)]) + length + body


SIGNED = bytes.fromhex('06092a864886f70d010702')
DATA = bytes.fromhex('06092a864886f70d010701')


def cms(content, more=b''):
    """A SignedData (RFC 5652) without a signer: @content, then what stands behind it."""
    inner = der(0x30, DATA + der(0xa0, der(4, content)))
    return der(0x30, SIGNED + der(0xa0, der(0x30, b'\2\1\1' + b'1\0' + inner + more + b'1\0')))


def signed():
    pdf = sample().bytes()
    name = 'sezione_5.pdf.p7m'
    kind = 'application/pkcs7-mime'
    yield 'p7m-nobody-signed', attached(name, cms(pdf), kind)
    yield 'p7m-lying-length', attached(name, b'\x30\x84\x7f\xff\xff\xff' + SIGNED + pdf, kind)
    yield 'p7m-length-of-lengths', attached(name, b'\x30\xff' + b'\xff' * 127 + pdf, kind)
    yield 'p7m-ber-100000', attached(name, b'\x24\x80' * 100000 + b'\4\1x' + b'\0\0' * 100000, kind)
    yield 'p7m-ber-inside', attached(name, der(0x30, SIGNED + der(0xa0, b'\x24\x80' * 50000)), kind)
    data = pdf
    for _ in range(100):
        data = cms(data)
    yield 'p7m-nested-100', attached(name, data, kind)
    certificate = der(0x30, der(0x30, b'\2\1\1') + der(0x30, b'') + b'\3\1\0')
    yield 'p7m-certificates-10000', attached(name, cms(pdf, der(0xa0, certificate * 10000)), kind)
    yield 'p7m-30mb', attached(name, cms(b'%PDF-1.7\n' + b'x' * (24 << 20)), kind)
    yield 'p7m-cut', attached(name, cms(pdf)[:-200], kind)
    yield 'p7m-pem', attached(name, b'-----BEGIN PKCS7-----\n' + b'A' * 64 + b'\n-----END PKCS7-----\n', kind)
    yield 'p7m-pem-endless', attached(name, b'-----BEGIN PKCS7-----\n' * 100000, kind)
    yield 'p7m-empty', attached(name, b'', kind)
    yield 'p7m-text', attached(name, 'non è una firma', kind)
    yield 'p7m-holds-zip', attached(name, cms(packed(('a.pdf', pdf))), kind)
    yield 'p7m-holds-mail', attached(name, cms(mail(multipart([TEXT]))), kind)
