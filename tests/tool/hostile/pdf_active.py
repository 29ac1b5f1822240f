"""Files that want to do something, show something else than they hold, or are something else as well."""
import zlib

from .pdf import Pdf, increment, sample, stream


def actions():
    """What a viewer may do for a file (12.6). Nothing of it is done here, and no stream is opened."""
    http = '(http://127.0.0.1:9/x)'
    kinds = {
        'javascript': '/S/JavaScript/JS(app.launchURL\\("http://127.0.0.1:9/"\\);while\\(true\\);)',
        'launch': '/S/Launch/F(/bin/sh)/Win<</F(cmd.exe)/P(/c calc)>>',
        'submit': f'/S/SubmitForm/F<</FS/URL/F{http}>>/Flags 4',
        'import-data': '/S/ImportData/F(/etc/passwd)',
        'goto-remote': '/S/GoToR/F(\\\\\\\\127.0.0.1\\\\share\\\\a.pdf)/D[0/Fit]',
        'goto-embedded': '/S/GoToE/T<</R/C/N(a.pdf)>>/D[0/Fit]',
        'uri': f'/S/URI/URI{http}',
        'rendition': f'/S/Rendition/R<</S/MR/C<</S/MCD/D<</FS/URL/F{http}>>>>>>',
        'thread': '/S/Thread/F(/etc/passwd)/D 0',
        'hide': '/S/Hide/T(q1)/H true',
        'reset': '/S/ResetForm',
    }
    for name, action in kinds.items():
        pdf = sample()
        extra = pdf.text('q9', '(1)', f'/AA<</K<<{action}>>/C<<{action}>>>>/A<<{action}>>')
        pdf.set(pdf.page, f'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/AA<</O<<{action}>>>>>>')
        pdf.form([4, 5, 6, 7, extra], '/CO[4 0 R]', f'/OpenAction<<{action}>>/Names<</JavaScript<</Names[(a)<<{action}>>]>>>>')
        yield f'action-{name}', pdf.bytes()
    pdf = sample()
    inner = pdf.add(stream('/Type/EmbeddedFile/Subtype/application#2Fx-dosexec', b'MZ' + b'\0' * 60))
    pdf.form([4, 5, 6], catalog=f'/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(../../a.exe)/EF<</F {inner} 0 R>>>>]>>>>')
    yield 'embedded-program', pdf.bytes()
    pdf = sample()
    outer = pdf.add(b'<</Length 0/F(/etc/passwd)/FFilter/FlateDecode>>stream\n\nendstream')
    pdf.add(f'<</FT/Tx/T(q9)/V {outer} 0 R>>')
    yield 'external-stream', pdf.form([4, 5, len(pdf.objects)]).bytes()


def xfa():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [' + ''.join(
        f'<!ENTITY a{i} "{("&a%d;" % (i - 1)) * 10 if i else "lol"}">' for i in range(10)) + ']><x>&a9;</x>'
    for name, data in (('entities', bomb.encode()), ('external', b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'), ('empty', b'')):
        pdf = sample()
        packet = pdf.add(stream('', data))
        yield f'xfa-{name}', pdf.form([4, 5, 6], f'/XFA[(template) {packet} 0 R(datasets) {packet} 0 R]').bytes()


def encryption():
    handlers = {
        'unknown-handler': '<</Filter/Acme.Lock/V 1/R 2>>',
        'broken': '<</Filter/Standard/V 5/R 6/Length 256/O()/U()/OE()/UE()/P -1>>',
        'v-99': '<</Filter/Standard/V 99/R 99/O(x)/U(y)/P -4>>',
        'short-keys': '<</Filter/Standard/V 2/R 3/Length 128/O(a)/U(b)/P -4>>',
        'public-key': '<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/CF<</DefaultCryptFilter<</CFM/AESV2/Recipients[(x)]>>>>>>',
        'loop': '11 0 R',
    }
    for name, dictionary in handlers.items():
        pdf = sample()
        number = pdf.add(dictionary)
        yield f'encrypt-{name}', pdf.bytes(f'/Encrypt {number} 0 R/ID[(a)(a)]')


def polyglots():
    plain = sample().bytes()
    yield 'polyglot-gif', b'GIF89a/*\x01\0\x01\0\x80*/' + plain
    yield 'polyglot-shell', b'#!/bin/sh\nexit 0\n' + plain
    yield 'polyglot-zip-front', b'PK\3\4' + b'\0' * 26 + plain
    yield 'polyglot-zip-behind', plain + b'PK\5\6' + b'\0' * 18
    yield 'polyglot-html-behind', plain + b'<html><script>alert(1)</script>' * 40
    yield 'polyglot-late-header', b'\n' * 2000 + plain
    yield 'polyglot-p7m', b'0\x82\x10\0' + plain
    yield 'polyglot-mail', b'From: a@b.example\nContent-Type: application/pdf\n\n' + plain
    yield 'polyglot-postscript', b'%!PS-Adobe-3.0 PDF-1.7\n' + plain
    yield 'second-pdf-hidden', increment(plain, 3, '<</Type/Page>>') + sample().bytes(head=b'%PDF-1.4\n')
    yield 'second-header-in-comment', plain.replace(b'%%EOF', b'%a %PDF-1.3\n%%EOF')


def drawing():
    """Bombs for whoever draws a page: here none is drawn."""
    plain = b'1 0 0 1 0 0 cm '
    for name, content in (('q-million', b'q ' * 1000000), ('text-million', plain + b'BT /F1 1 Tf (x) Tj ET ' * 200000)):
        pdf = sample()
        number = pdf.add(stream('', content))
        pdf.set(pdf.page, f'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number} 0 R>>')
        yield f'draw-{name}', pdf.bytes()
    pdf = sample()
    pdf.set(pdf.page, '<</Type/Page/Parent 2 0 R/MediaBox[-2147483648 -2147483648 2147483647 2147483647]/UserUnit 75000>>')
    yield 'draw-huge-page', pdf.bytes()
    pdf = sample()
    shape = pdf.add(b'<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream')
    for _ in range(30):
        shape = pdf.add(b'<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A %d 0 R>>>>/Length 12>>stream\n/A Do /A Do \nendstream'
                        % shape)
    pdf.set(pdf.page, f'<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents {shape} 0 R/Resources<</XObject<</A {shape} 0 R>>>>>>')
    yield 'draw-shapes-2-to-30', pdf.bytes()
    for name, filters in (('jbig2', 'JBIG2Decode'), ('jpx', 'JPXDecode'), ('ccitt', 'CCITTFaxDecode')):
        pdf = sample()
        number = pdf.add(f'<</Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 1/ColorSpace/DeviceGray'
                         f'/Filter/{filters}/Length 4>>stream\n\xff\xff\xff\xff\nendstream')
        pdf.set(pdf.page, f'<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</A {number} 0 R>>>>>>')
        yield f'draw-{name}', pdf.bytes()


def values():
    """What a person may type, or a program in a person's name: to be stored as it is, and harmless wherever it is shown."""
    for name, value in (('sql', "'); DROP TABLE answer; --"), ('formula', '=HYPERLINK("http://127.0.0.1:9/"&A1,"x")'),
                        ('formula-at', '@SUM(1+1)*cmd|\'/c calc\'!A1'), ('html', '<script>alert(1)</script><img src=x onerror=alert(1)>'),
                        ('bidi', '\u202efdp.exe\u2066'), ('terminal', '\x1b]0;x\x07\x1b[2J'), ('nul', 'a\0b'), ('surrogate', '\ud800a'),
                        ('zero-width', 'a\u200bb\ufeffc'), ('template', '{comune} ${q1} {{7*7}}'), ('format', '%s%n%x'),
                        ('path', '../../../etc/passwd'), ('json', '","x":"'), ('csv', 'a";b\r\n=1+1;"')):
        pdf = Pdf()
        text = '<FEFF' + value.encode('utf-16-be', 'surrogatepass').hex() + '>'
        yield f'value-{name}', pdf.form([pdf.text('plico_unit', '(A944)'), pdf.text('q1', text)]).bytes()
    pdf = Pdf()
    yield 'value-filtered', pdf.form([pdf.text('a', f'<{zlib.compress(b"x").hex()}>')]).bytes()
