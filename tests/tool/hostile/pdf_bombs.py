"""Files that want more than there is: loops, floods, bombs."""
from .pdf import Pdf, deflated, packed_pdf, sample, squeezed, stream, xref_stream

MIB = 1 << 20


def graphs():
    pdf = Pdf()
    one, two = pdf.add(b''), pdf.add(b'')
    pdf.set(one, f'<</FT/Tx/T(a)/Kids[{two} 0 R]>>')
    pdf.set(two, f'<</FT/Tx/T(b)/Kids[{one} 0 R]>>')
    yield 'kids-loop', pdf.form([one]).bytes()
    pdf = Pdf()
    one = pdf.add(b'')
    pdf.set(one, f'<</FT/Tx/T(a)/Kids[{one} 0 R]>>')
    yield 'kids-self', pdf.form([one]).bytes()
    pdf = Pdf()
    node = pdf.text('leaf')
    for i in range(28):
        node = pdf.add(f'<</FT/Tx/T(n)/Kids[{node} 0 R {node} 0 R]>>')
    yield 'kids-dag', pdf.form([node]).bytes()
    pdf = Pdf()
    node = pdf.text('leaf')
    for i in range(40):
        node = pdf.add(f'<</FT/Tx/T(n)/Kids[{node} 0 R]>>')
    yield 'kids-deep', pdf.form([node]).bytes()
    pdf = Pdf()
    shared = '[' + ' '.join('<</AS/Off>>' for i in range(4000)) + ']'
    kids = pdf.add(shared)
    nodes = [pdf.add(f'<</FT/Btn/T(n{i})/Kids {kids} 0 R>>') for i in range(4000)]
    yield 'kids-shared', pdf.form(nodes).bytes()
    pdf = Pdf()
    one = pdf.add(b'')
    pdf.set(one, f'<</T(a)/Parent {one} 0 R>>')
    yield 'parent-self', pdf.form([one]).bytes()
    pdf = Pdf()
    yield 'array-deep', pdf.form([pdf.text('a', '[' * 1000000)]).bytes()
    pdf = Pdf()
    yield 'dictionary-deep', pdf.form([pdf.text('a', '<</A' * 100000)]).bytes()


def floods():
    pdf = Pdf()
    yield 'fields-20000', pdf.form([pdf.text(f'f{i}') for i in range(20000)]).bytes()
    fields = ' '.join(f'<</T(f{i})>>' for i in range(1000000))
    yield 'fields-1000000', packed_pdf({3: f'<</AcroForm<</Fields[{fields}]>>>>', 4: 'null'})
    many = {i: 'null' for i in range(4, 250000)}
    yield 'objects-250000', packed_pdf({3: '<</AcroForm<</Fields[<</T(a)>>]>>>>', **many})
    good = b'3 0 <</AcroForm<</Fields[<</T(a)/V(1)>>]>>/X '
    for name, head, unit, tail in (('string', b'(', b'x' * MIB, b')'), ('array', b'[', b'0 ' * (MIB // 2), b']'), ('name', b'/', b'x' * MIB, b''),
                                   ('blanks', b'', b' ' * MIB, b'1'), ('nested', b'', b'[' * MIB, b''), ('comment', b'%', b'%' * MIB, b'\n1')):
        yield f'bomb-{name}', packed_pdf({3: ''}, '/Type/ObjStm/N 1/First 4', compressed=squeezed(good + head, unit, 120, tail + b'>>'))
    out = bytearray(b'%PDF-1.7\n')
    at = len(out)
    out += b'1 0 obj\n' + deflated('/Type/XRef/Size 100000000/W[1 1 1]/Root 1 0 R', squeezed(b'', b'\0' * MIB, 120)) + b'\nendobj\n'
    out += b'startxref\n%d\n%%%%EOF\n' % at
    yield 'bomb-xref', bytes(out)
    pdf = Pdf()
    value = pdf.add(deflated('', squeezed(b'', b'x' * MIB, 120)))
    yield 'bomb-value', pdf.form([pdf.text('a', f'{value} 0 R')]).bytes()
    pdf = Pdf()
    twice = deflated('', squeezed(b'', squeezed(b'', b'x' * MIB, 1), 1)).replace(b'/Filter/FlateDecode', b'/Filter[/FlateDecode/FlateDecode]')
    pdf.add(twice)
    yield 'bomb-twice', pdf.form([pdf.text('a', f'{len(pdf.objects)} 0 R')]).bytes()
    yield 'bomb-streams-40', many_streams(40)


def many_streams(count):
    """@count object streams, each a hundred MiB of blanks and one field: no limit of memory is touched, only time."""
    body = squeezed(b'%d 0 ', b' ' * MIB, 100, b'<</T(a)/V(1)>>')
    out = bytearray(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
    at, packed = {}, {}
    for i in range(count):
        number = 10 + i
        at[number] = len(out)
        deflate = squeezed(b'%d 0 ' % (100 + i), b' ' * MIB, 100, b'<</T(a%d)/V(1)>>' % i) if i == 0 else body
        out += b'%d 0 obj\n' % number + deflated(f'/Type/ObjStm/N 1/First {len(str(100 + i)) + 3}', deflate) + b'\nendobj\n'
        packed[100 + i] = (number, 0)
    fields = ' '.join(f'{100 + i} 0 R' for i in range(count))
    at[1] = len(out)
    out += f'1 0 obj\n<</Type/Catalog/AcroForm<</Fields[{fields}]>>>>\nendobj\n'.encode()
    at[2] = len(out)
    out += b'2 0 obj\n' + xref_stream(at, 100 + count, 1, packed) + b'\nendobj\n'
    return bytes(out) + b'startxref\n%d\n%%%%EOF\n' % at[2]


def tables():
    plain = sample().bytes()
    xref = int(plain[plain.rindex(b'startxref') + 9:].split()[0])
    loop = plain.replace(b'/Root 1 0 R>>', b'/Root 1 0 R/Prev %d>>' % xref)
    yield 'xref-prev-loop', loop
    yield 'xref-size-2g', plain.replace(b'/Size 11', b'/Size 2147483647')
    yield 'xref-subsection-2g', plain.replace(b'xref\n0 ', b'xref\n2147483640 ')
    yield 'xref-subsection-negative', plain.replace(b'xref\n0 ', b'xref\n-5 ')
    yield 'xref-stm-loop', plain.replace(b'/Root 1 0 R>>', b'/Root 1 0 R/XRefStm %d>>' % xref)
    data = bytearray(plain)
    for i in range(20000):
        at = len(data)
        data += b'xref\n0 0\ntrailer\n<</Size 11/Root 1 0 R/Prev %d>>\n' % xref
        xref = at
    yield 'xref-chain-20000', bytes(data) + b'startxref\n%d\n%%%%EOF\n' % xref
    yield 'objstm-self', packed_pdf({3: '<</AcroForm 1 0 R>>', 1: '<<>>'})
    yield 'objstm-2g', packed_pdf({3: ''}, '/Type/ObjStm/N 2000000000/First 8', b'3 0')
    yield 'objstm-extends', packed_pdf({3: '<</AcroForm<</Fields[5 0 R]>>>>', 4: ''}, '/Type/ObjStm/N 1/First 4/Extends 1 0 R', b'3 0 <</AcroForm<</Fields[5 0 R]>>>>')
    repair = b'%PDF-1.7\n' + b''.join(b'%d 0 obj null endobj\n' % i for i in range(1, 100000))
    yield 'no-table', repair + b'trailer<</Root 1 0 R>>'
