"""Fonts (ISO 14289-1, 7.21): embedded, with the glyphs, widths and Unicode of every code that is shown."""
import io
import re

import pikepdf
from fontTools import agl
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Name

BLANKS = {0x20, 0xA0, 0xAD, 0x2007, 0x202F}
ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
SYMBOLIC, NONSYMBOLIC = 4, 32


class Program:
    """An embedded TrueType program."""

    def __init__(self, stream):
        self.font = TTFont(io.BytesIO(stream.read_bytes()), lazy=True)
        self.glyphs = self.font["maxp"].numGlyphs
        self.scale = 1000 / self.font["head"].unitsPerEm
        self.order = self.font.getGlyphOrder()
        self.blank = {i for i, name in enumerate(self.order) if self.font["glyf"][name].numberOfContours == 0}

    def width(self, glyph):
        return self.font["hmtx"][self.order[glyph]][0] * self.scale

    def unicode(self):
        """Character -> glyph by the (3,1) cmap, or None."""
        table = self.font["cmap"].getcmap(3, 1)
        if table is None:
            return None
        return {code: self.font.getGlyphID(name) for code, name in table.cmap.items()}


class FontCheck:
    def __init__(self, font, faults, where):
        self.font = font
        self.faults = faults
        self.where = where
        self.kind = str(font.get("/Subtype", ""))

    def fault(self, number, text):
        self.faults.add(number, self.where, text)

    def program(self, descriptor):
        stream = descriptor.get("/FontFile2") if descriptor is not None else None
        if stream is None:
            other = descriptor is not None and ("/FontFile" in descriptor or "/FontFile3" in descriptor)
            self.fault("P-10" if other else "31-009", str(self.font.get("/BaseFont", "?"))[1:])
            return None
        try:
            return Program(stream)
        except (TTLibError, KeyError, AssertionError) as error:
            self.fault("31-011", f"the font program cannot be read: {error}")
            return None

    def check(self, shown):
        """@shown: the strings that are drawn with it."""
        if self.kind == "/Type0":
            self.check_composite(b"".join(shown))
        elif self.kind == "/TrueType":
            self.check_simple(set(b"".join(shown)))
        elif self.kind in ("/Type1", "/MMType1") and not ({"/FontFile", "/FontFile3"} & set(
                self.font.get("/FontDescriptor", pikepdf.Dictionary()).keys())):
            self.fault("31-009", str(self.font.get("/BaseFont", "?"))[1:])
        else:
            self.fault("P-10", self.kind[1:])

    # --- Type 0 ------------------------------------------------------------------------------------

    def check_composite(self, data):
        if self.font.get("/Encoding") != Name("/Identity-H"):
            self.fault("31-006", "Encoding is not Identity-H")
            return
        descendant = self.font.DescendantFonts[0]
        if descendant.get("/Subtype") != Name.CIDFontType2:
            self.fault("P-10", str(descendant.get("/Subtype"))[1:])
            return
        if "/CIDSystemInfo" not in descendant:
            self.fault("P-10", "no CIDSystemInfo")
        descriptor = descendant.get("/FontDescriptor")
        if descriptor is not None and "/CIDSet" in descriptor:
            self.fault("31-014", "a CIDSet, which is not read here")
        glyph_of = self.glyph_map(descendant)
        program = self.program(descriptor)
        codes = {int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data), 2)}
        unicode = self.check_unicode(codes)
        if program is None or glyph_of is None:
            return
        widths, default = cid_widths(descendant)
        for code in codes:
            self.check_glyph(program, code, glyph_of(code), widths.get(code, default), unicode.get(code))

    def glyph_map(self, descendant):
        given = descendant.get("/CIDToGIDMap")
        if given is None:
            self.fault("31-005", "no CIDToGIDMap")
            return None
        if isinstance(given, pikepdf.Stream):
            table = given.read_bytes()
            return lambda cid: int.from_bytes(table[2 * cid:2 * cid + 2], "big")
        if given != Name.Identity:
            self.fault("31-004", given.unparse().decode())
            return None
        return lambda cid: cid

    def check_glyph(self, program, code, glyph, width, unicode):
        if glyph == 0:
            self.fault("31-030", f"code {code:04X}")
        elif glyph >= program.glyphs or (glyph in program.blank and not set(map(ord, unicode or "")) & BLANKS):
            self.fault("31-011", f"code {code:04X}, glyph {glyph}")
        if glyph < program.glyphs and abs(program.width(glyph) - width) > 1:
            self.fault("31-016", f"code {code:04X}: {width}, in the font {program.width(glyph):.1f}")

    def check_unicode(self, codes):
        stream = self.font.get("/ToUnicode")
        if not isinstance(stream, pikepdf.Stream):
            self.fault("31-027", str(self.font.get("/BaseFont", "?"))[1:])
            return {}
        unicode = to_unicode(stream.read_bytes().decode("latin-1"))
        for text in set(unicode.values()):
            if "\0" in text:
                self.fault("31-028", "")
            if "\ufeff" in text or "\ufffe" in text:
                self.fault("31-029", "")
        for code in codes - set(unicode):
            self.fault("10-001", f"code {code:04X}")
        return unicode

    # --- TrueType -------------------------------------------------------------------------------------

    def check_simple(self, codes):
        descriptor = self.font.get("/FontDescriptor")
        flags = int(descriptor.get("/Flags", 0)) if descriptor is not None else 0
        encoding = self.font.get("/Encoding")
        if descriptor is not None and (flags & SYMBOLIC or not flags & NONSYMBOLIC):
            self.fault("P-10", "a symbolic TrueType font")
            return
        if encoding is None:
            self.fault("31-019", str(self.font.get("/BaseFont", "?"))[1:])
            return
        letters = self.letters(encoding)
        program = self.program(descriptor)
        characters = program.unicode() if program is not None else None
        if program is not None and characters is None:
            self.fault("31-017", "no (3,1) cmap")
            if isinstance(encoding, pikepdf.Dictionary) and "/Differences" in encoding:
                self.fault("31-023", "no (3,1) cmap")
        if not characters or not letters:
            return
        first = int(self.font.get("/FirstChar", 0))
        for i, width in enumerate(self.font.get("/Widths", [])):
            self.check_code(program, characters, letters.get(first + i, ""), first + i, width, first + i in codes)
        for code in codes:
            if not first <= code < first + len(self.font.get("/Widths", [])):
                self.fault("31-016", f"code {code:02X} has no width")

    def letters(self, encoding):
        """{code: character} (ISO 32000-1, 9.6.6.4); nothing where the encoding is not understood."""
        base = encoding if isinstance(encoding, Name) else encoding.get("/BaseEncoding")
        if base is None:
            self.fault("31-020", "no BaseEncoding")
            return {}
        if str(base) not in ENCODINGS:
            self.fault("31-021", str(base))
            return {}
        found = {code: bytes([code]).decode(ENCODINGS[str(base)], "ignore") for code in range(0x20, 0x100)}
        code = 0
        for item in [] if isinstance(encoding, Name) else encoding.get("/Differences", []):
            if isinstance(item, Name):
                letter = agl.AGL2UV.get(str(item)[1:])
                if letter is None:
                    self.fault("31-022", str(item)[1:])
                found[code] = chr(letter) if letter is not None else ""
                code += 1
            else:
                code = int(item)
        return found

    def check_code(self, program, characters, text, code, width, shown):
        glyph = characters.get(ord(text), 0) if text else 0
        if shown and glyph == 0:
            self.fault("31-018", f"code {code:02X}")
            self.fault("31-030", f"code {code:02X}")
        elif glyph and text.isprintable() and glyph in program.blank and ord(text) not in BLANKS:
            self.fault("31-011", f"code {code:02X}, {text}")
        if glyph and abs(program.width(glyph) - float(width)) > 1:
            self.fault("31-016", f"code {code:02X}: {width}, in the font {program.width(glyph):.1f}")


def cid_widths(descendant):
    """{CID: width} of /W and the default (ISO 32000-1, 9.7.4.3)."""
    widths = {}
    items = list(descendant.get("/W", []))
    i = 0
    while i + 1 < len(items):
        if isinstance(items[i + 1], pikepdf.Array):
            widths.update({int(items[i]) + k: float(width) for k, width in enumerate(items[i + 1])})
            i += 2
        else:
            widths.update({cid: float(items[i + 2]) for cid in range(int(items[i]), int(items[i + 1]) + 1)})
            i += 3
    return widths, float(descendant.get("/DW", 1000))


def to_unicode(text):
    """{code: text} of a ToUnicode CMap with codes of two bytes (ISO 32000-1, 9.10.3)."""
    found = {}
    hexes = r"<([0-9A-Fa-f]+)>\s*"
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, target in re.findall(hexes + hexes, block):
            found[int(code, 16)] = bytes.fromhex(target).decode("utf-16-be", "replace")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, target in re.findall(hexes + hexes + hexes, block):
            base = bytes.fromhex(target).decode("utf-16-be", "replace")
            for k in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + k] = base[:-1] + chr(ord(base[-1]) + k)
        for first, _, targets in re.findall(hexes + hexes + r"\[([^\]]*)\]", block):
            for k, target in enumerate(re.findall(hexes, targets)):
                found[int(first, 16) + k] = bytes.fromhex(target).decode("utf-16-be", "replace")
    return found


def check(pdf, drawn, faults):
    wanted = dict(drawn.fonts)
    form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    resources = form.get("/DR", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
    for name, font in resources.items():  # what a viewer will write with
        wanted.setdefault(font.objgen, (font, set()))
    for key, (font, shown) in wanted.items():
        FontCheck(font, faults, f"font {key[0]} {str(font.get('/BaseFont', '?'))[1:]}").check(shown)
    named = [form.get("/DA")] + [obj.get("/DA") for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)]
    for appearance in named:
        match = re.search(r"/(\S+)\s+[\d.]+\s+Tf", str(appearance)) if appearance is not None else None
        if match and "/" + match.group(1) not in resources:
            faults.add("31-009", "form", f"fields are written with {match.group(1)}, which is not there")
