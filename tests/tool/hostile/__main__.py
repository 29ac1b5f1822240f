"""Makes PDFs and mails that a mailbox may bring, sound and hostile.

    hostile DIR                    DIR/pdf and DIR/mail get the files, DIR/pdf.tsv and DIR/mail.tsv a line for each:
                                   its name and a regular expression for what collect_show prints of it
    hostile --verify TSV OUTPUT    checks that, as TAP
"""
import itertools
import os
import re
import sys

if not __package__:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile import cases, pdf_sound  # noqa: E402


def write(folder, kind, ending, made):
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    with open(os.path.join(folder, kind + '.tsv'), 'w', encoding='utf-8') as table:
        for name, data, expected in made:
            with open(os.path.join(folder, kind, name + ending), 'wb') as f:
                f.write(data)
            table.write(f'{name}{ending}\t{expected}\n')


def verify(table, output):
    """TAP on standard output: does each file's text in @output match what @table expects?"""
    said, name = {}, None
    for line in open(output, encoding='utf-8'):
        start = re.match(r'([\w.-]+\.(?:pdf|eml)): (.*)', line)
        if start:
            name = start[1]
            said[name] = start[2]
        elif name:
            said[name] += ' ' + line.strip()
    rows = [line.rstrip('\n').split('\t') for line in open(table, encoding='utf-8')]
    for i, (name, expected) in enumerate(rows, 1):
        got = said.get(name, '')
        good = re.search(expected, got)
        print(f'{"ok" if good else "not ok"} {i} - {name}')
        if not good:
            print(f'# expected: {expected}\n# got: {got[:500]}')
    print(f'1..{len(rows)}')


def main():
    if sys.argv[1] == '--verify':
        verify(*sys.argv[2:])
        return
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    write(folder, 'pdf', '.pdf', itertools.chain(cases.pdfs(), pdf_sound.tool_pdfs(folder)))
    write(folder, 'mail', '.eml', cases.mails())


main()
