#!/usr/bin/python3
"""scanned.py OUT.pdf DPI PICTURE.jpg...: a PDF as scanners make it, each page one grey JPEG and nothing else."""
import sys

import pikepdf


def size_of(data):
    """Width and height from the frame header of a JPEG (ITU T.81, B.2.2)."""
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return int.from_bytes(data[at + 7:at + 9], "big"), int.from_bytes(data[at + 5:at + 7], "big")


def main():
    out, dpi, *pictures = sys.argv[1:]
    pdf = pikepdf.new()
    for name in pictures:
        with open(name, "rb") as file:
            data = file.read()
        width, height = size_of(data)
        image = pikepdf.Stream(pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
                               ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)
        points = [side * 72 / float(dpi) for side in (width, height)]
        page = pdf.add_blank_page(page_size=points)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)))
        page.Contents = pikepdf.Stream(pdf, b"%f 0 0 %f 0 0 cm /Im0 Do" % tuple(points))
    pdf.save(out)


main()
