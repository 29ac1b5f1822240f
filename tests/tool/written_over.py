#!/usr/bin/python3
"""written_over.py IN.pdf OUT.pdf: strikes out with a line what is written on the first page, as a pen does in a viewer."""
import sys

import pikepdf


def main():
    with pikepdf.open(sys.argv[1]) as pdf:
        page = pdf.pages[0]
        lines = b''.join(b'%d %d m %d %d l S ' % (x, y, x + 60, y + 6) for x in (120, 300) for y in range(100, 760, 20))
        page.contents_add(b'q 1 w ' + lines + b'Q')
        pdf.save(sys.argv[2])


main()
