#!/usr/bin/python3
"""covered.py IN.pdf OUT.pdf [CODE]: lays white paper over the QR of each page. CODE is put at the foot, unseen, as a scanner's
recognition of letters does."""
import sys

import pikepdf


def main():
    source, target, *codes = sys.argv[1:]
    hidden = ''.join(f'BT /Plico 6 Tf 3 Tr 48 24 Td ({code} ) Tj ET ' for code in codes)
    with pikepdf.open(source) as pdf:
        font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                                                    BaseFont=pikepdf.Name.Helvetica))
        for page in pdf.pages:
            wide, high = (float(n) for n in list(page.mediabox)[2:])
            if '/Font' not in page.Resources:
                page.Resources.Font = pikepdf.Dictionary()
            page.Resources.Font.Plico = font
            page.contents_add(b'q', prepend=True)
            page.contents_add(f'Q q 1 g {wide * .81} {high * .88} {wide * .125} {high * .1} re f Q {hidden}'.encode())
        pdf.save(target)


main()
