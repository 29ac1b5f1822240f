"""Building blocks of mails (RFC 2045 to 2049)."""
import base64

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
