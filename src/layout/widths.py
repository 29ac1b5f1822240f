#!/usr/bin/env python3
"""The widths of all characters in the fonts that are embedded, one line each, as thousandths of the size:
   WIDTHS(character, regular, bold, mono); 0 where a font does not have it.
   widths.py REGULAR.ttf BOLD.ttf MONO.ttf
Rounded down, as libhpdf writes them into /W (ISO 32000-1, 9.7.4.3): what is measured is what viewers show."""
import sys

from fontTools.ttLib import TTFont


def widths(path):
    font = TTFont(path)
    size = font["head"].unitsPerEm
    return {code: font["hmtx"][glyph][0] * 1000 // size for code, glyph in font.getBestCmap().items()}


faces = [widths(path) for path in sys.argv[1:]]
for code in sorted(set().union(*faces)):
    print("WIDTHS(0x%04x, %s)" % (code, ", ".join(str(face.get(code, 0)) for face in faces)))
