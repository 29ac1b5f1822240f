"""Files that are cut, changed or not what they seem."""
import random

from .pdf import Pdf, increment, sample, stream


def damaged_pdfs():
    plain = sample().bytes()
    saved = increment(plain, 5, '<</FT/Tx/T(q1)/V(%s)>>' % ('x' * 400))
    for percent in (5, 30, 60, 90, 97):
        yield f'cut-{percent}', plain[:len(plain) * percent // 100]
    for cut in (20, 200, 500):
        yield f'cut-increment-{cut}', plain + saved[len(plain):len(plain) + cut]
    yield 'cut-increment-eof', saved[:-7]
    yield 'cut-eof', plain[:-7]
    yield 'crlf', plain.replace(b'\n', b'\r\n')
    yield 'two-files', plain + plain.replace(b'A944', b'B111')
    yield 'two-files-short', plain + b'%PDF-1.4\n'
    yield 'tail', plain + b'<script>' * 10
    yield 'tail-long', plain + b'x' * 1100
    yield 'tail-zip', plain + b'PK\3\4' + b'\0' * 3000
    yield 'prefix-html', b'<html><body>' + plain
    yield 'prefix-white', b'\n\n' + plain
    yield 'header-only', b'%PDF-1.7\n'
    yield 'header-twice-only', b'%PDF-%PDF-%PDF-'
    yield 'not-a-pdf', b'hello'
    yield 'empty', b''
    data = plain
    for i in range(6):
        data = increment(data, 4, f'<</FT/Tx/T(plico_unit)/V(A94{i})>>')
    yield 'saved-often', data
    yield 'xref-zero', plain.replace(b'startxref\n', b'startxref\n0\n%')


def odd_forms():
    pdf = Pdf()
    yield 'no-form', pdf.form([]).bytes()
    pdf = sample()
    pdf.set(pdf.catalog, '<</Type/Catalog/Pages 2 0 R>>')
    yield 'no-acroform', pdf.bytes()
    pdf = Pdf()
    yield 'doubled-equal', pdf.form([pdf.text('a', '(1)'), pdf.text('a', '(1)')]).bytes()
    pdf = Pdf()
    yield 'doubled-different', pdf.form([pdf.text('a', '(1)'), pdf.text('a', '(2)')]).bytes()
    pdf = Pdf()
    yield 'xfa', pdf.form([pdf.text('a')], more='/XFA(<x/>)').bytes()
    pdf = Pdf()
    yield 'needs-rendering', pdf.form([pdf.text('a')], catalog='/NeedsRendering true').bytes()
    for name, value, shown in (('value-only', 'si', 'Off'), ('shown-only', 'Off', 'si'), ('different', 'si', 'no'),
                               ('two-shown', 'si', 'si no'), ('two-shown-last', 'no', 'si no')):
        pdf = Pdf()
        yield f'radio-{name}', pdf.form([pdf.radio('r', ['si', 'no'], value, shown)]).bytes()
    pdf = Pdf()
    yield 'check-value-only', pdf.form([pdf.check('c', 'si', 'Off')]).bytes()
    pdf = Pdf()
    value = pdf.add(stream('', b'hidden', compress=False))
    yield 'value-stream', pdf.form([pdf.text('a', f'{value} 0 R')]).bytes()
    pdf = Pdf()
    yield 'value-dictionary', pdf.form([pdf.text('a', '<</A 1>>')]).bytes()
    pdf = Pdf()
    yield 'value-long', pdf.form([pdf.text('a', '(' + 'x' * 70000 + ')')]).bytes()
    pdf = Pdf()
    yield 'value-10mb', pdf.form([pdf.text('a', '(' + 'x' * 10300000 + ')')]).bytes()
    pdf = Pdf()
    yield 'values-5mb', pdf.form([pdf.text(f'a{i}', '(' + 'x' * 60000 + ')') for i in range(90)]).bytes()
    pdf = Pdf()
    yield 'name-long', pdf.form([pdf.text('n' * 1000000)]).bytes()
    pdf = Pdf()
    action = '/AA<</K<</S/JavaScript/JS(app.launchURL\\("http://127.0.0.1/"\\))>>>>'
    launch = '/OpenAction<</S/Launch/F(/bin/sh)>>'
    yield 'active', pdf.form([pdf.text('a', '(1)', action)], catalog=launch).bytes()


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
        yield f'mutant-{i}', bytes(data)
