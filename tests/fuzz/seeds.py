#!/usr/bin/python3
"""Makes the seeds that are better made than kept: small PDFs, mails and what a caged child answers.

    seeds.py DIR    DIR/TARGET/NAME, the same files each time, but for what OpenSSL signs. Each line of TARGET.txt beside this program is a seed too.
"""
import csv
import email
import io
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

import gi
from gi.repository import GLib

SIZE = 20000  # of a seed: longer ones only make the engine slow
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

sys.path.insert(0, os.path.join(ROOT, 'tests', 'tool'))
from hostile import cases, mail_archives, mail_forged  # noqa: E402
from hostile.pdf import sample  # noqa: E402


def keep(folder, target, name, data):
    os.makedirs(os.path.join(folder, target), exist_ok=True)
    with open(os.path.join(folder, target, name), 'wb') as f:
        f.write(data)


def records():
    """The records in order, and with what a captured child may put into them."""
    message = '(yybsssssassssbasa(sayb)bs)'
    pdf = b'%PDF-1.7\n'
    yield 'message-empty', b'\0', message, (0, 4, False, '', '', '', '', '', [], '', '', '', False, [], [], False, '')
    yield 'message-return', b'\0', message, (
        0, 0, True, 'Comune <a@b.example>', 'R: Mappa', 'testo\n\x1b[2J', 'posta-certificata', '', ['l1.A944@mappa.example'],
        '', '', '', True, ['a.p7m'], [('città.pdf', pdf, False), ('\u202efdp.exe', pdf, True)], False, 'a@b.example')
    yield 'message-bounce', b'\0', message, (
        0, 2, False, 'MAILER-DAEMON', 'x', '', '', '', ['a@b'] * 101, 'failed', '5.1.1', 'smtp; 550', False, [], [], False, '')
    yield 'message-refused', b'\0', message, (3, 4, False, '', '', '', '', '', [], '', '', '', False, [], [], False, '')
    yield 'message-class', b'\0', message, (0, 200, False, '', '', '', '', '', [], '', '', '', False, [], [], False, '')
    whole = f'({message}m(ts(usay)))'
    mail = (0, 0, False, 'Comune <a@b.example>', 'R', '', '', '', [], '', '', '', False, [], [('s2.pdf', b'', False)], False, '')
    yield 'whole-sheet', b'\3', whole, (mail, (61752, 'a5' * 32, (0, '', b'q1\0due\0')))
    yield 'whole-more', b'\3', whole, (mail, None)
    yield 'whole-sum', b'\3', whole, (mail, (61752, 'A5' * 32, (0, '', b'q1\0due\0')))
    yield 'whole-facts', b'\3', whole, (mail, (61752, 'a5' * 32, (1, '', b'q1\0due\0')))
    yield 'pdf-good', b'\1', '(usay)', (0, '', b'plico_unit\0A944\0q1\0due\nrighe\0')
    yield 'pdf-control', b'\1', '(usay)', (1 << 20, 'nota', b'q\x07\0x\x1b[0m\0q1\0a\xc2\x85b\0')
    yield 'pdf-doubled', b'\1', '(usay)', (0xffffffff, '', b'q\x001\0q\x002\0')
    yield 'pdf-cut', b'\1', '(usay)', (0, '', b'q1\0due\0q2')
    yield 'pdf-odd', b'\1', '(usay)', (0, '', b'q1\0due\0q2\0')
    yield 'picture-small', b'\2', '(uusay)', (2, 1, '', b'\0\1\2\3\4\5')
    yield 'picture-none', b'\2', '(uusay)', (0, 0, 'no pages\x1b[2J', b'')
    yield 'picture-lies', b'\2', '(uusay)', (0xffffffff, 0xffffffff, '', b'\0')
    yield 'look', b'\4', '(ubba(sad))', (2, True, False, [('PLICO:A944', [1.0, 2, 3, 4, 5, 6, 7, 8])])
    yield 'look-lies', b'\4', '(ubba(sad))', (0xffffffff, True, True, [('\x1b', [float('nan')] * 8), ('a', [1e300])])
    yield 'read', b'\5', '(uubbba(sbs))', (1, 2, True, True, False, [('q1', True, 'due\nrighe'), ('q2', False, '')])
    yield 'read-lies', b'\5', '(uubbba(sbs))', (3, 2, True, True, True, [('q\x07', True, 'x\x1b[0m')])


def files(*folders):
    for folder in folders:
        for where, _, names in sorted(os.walk(os.path.join(ROOT, folder))):
            for name in sorted(names):
                with open(os.path.join(where, name), 'rb') as f:
                    yield os.path.relpath(os.path.join(where, name), ROOT).replace('/', '-'), f.read()


def templates():
    """A mail begins with 0, a letter with 1; 2 and 3 in two languages."""
    for name, data in files('mailtemplates'):
        if name.endswith('.md') and 'README' not in name:
            kind = 1 if name.endswith('.letter.md') else 0
            yield name, bytes([kind]) + data
            yield name + '-two', bytes([kind + 2]) + data


def rows(folder, sheet):
    with open(os.path.join(folder, sheet + '.csv'), encoding='utf-8', newline='') as f:
        return list(csv.reader(f))


def forms():
    """Forms in one file: the small ones of the tests, and what other programs wrote."""
    for name in sorted(os.listdir(os.path.join(ROOT, 'tests/data/forms'))):
        folder = os.path.join(ROOT, 'tests/data/forms', name)
        if not os.path.isdir(folder):
            continue
        out = io.StringIO()
        writer = csv.writer(out, lineterminator='\n')
        for sheet in ('survey', 'choices', 'settings'):
            writer.writerow([sheet])
            writer.writerows([''] + row for row in rows(folder, sheet))
        yield name, out.getvalue().encode()
    for name, data in files('tests/data/xlsform/pyxform', 'tests/data/xlsform/odd'):
        if name.endswith(('.csv', '.md')):
            yield name, data


def workbooks():
    """The parts of workbooks, each behind its name, and the whole ones where they are small."""
    for name, data in files('tests/data/xlsform/pyxform', 'tests/data/xlsform/odd'):
        if name.endswith('.xlsx'):
            yield name, data
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                parts = [(p, packed.read(p)) for p in packed.namelist()]
            yield name + '-parts', b''.join(b'== %s\n%s\n' % (p.encode(), text) for p, text in parts
                                            if p.endswith(('.xml', '.rels')) and 'theme' not in p and len(text) < 6000)


def attachment(data):
    """The file of a mail that mail_archives made."""
    return next(p.get_payload(decode=True) for p in email.message_from_bytes(data).walk() if p.get_filename() is not None)


def signed():
    """What OpenSSL signs is new each time."""
    with tempfile.TemporaryDirectory() as folder:
        key, pem, pdf = (os.path.join(folder, n) for n in ('key', 'pem', 'pdf'))
        with open(pdf, 'wb') as f:
            f.write(sample().bytes())
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9', '-subj',
                        '/CN=Ada Rossi', '-keyout', key, '-out', pem], check=True, capture_output=True)
        for name, words in (('der', ['-outform', 'DER', '-nodetach']), ('pem', ['-outform', 'PEM', '-nodetach']),
                            ('ber', ['-outform', 'DER', '-nodetach', '-stream']), ('beside', ['-outform', 'DER'])):
            yield f'openssl-{name}', subprocess.run(['openssl', 'cms', '-sign', '-binary', '-in', pdf, '-signer', pem, '-inkey', key] + words, check=True,
                                                    capture_output=True).stdout


def packages():
    for name, data in mail_archives.zips():
        yield 'zip', name, attachment(data)
    for name, data in mail_archives.signed():
        yield 'p7m', name, attachment(data)
    for name, data in signed():
        yield 'p7m', name, data
    for name, data in mail_archives.others():
        if name.startswith('tnef'):
            yield 'tnef', name, attachment(data)
    with tempfile.TemporaryDirectory() as folder:
        pdf, out = os.path.join(folder, 'sezione 5.pdf'), os.path.join(folder, 'winmail.dat')
        with open(pdf, 'wb') as f:
            f.write(sample().bytes())
        subprocess.run([sys.executable, os.path.join(ROOT, 'tests/tool/tnef.py'), out, pdf, pdf], check=True)
        with open(out, 'rb') as f:
            yield 'tnef', 'two-files', f.read()
    for name, data in mail_forged.daticerts():
        message = email.message_from_bytes(data)
        yield 'daticert', name, next(p.get_payload(decode=True) for p in message.walk() if p.get_filename() == 'daticert.xml')
    for kind in mail_forged.RECEIPTS:
        yield 'daticert', kind, mail_forged.daticert(kind).encode()
    for maker in (mail_forged.receipts, mail_forged.transports):
        for name, data in maker():
            yield 'entity', name, data


def answers():
    """A section's fields with what a clerk may write into them."""
    folder = os.path.join(ROOT, 'forms/mappa-2024')
    choices = {}
    head, *rest = rows(folder, 'choices')
    for row in rest:
        choices.setdefault(row[head.index('list_name')], []).append(row[head.index('name')])
    head, *rest = rows(folder, 'survey')
    said = {'integer': ['12', '1.234', 'circa 5'], 'decimal': ['0,5', '1 234,5', '-'], 'date': ['11/07/2024', '30 febbraio', '2024-07-11'],
            'text': ['Ufficio perché', 'a\\nb', ''], 'acknowledge': ['si', '', 'si']}
    depth, section, found = 0, '', {}
    for row in rest:
        kind, name = row[0], row[1]
        if kind == 'begin_group':
            depth += 1
            section = name if depth == 1 else section
        elif kind == 'end_group':
            depth -= 1
        elif depth:
            base, _, listed = kind.partition(' ')
            options = choices.get(listed, ['x'])
            for i in range(3):
                lines = found.setdefault((section, i), [])
                if base == 'select_one':
                    lines.append(f'{name}={options[i % len(options)]}')
                elif base == 'select_multiple':
                    lines += [f'{name}__{o}=si' for o in options[i:i + 2]]
                elif base == 'rank':
                    lines += [f'{name}__{o}={n + 1 if i else 1}' for n, o in enumerate(options)]
                else:
                    lines.append(f'{name}={said.get(base, ["x"] * 3)[i]}')
    for (section, i), lines in found.items():
        yield f'{section}-{i}', '\n'.join([section] + lines).encode()


def lines(folder):
    for name in sorted(os.listdir(HERE)):
        if name.endswith('.txt'):
            with open(os.path.join(HERE, name), 'rb') as f:
                for i, line in enumerate(f, 1):
                    keep(folder, name[:-4], f'line-{i}', line.rstrip(b'\n'))


def png(width, height, dark):
    """A picture in black and white; @dark: whether a dot is black."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = b''.join(b'\0' + bytes(sum((not dark(x + i, y)) << (7 - i) for i in range(8)) for x in range(0, width, 8)) for y in range(height))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 1, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows, 9)) \
        + chunk(b'IEND', b'')


def pages():
    """A page with our code and its four corner marks, as a scanner sees it: 150 dots an inch."""
    text = subprocess.run(['qrencode', '-l', 'M', '-m', '0', '-t', 'ASCII', '-o', '-', 'PLICO1:MAPPA-2024:L219:S2:1:61VHPWR0'],
                          check=True, capture_output=True, text=True).stdout
    modules = [line[::2] for line in text.splitlines() if line]
    step, left, top = 105.6 / len(modules), 1031, 68
    marks = [(x, y) for x in (58.3, 1181.8) for y in (58.3, 1695.6)]

    def dark(x, y):
        column, row = int((x - left) // step), int((y - top) // step)
        if 0 <= row < len(modules) and 0 <= column < len(modules):
            return modules[row][column:column + 1] == '#'
        return any(abs(x - a) < 7.3 and abs(y - b) < 7.3 for a, b in marks)
    data = png(1240, 1754, dark)
    yield 'page', data
    yield 'page-cut', data[:len(data) // 2]
    yield 'huge', data[:16] + b'\x7f\xff\xff\xff' * 2 + data[24:]
    yield 'picture', png(64, 64, lambda x, y: (x ^ y) & 8)
    yield 'tiff', b'II*\0\x08\0\0\0' + struct.pack('<H', 4) + b''.join(
        struct.pack('<HHII', tag, 4, 1, value) for tag, value in ((256, 8), (257, 8), (273, 0), (279, 8))) + b'\0' * 12


def main():
    folder = sys.argv[1]
    lines(folder)
    for target, made in (('template', templates()), ('form', forms()), ('xlsx', workbooks()), ('answers', answers())):
        for name, data in made:
            keep(folder, target, name, data)
    for target, name, data in packages():
        if len(data) <= SIZE:
            keep(folder, target, name, data)
    for name, data in cases.small_pdfs():
        if len(data) <= SIZE:
            keep(folder, 'pdf', name, data)
            keep(folder, 'paper', name, data)
    for name, data in pages():
        keep(folder, 'paper', name, data)
    for name, data in cases.mails():
        if len(data) <= SIZE:
            keep(folder, 'mime', name, data)
            keep(folder, 'scan', name, data)
    for name, first, kind, value in records():
        keep(folder, 'record', name, first + GLib.Variant(kind, value).get_data_as_bytes().get_data())


main()
