"""Building blocks of PDFs (ISO 32000-1), sound and odd."""
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


def deflated(dictionary, body):
    """A stream of what squeezed() gives."""
    return f'<<{dictionary}/Length {len(body)}/Filter/FlateDecode>>stream\n'.encode() + body + b'\nendstream'


def squeezed(head, unit, times, tail=b''):
    """@head, @times @unit and @tail compressed (RFC 1950): quick where @unit is large, since it is compressed once."""
    deflate = zlib.compressobj(9)
    out = deflate.compress(head) + deflate.flush(zlib.Z_FULL_FLUSH)
    one = deflate.compress(unit) + deflate.flush(zlib.Z_FULL_FLUSH)
    out += one * times + deflate.compress(tail) + deflate.flush()
    check = zlib.adler32(head)
    for _ in range(times):
        check = zlib.adler32(unit, check)
    return out[:-4] + zlib.adler32(tail, check).to_bytes(4, 'big')


def xref_stream(numbers, size, root, packed):
    """A cross-reference stream (7.5.8): @numbers maps an object to its offset, @packed to (stream, index)."""
    rows = bytearray(b'\0\0\0\0\0\0\0\xff\xff')
    for i in range(1, size):
        if i in packed:
            rows += b'\2' + packed[i][0].to_bytes(4, 'big') + packed[i][1].to_bytes(4, 'big')
        else:
            rows += b'\1' + numbers.get(i, 0).to_bytes(4, 'big') + b'\0\0\0\0'
    return stream(f'/Type/XRef/Size {size}/W[1 4 4]/Root {root} 0 R', bytes(rows[:9 * size]))


def packed_pdf(objects, stream_dict=None, contents=None, compressed=None):
    """Catalog and all @objects (number -> text) in one object stream. Object 1 is the stream, 2 the table. @compressed: what
    squeezed() gives, instead of @contents."""
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
    out += b'1 0 obj\n' + (stream(dictionary, data) if compressed is None else
                            deflated(dictionary, compressed)) + b'\nendobj\n'
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
