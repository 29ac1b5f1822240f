#!/usr/bin/python3
"""Makes the seeds that are better made than kept: small PDFs, mails and what a caged child answers.

    seeds.py DIR    DIR/TARGET/NAME, the same files each time. Each line of TARGET.txt beside this program is a seed too.
"""
import os
import sys

import gi
from gi.repository import GLib

SIZE = 20000  # of a seed: longer ones only make the engine slow

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tool'))
from hostile import cases  # noqa: E402


def keep(folder, target, name, data):
    os.makedirs(os.path.join(folder, target), exist_ok=True)
    with open(os.path.join(folder, target, name), 'wb') as f:
        f.write(data)


def records():
    """Both records in order, and with what a captured child may put into them."""
    message = '(yybsssssassssasa(say))'
    pdf = b'%PDF-1.7\n'
    yield 'message-empty', b'\0', message, (0, 4, False, '', '', '', '', '', [], '', '', '', [], [])
    yield 'message-return', b'\0', message, (
        0, 0, True, 'Comune <a@b.example>', 'R: Mappa', 'testo\n\x1b[2J', 'posta-certificata', '', ['l1.A944@mappa.example'],
        '', '', '', ['a.p7m'], [('città.pdf', pdf), ('\u202efdp.exe', pdf)])
    yield 'message-bounce', b'\0', message, (
        0, 2, False, 'MAILER-DAEMON', 'x', '', '', '', ['a@b'] * 101, 'failed', '5.1.1', 'smtp; 550', [], [])
    yield 'message-refused', b'\0', message, (3, 4, False, '', '', '', '', '', [], '', '', '', [], [])
    yield 'message-class', b'\0', message, (0, 200, False, '', '', '', '', '', [], '', '', '', [], [])
    yield 'pdf-good', b'\1', '(usa(ss))', (0, '', [('plico_unit', 'A944'), ('q1', 'due\nrighe')])
    yield 'pdf-control', b'\1', '(usa(ss))', (1 << 20, 'nota', [('q\x07', 'x\x1b[0m'), ('q1', 'a\x85b')])
    yield 'pdf-doubled', b'\1', '(usa(ss))', (0xffffffff, '', [('q', '1'), ('q', '2')])


def lines(folder):
    here = os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(here)):
        if name.endswith('.txt'):
            with open(os.path.join(here, name), 'rb') as f:
                for i, line in enumerate(f, 1):
                    keep(folder, name[:-4], f'line-{i}', line.rstrip(b'\n'))


def main():
    folder = sys.argv[1]
    lines(folder)
    for name, data, _ in cases.pdfs():
        if len(data) <= SIZE:
            keep(folder, 'pdf', name, data)
    for name, data, _ in cases.mails():
        if len(data) <= SIZE:
            keep(folder, 'mime', name, data)
            keep(folder, 'scan', name, data)
    for name, first, kind, value in records():
        keep(folder, 'record', name, first + GLib.Variant(kind, value).get_data_as_bytes().get_data())


main()
