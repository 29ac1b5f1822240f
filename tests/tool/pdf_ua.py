#!/usr/bin/python3
"""Says where PDFs fail PDF/UA-1 (ISO 14289-1), as far as a program can tell: the Matterhorn Protocol 1.1 by its numbers.

usage: pdf_ua.py FILE ...     prints a line for each failure, and exits with 1 if there is any
       pdf_ua.py --table      prints what is checked and how, as docs/accessibility.md has it
"""
import sys

import pikepdf

from pdfua import conditions, content, document, fonts
from pdfua.faults import Faults
from pdfua.structure import Tree


def check(path):
    """Returns the faults of one file."""
    faults = Faults()
    with pikepdf.open(path) as pdf:
        drawn = content.read(pdf, faults)
        tree = Tree(pdf, drawn, faults)
        tree.check()
        document.check(path, pdf, tree, faults)
        fonts.check(pdf, drawn, faults)
    return faults


def main(words):
    if words == ["--table"]:
        print(conditions.markdown())
        return 0
    if not words:
        sys.exit(__doc__)
    bad = False
    for path in words:
        for line in check(path).lines():
            bad = True
            print(f"{path}: {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
