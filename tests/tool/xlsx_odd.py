#!/usr/bin/python3
"""Workbooks that no honest program writes, and honest ones in unusual spellings, each made from its XML.

xlsx_odd.py DIR: writes DIR/bad/NAME.xlsx and DIR/bad.txt (NAME, tab, what the refusal must say, a regular expression),
and DIR/good/NAME.xlsx.
xlsx_odd.py --peak COMMAND ...: runs the command, passes its exit status on; 99 where it took more than 300 MiB.
"""
import os, resource, struct, subprocess, sys, zipfile

MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PKG = 'http://schemas.openxmlformats.org/package/2006/relationships'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def cell(place, text):
    text = text.replace('&', '&amp;').replace('<', '&lt;')
    return '<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (place, text)


def rows(*lines):
    out = []
    for r, line in enumerate(lines, 1):
        cells = ''.join(cell('%s%d' % (chr(65 + c), r), text) for c, text in enumerate(line) if text)
        out.append('<row r="%d">%s</row>' % (r, cells))
    return ''.join(out)


def sheet(data, main=MAIN):
    return HEAD + '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, data)


def relations(entries):
    return HEAD + '<Relationships xmlns="%s">%s</Relationships>' % (PKG, ''.join(
        '<Relationship Id="%s" Type="%s/%s" Target="%s"/>' % (i, REL, kind, target) for i, kind, target in entries))


def book(names, properties='', main=MAIN):
    return HEAD + '<workbook xmlns="%s" xmlns:r="%s"><workbookPr %s/><sheets>%s</sheets></workbook>' % (
        main, REL, properties, ''.join('<sheet name="%s" sheetId="%d" r:id="s%d"/>' % (n, i, i)
                                       for i, n in enumerate(names, 1)))


SURVEY = rows(('type', 'name', 'label'), ('begin_group', 's1', 'Sezione'), ('text', 'q1', 'Domanda'), ('end_group',))
SETTINGS = rows(('form_title', 'form_id', 'version', 'default_language'), ('Prova', 'prova', '1', 'Italiano (it)'))


def parts(survey=None, strings=None, styles=None, **more):
    """The parts of a small form; a part may be given, None takes it away."""
    entries = [('s1', 'worksheet', 'worksheets/sheet1.xml'), ('s2', 'worksheet', 'worksheets/sheet2.xml')]
    made = {
        '[Content_Types].xml': HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        '_rels/.rels': relations([('r1', 'officeDocument', 'xl/workbook.xml')]),
        'xl/workbook.xml': book(['survey', 'settings']),
        'xl/worksheets/sheet1.xml': survey if survey is not None else sheet(SURVEY),
        'xl/worksheets/sheet2.xml': sheet(SETTINGS),
    }
    if strings is not None:
        made['xl/sharedStrings.xml'] = strings
        entries.append(('t1', 'sharedStrings', '/xl/sharedStrings.xml'))
    if styles is not None:
        made['xl/styles.xml'] = styles
        entries.append(('y1', 'styles', 'styles.xml'))
    made['xl/_rels/workbook.xml.rels'] = relations(entries)
    made.update({name.replace('__', '/').replace('_DOT_', '.'): text for name, text in more.items()})
    return made


def write(path, made):
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, text in made.items():
            if text is not None:
                archive.writestr(zipfile.ZipInfo(name), text if isinstance(text, bytes) else text.encode(),
                                 zipfile.ZIP_DEFLATED)
    return path


def with_part(name, text, **more):
    made = parts(**more)
    made[name] = text
    return made


def lie(path, name, size):
    """The archive states another unpacked size for a part, in both places."""
    data = bytearray(open(path, 'rb').read())
    for mark, at, head in (b'PK\x03\x04', 22, 30), (b'PK\x01\x02', 24, 46):
        begin = data.find(mark)
        while begin >= 0:
            if data[begin + head:begin + head + len(name)] == name.encode():
                struct.pack_into('<I', data, begin + at, size)
            begin = data.find(mark, begin + 4)
    open(path, 'wb').write(data)


def letters(n):
    text = ''
    while n > 0:
        n, rest = divmod(n - 1, 26)
        text = chr(65 + rest) + text
    return text


def bad(folder):
    yield 'bomb', write(folder + '/bomb.xlsx', parts(survey=b' ' * (200 << 20))), 'bytes unpacked'
    yield 'ratio', write(folder + '/ratio.xlsx', parts(survey=b' ' * (60 << 20))), 'grows more than 400 times'
    path = write(folder + '/liar.xlsx', parts(survey=sheet(SURVEY) + ' ' * (100 << 20)))
    lie(path, 'xl/worksheets/sheet1.xml', 5000)
    yield 'liar', path, 'sheet1.xml: (damaged|larger)'
    strings = HEAD + '<sst xmlns="%s">%s</sst>' % (MAIN, ''.join('<si><t>%x</t></si>' % (i * 7919 % 999983)
                                                                 for i in range(250000)))
    yield 'strings', write(folder + '/strings.xlsx', parts(strings=strings)), 'more than 200000 texts'
    flood = ''.join('<row>%s</row>' % ('<c><v>%d</v></c>' % r * 400) for r in range(1, 1100))
    yield 'cells', write(folder + '/cells.xlsx', parts(survey=sheet(flood))), 'more than 400000 cells'
    tall = ''.join('<row r="%d"><c r="BXX%d"><v>1</v></c></row>' % (r, r) for r in range(1, 300001))
    yield 'tall', write(folder + '/tall.xlsx', parts(survey=sheet(tall))), 'the sheet survey has more than 5000 rows'
    wide = '<row r="1">%s</row>' % ''.join('<c r="%s1"><v>1</v></c>' % letters(i) for i in range(1, 100001))
    yield 'columns', write(folder + '/columns.xlsx', parts(survey=sheet(wide))), \
        'sheet survey, row 1: a cell beyond column [0-9]+ holds'
    far = '<row r="1">%s</row>' % cell(letters(100000) + '1', 'x')
    yield 'far', write(folder + '/far.xlsx', parts(survey=sheet(far))), 'row 1: no cell can stand at EQXD1'
    low = '<row r="99999999">%s</row>' % cell('A99999999', 'x')
    yield 'low', write(folder + '/low.xlsx', parts(survey=sheet(low))), 'r="99999999": a number up to 1048576'
    yield 'long', write(folder + '/long.xlsx', parts(survey=sheet(rows(('x' * 200000,))))), 'a cell holds more than'
    deep = '<row>' + '<a>' * 10000 + '</a>' * 10000 + '</row>'
    yield 'deep', write(folder + '/deep.xlsx', parts(survey=sheet(deep))), 'stand more than 64 deep'
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    yield 'entities', write(folder + '/entities.xlsx', parts(
        survey=sheet(SURVEY).replace('\n', '\n' + laughs).replace('Domanda', '&b;'))), 'a document type is declared'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield 'outside', write(folder + '/outside.xlsx', parts(
        survey=sheet(SURVEY).replace('\n', '\n' + outside).replace('Domanda', '&a;'))), 'a document type is declared'
    yield 'path', write(folder + '/path.xlsx', with_part('xl/_rels/workbook.xml.rels', relations(
        [('s1', 'worksheet', '../../../../etc/passwd')]))), 'leads out of the file'
    yield 'gone', write(folder + '/gone.xlsx', with_part('xl/worksheets/sheet1.xml', None)), \
        'the part xl/worksheets/sheet1.xml is missing'
    yield 'nowhere', write(folder + '/nowhere.xlsx', with_part('xl/_rels/workbook.xml.rels', relations([]))), \
        'the sheet survey has no part'
    yield 'no-book', write(folder + '/no-book.xlsx', with_part('_rels/.rels', None)), 'a zip, but no .xlsx'
    yield 'ods', write(folder + '/ods.xlsx', {'content.xml': '<x/>'}), 'OpenDocument'
    yield 'xlsb', write(folder + '/xlsb.xlsx', with_part('xl/workbook.bin', 'x')), 'xlsb'
    yield 'index', write(folder + '/index.xlsx', parts(survey=sheet(
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'))), 'row 1: there is no shared text 7'
    yield 'number', write(folder + '/number.xlsx', parts(survey=sheet(
        '<row r="1"><c r="A1"><v>1e999</v></c></row>'))), 'is no number'
    yield 'cut-xml', write(folder + '/cut-xml.xlsx', parts(survey=sheet(SURVEY)[:-40])), 'sheet1.xml: damaged'
    whole = open(write(folder + '/whole.xlsx', parts()), 'rb').read()
    os.unlink(folder + '/whole.xlsx')
    for name, data, says in (
            ('cut', whole[:-100], 'not a whole .xlsx'),
            ('begin', whole[:10], 'not a whole .xlsx'),
            ('noise', b'PK\x03\x04' + bytes(range(256)) * 9, 'not a whole .xlsx'),
            ('web', b'<html><table></table></html>', 'a web page'),
            ('nul', b'type\0name', 'not a text file'),
            ('empty', b'', 'the file is empty')):
        open('%s/%s.xlsx' % (folder, name), 'wb').write(data)
        yield name, None, says
    flipped = bytearray(whole)
    at = whole.find(b'sheet1.xml') + 30
    flipped[at] ^= 0x55
    open(folder + '/flipped.xlsx', 'wb').write(flipped)
    yield 'flipped', None, 'sheet1.xml: damaged'


STYLES = HEAD + '<styleSheet xmlns="%s"><numFmts><numFmt numFmtId="164" formatCode="000"/>' \
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy;@"/><numFmt numFmtId="166" formatCode="#,##0.00"/></numFmts>' \
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>%s</cellXfs></styleSheet>' % (
        MAIN, ''.join('<xf numFmtId="%d"/>' % i for i in (0, 2, 164, 165, 166, 49, 9)))


def good(folder):
    write(folder + '/plain.xlsx', parts())
    # Open XML "strict", every element with a prefix, no places, texts in three ways
    strict = 'http://purl.oclc.org/ooxml/spreadsheetml/main'
    texts = HEAD + '<x:sst xmlns:x="%s">%s</x:sst>' % (strict, ''.join('<x:si>%s</x:si>' % t for t in (
        '<x:t>type</x:t>', '<x:t>name</x:t>', '<x:t>label</x:t>',
        '<x:r><x:rPr><x:b/></x:rPr><x:t xml:space="preserve">Città </x:t></x:r><x:r><x:t>è</x:t></x:r>'
        '<x:rPh sb="0" eb="1"><x:t>NOT READ</x:t></x:rPh><x:phoneticPr fontId="1"/>',
        '<x:t>one_x000D__x000A_two _x005F_x0041_</x:t>')))
    lines = (('s0', 's1', 's2'), ('begin_group', 's1', 's3'), ('text', 'q1', 's4'), ('end_group', '', ''))
    data = ''
    for line in lines:
        data += '<x:row>'
        for text in line:
            if text[:1] == 's' and text[1:].isdigit() and text != 's1' or line[0] == 's0':
                data += '<x:c t="s"><x:v>%s</x:v></x:c>' % text[1:]
            else:
                data += '<x:c t="str"><x:f>A1</x:f><x:v>%s</x:v></x:c>' % text
        data += '</x:row>'
    survey = HEAD + '<x:worksheet xmlns:x="%s"><x:sheetData>%s</x:sheetData></x:worksheet>' % (strict, data)
    write(folder + '/strict.xlsx', parts(survey=survey, strings=texts))
    # numbers: General, 0.00, 000, a date, #,##0.00, text, 0%
    head = ('type', 'name', 'label', 'default')
    lines = [('begin_group', 's1', 'Sezione')]
    numbers = [('1.1000000000000001', 0), ('5.1', 1), ('7', 2), ('45484', 3), ('1234.5', 4), ('5.10', 5), ('0.5', 6),
               ('12.0', 0), ('12345678901234567890', 0)]
    data = rows(head, *lines)
    for i, (value, style) in enumerate(numbers):
        r = i + 3
        data += '<row r="%d">%s%s<c r="C%d" s="%d"><v>%s</v></c></row>' % (
            r, cell('A%d' % r, 'text'), cell('B%d' % r, 'q%d' % i), r, style, value)
    r = len(numbers) + 3
    data += '<row r="%d">%s%s%s<c r="D%d" s="3"><v>45484</v></c></row>' % (
        r, cell('A%d' % r, 'date'), cell('B%d' % r, 'qd'), cell('C%d' % r, 'Quando'), r)
    data += '<row r="%d">%s%s<c r="C%d" t="b"><v>1</v></c></row>' % (
        r + 1, cell('A%d' % (r + 1), 'text'), cell('B%d' % (r + 1), 'qb'), r + 1)
    data += '<row r="%d">%s</row>' % (r + 2, cell('A%d' % (r + 2), 'end_group'))
    write(folder + '/numbers.xlsx', parts(survey=sheet(data), styles=STYLES))
    write(folder + '/from-1904.xlsx', with_part('xl/workbook.xml', book(['survey', 'settings'], 'date1904="1"'),
                                                 survey=sheet(data), styles=STYLES))
    broken = SURVEY.replace(cell('C3', 'Domanda'), '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>').replace(
        cell('C2', 'Sezione'), '<c r="C2"><f>A1</f></c>')
    write(folder + '/formulas.xlsx', parts(survey=sheet(broken)))


if sys.argv[1] == '--peak':
    status = subprocess.call(sys.argv[2:])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print('peak %d KiB' % peak)
    sys.exit(99 if peak > 300 << 10 else status)
os.mkdir(sys.argv[1] + '/bad')
os.mkdir(sys.argv[1] + '/good')
with open(sys.argv[1] + '/bad.txt', 'w') as table:
    for name, _, says in bad(sys.argv[1] + '/bad'):
        table.write('%s\t%s\n' % (name, says))
good(sys.argv[1] + '/good')
