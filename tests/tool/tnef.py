#!/usr/bin/env python3
"""tnef.py OUT FILE...: a winmail.dat as Outlook writes it (MS-OXTNEF), with the files as its attachments."""
import pathlib
import struct
import sys

VERSION, CODEPAGE, REND, TITLE, DATA = 0x00089006, 0x00069007, 0x00069002, 0x00018010, 0x0006800F


def attribute(level, kind, data):
    return struct.pack('<BII', level, kind, len(data)) + data + struct.pack('<H', sum(data) & 0xFFFF)


def tnef(files):
    out = struct.pack('<IH', 0x223E9F78, 1) + attribute(1, VERSION, struct.pack('<I', 0x10000))
    out += attribute(1, CODEPAGE, struct.pack('<II', 1252, 0))
    for name, data in files:
        out += attribute(2, REND, struct.pack('<HIHHI', 1, 0xFFFFFFFF, 0, 0, 0))
        out += attribute(2, TITLE, name.encode('cp1252', 'replace') + b'\0') + attribute(2, DATA, data)
    return out


def main():
    files = [(pathlib.Path(f).name, pathlib.Path(f).read_bytes()) for f in sys.argv[2:]]
    pathlib.Path(sys.argv[1]).write_bytes(tnef(files))


main()
