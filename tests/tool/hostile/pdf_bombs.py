"""Files that want more than there is: loops, floods, bombs."""
from .pdf import Pdf, packed_pdf, sample, stream


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
