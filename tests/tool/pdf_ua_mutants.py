#!/usr/bin/python3
"""Breaks a sound sheet in one way for each condition that pdf_ua.py says, and tells which of them it does not notice.

usage: pdf_ua_mutants.py SHEET.pdf FOLDER     the sheet has a table, a list and check boxes
"""
import io
import multiprocessing
import os
import re
import sys

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from pdf_ua import check
from pdfua.conditions import SAID

MUTANTS = []  # (number, function of an open PDF; what it returns is given to save())


def breaks(*numbers):
    def register(function):
        MUTANTS.append((numbers, function))
        return function
    return register


# --- finding and changing ------------------------------------------------------------------------------------

def elements(pdf, kind=None):
    def walk(element):
        yield element
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                yield from walk(kid)
    return [e for e in walk(pdf.Root.StructTreeRoot.K) if kind is None or e.S == Name("/" + kind)]


def retype(pdf, old, new, count=1):
    for element in elements(pdf, old)[:count]:
        element.S = Name("/" + new)


def content(pdf, change, number=0):
    page = pdf.pages[number]
    page.contents_coalesce()
    page.Contents = pdf.make_stream(change(page.Contents.read_bytes()))


def append(pdf, operators):
    content(pdf, lambda data: data + b"\n" + operators)


def catalog_without_lang(pdf):
    del pdf.Root.Lang


def font(pdf):
    """The composite font of personal texts."""
    return pdf.Root.AcroForm.DR.Font.Plico


def simple(pdf):
    return pdf.Root.AcroForm.DR.Font.Helv


def metadata(pdf, old, new):
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(old, new))


def annotation(pdf, **entries):
    pdf.pages[0].Annots.append(pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([10, 10, 20, 20]), **entries)))


def glyph_map(pdf, word):
    for each in pdf.pages[0].Resources.Font.keys():
        pdf.pages[0].Resources.Font[each].DescendantFonts[0].CIDToGIDMap = pdf.make_stream(word * 0x10000)


def unicode_map(pdf, line):
    stream = font(pdf).ToUnicode
    stream.write(re.sub(rb"endbfrange", line + b"\nendbfrange", stream.read_bytes(), count=1))


# --- marks and tags --------------------------------------------------------------------------------------------

@breaks("01-003")
def artifact_inside(pdf):
    content(pdf, lambda data: data.replace(b"<</MCID 0>> BDC", b"<</MCID 0>> BDC /Artifact BMC EMC"))


@breaks("01-004")
def tagged_inside(pdf):
    content(pdf, lambda data: b"/Artifact BMC\n" + data + b"\nEMC")


@breaks("01-005")
def shape_alone(pdf):
    append(pdf, b"0 0 10 10 re f")


@breaks("01-005")
def text_alone(pdf):
    content(pdf, lambda data: data.replace(b"/P <</MCID 0>> BDC", b"/P BMC"))


@breaks("01-005")
def unheld(pdf):
    element = next(e for e in elements(pdf) if isinstance(e.get("/K"), int))
    element.K = Array()


@breaks("01-007")
def suspects(pdf):
    pdf.Root.MarkInfo.Suspects = True


@breaks("02-001")
def unknown_type(pdf):
    retype(pdf, "P", "Paragraph")


@breaks("02-003")
def circle(pdf):
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(One=Name.Two, Two=Name.One)
    retype(pdf, "P", "One")


@breaks("02-004")
def remapped(pdf):
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(P=Name.Span)


@breaks("09-004")
def row_of_nothing(pdf):
    retype(pdf, "TR", "P")


@breaks("09-004")
def uneven(pdf):
    cell = elements(pdf, "TD")[-1]
    cell.A = Dictionary(O=Name.Table, ColSpan=2)


@breaks("09-004")
def cell_in_text(pdf):
    retype(pdf, "P", "TD")


@breaks("09-005")
def item_body(pdf):
    retype(pdf, "LBody", "P")


@breaks("09-005")
def item_alone(pdf):
    retype(pdf, "L", "Div")


@breaks("09-006")
def contents_item(pdf):
    retype(pdf, "P", "TOCI")


@breaks("09-007")
def ruby(pdf):
    retype(pdf, "P", "RB")


@breaks("09-008")
def warichu(pdf):
    retype(pdf, "P", "WT")


@breaks("13-004")
def figure(pdf):
    retype(pdf, "P", "Figure")


@breaks("14-002")
def first_heading(pdf):
    retype(pdf, "H1", "P")


@breaks("14-003")
def skipped_level(pdf):
    retype(pdf, "H2", "H3")


@breaks("14-006", "14-007")
def plain_headings(pdf):
    holder = next(e for e in elements(pdf) if isinstance(e.get("/K"), Array) and sum(
        isinstance(kid, Dictionary) and kid.get("/S") == Name.P for kid in e.K) > 1)
    for kid in [kid for kid in holder.K if kid.get("/S") == Name.P][:2]:
        kid.S = Name.H


@breaks("15-003")
def no_scope(pdf):
    del elements(pdf, "TH")[0].A


@breaks("15-003")
def no_header(pdf):
    for head in elements(pdf, "TH"):
        head.A = Dictionary(O=Name.Table, Scope=Name.Row)
    for row in elements(pdf, "TR"):
        row.K[0].S = Name.TD


@breaks("16-001")
def unknown_numbering(pdf):
    elements(pdf, "L")[0].A = Dictionary(O=Name.List, ListNumbering=Name.Whatever)


@breaks("16-001")
def numbered_labels(pdf):
    label = next(e for e in elements(pdf, "Lbl") if isinstance(e.get("/K"), int))
    page = next(i for i, one in enumerate(pdf.pages) if one.obj.objgen == label.Pg.objgen)
    mark = rb"(<</MCID %d>> BDC\s+BT.*?Tm\s+)\S.*?(\s*Tj)" % int(label.K)
    content(pdf, lambda data: re.sub(mark, rb"\1<00310029>\2", data, count=1, flags=re.S), page)


@breaks("17-002")
def formula(pdf):
    retype(pdf, "P", "Formula")


@breaks("19-003")
def note(pdf):
    retype(pdf, "P", "Note")


@breaks("19-004")
def two_notes(pdf):
    for element in elements(pdf, "P")[:2]:
        element.S = Name.Note
        element.ID = pikepdf.String("n")


# --- the document -------------------------------------------------------------------------------------------------

@breaks("06-001")
def no_metadata(pdf):
    del pdf.Root.Metadata


@breaks("06-001")
def broken_metadata(pdf):
    metadata(pdf, b"</rdf:RDF>", b"")


@breaks("06-002")
def no_claim(pdf):
    metadata(pdf, b"<pdfuaid:part>1<", b"<pdfuaid:part>2<")


@breaks("06-003")
def no_title(pdf):
    metadata(pdf, b"dc:title", b"dc:source")


@breaks("06-003")
def other_title(pdf):
    pdf.trailer.Info.Title = pikepdf.String("another")


@breaks("07-001")
def title_not_shown(pdf):
    del pdf.Root.ViewerPreferences


@breaks("07-002")
def title_hidden(pdf):
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


@breaks("11-001", "11-005", "11-006")
def no_language(pdf):
    catalog_without_lang(pdf)


@breaks("11-002")
def no_language_of_alt(pdf):
    catalog_without_lang(pdf)
    elements(pdf, "P")[0].Alt = pikepdf.String("a text")


@breaks("11-003")
def no_language_of_outline(pdf):
    catalog_without_lang(pdf)
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines))


@breaks("11-004")
def no_language_of_contents(pdf):
    catalog_without_lang(pdf)
    annotation(pdf, Subtype=Name.Link, Contents=pikepdf.String("a text"))


@breaks("20-001")
def optional_content(pdf):
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary())


@breaks("21-001")
def embedded_file(pdf):
    files = Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"x")))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([pikepdf.String("x"), pdf.make_indirect(files)])))


@breaks("22-001")
def threads(pdf):
    pdf.Root.Threads = Array()


@breaks("25-001")
def xfa(pdf):
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<x/>")


@breaks("26-001")
def encrypted(pdf):
    return {"encryption": pikepdf.Encryption(owner="o", user="")}


@breaks("29-001")
def script(pdf):
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.beep()")))


@breaks("29-001")
def field_script(pdf):
    pdf.pages[0].Annots[0].AA = Dictionary(K=Dictionary(S=Name.JavaScript, JS=pikepdf.String("0")))


@breaks("P-01")
def header(pdf):
    return {"bytes": (b"%PDF-1.7", b"%PDF-2.0")}


@breaks("P-02")
def unmarked(pdf):
    pdf.Root.MarkInfo.Marked = False


@breaks("P-07")
def strange_language(pdf):
    pdf.Root.Lang = pikepdf.String("italiano standard")


@breaks("P-11")
def no_id(pdf):
    return {"bytes": (b"/ID [", b"/IX ["), "object_stream_mode": pikepdf.ObjectStreamMode.disable}


@breaks("P-11")
def no_info_title(pdf):
    del pdf.trailer.Info.Title


# --- the tree ---------------------------------------------------------------------------------------------------------

@breaks("P-03")
def wrong_parent(pdf):
    elements(pdf, "P")[0].P = pdf.Root.StructTreeRoot


@breaks("P-03")
def held_twice(pdf):
    first, second = [e for e in elements(pdf) if isinstance(e.get("/K"), int)][:2]
    second.K = first.K


@breaks("P-03")
def no_tree(pdf):
    del pdf.Root.StructTreeRoot


@breaks("P-04")
def no_parent_tree(pdf):
    del pdf.Root.StructTreeRoot.ParentTree


@breaks("P-04")
def parents_shifted(pdf):
    row = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    first = row[0]
    row[0] = row[1]
    row[1] = first


@breaks("P-04")
def widget_without_key(pdf):
    del pdf.pages[0].Annots[0].StructParent


@breaks("P-04")
def key_of_nothing(pdf):
    tree = pdf.Root.StructTreeRoot
    tree.ParentTree.Nums.append(int(tree.ParentTreeNextKey))
    tree.ParentTree.Nums.append(elements(pdf, "P")[0])
    tree.ParentTreeNextKey = int(tree.ParentTreeNextKey) + 1


@breaks("P-05")
def form_of_two(pdf):
    one, other = elements(pdf, "Form")[:2]
    one.K = Array([one.K, other.K])


@breaks("P-06")
def other_order(pdf):
    holder = elements(pdf, "Document")[0]
    kids = list(holder.K)
    holder.K = Array(kids[1:2] + kids[:1] + kids[2:])


@breaks("P-06")
def other_tab_order(pdf):
    page = pdf.pages[0]
    page.Annots = Array(list(page.Annots)[::-1])


@breaks("P-12")
def end_without_beginning(pdf):
    append(pdf, b"EMC")


@breaks("P-12")
def nested_ids(pdf):
    content(pdf, lambda data: data.replace(b"<</MCID 0>> BDC", b"<</MCID 0>> BDC /Span <</MCID 999>> BDC EMC"))


# --- annotations -------------------------------------------------------------------------------------------------------

@breaks("28-002", "28-004", "P-08")
def sticky_note(pdf):
    annotation(pdf, Subtype=Name.Text)


@breaks("28-005")
def no_tooltip(pdf):
    widget = next(w for w in pdf.pages[0].Annots if "/TU" in w)
    del widget.TU


@breaks("28-005")
def no_tooltip_of_group(pdf):
    widget = next(w for page in pdf.pages for w in page.Annots if "/Parent" in w)
    del widget.Parent.TU


@breaks("28-008")
def no_tab_order(pdf):
    del pdf.pages[0].Tabs


@breaks("28-009")
def tab_order_of_rows(pdf):
    pdf.pages[0].Tabs = Name.R


@breaks("28-010")
def widget_in_text(pdf):
    retype(pdf, "Form", "P")


@breaks("28-011", "28-012")
def bare_link(pdf):
    annotation(pdf, Subtype=Name.Link)


# --- XObjects and fonts ------------------------------------------------------------------------------------------------

@breaks("30-001")
def reference(pdf):
    pdf.pages[0].Resources.XObject.PlicoName.Ref = Dictionary(F=pikepdf.String("other.pdf"))


@breaks("30-002")
def form_twice(pdf):
    form = pdf.make_stream(b"/Span <</MCID 0>> BDC 0 0 1 1 re f EMC")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 1, 1])
    form.StructParents = 99999
    pdf.pages[0].Resources.XObject.Twice = form
    append(pdf, b"/Twice Do /Twice Do")


@breaks("P-09")
def image(pdf):
    shown = pdf.make_stream(b"\0")
    shown.Subtype, shown.Width, shown.Height = Name.Image, 1, 1
    shown.ColorSpace, shown.BitsPerComponent = Name.DeviceGray, 8
    pdf.pages[0].Resources.XObject.Photo = shown
    append(pdf, b"/Artifact BMC /Photo Do EMC")


@breaks("10-001")
def no_codes(pdf):
    stream = font(pdf).ToUnicode
    stream.write(re.sub(rb"\d+ beginbfrange.*endbfrange", b"", stream.read_bytes(), flags=re.S))


@breaks("31-004")
def strange_map(pdf):
    font(pdf).DescendantFonts[0].CIDToGIDMap = Name.Other


@breaks("31-005")
def no_map(pdf):
    del font(pdf).DescendantFonts[0].CIDToGIDMap


@breaks("31-006")
def other_codes(pdf):
    font(pdf).Encoding = Name("/UniJIS-UCS2-H")


@breaks("31-009")
def not_embedded(pdf):
    del font(pdf).DescendantFonts[0].FontDescriptor.FontFile2


@breaks("31-009")
def viewer_font_not_embedded(pdf):
    pdf.Root.AcroForm.DR.Font.Helv = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))


@breaks("31-009")
def viewer_font_missing(pdf):
    del pdf.Root.AcroForm.DR.Font.Helv


@breaks("31-011")
def glyph_beyond(pdf):
    glyph_map(pdf, b"\x7f\xff")


@breaks("31-014")
def cid_set(pdf):
    font(pdf).DescendantFonts[0].FontDescriptor.CIDSet = pdf.make_stream(b"\xff")


@breaks("31-016")
def no_widths(pdf):
    del font(pdf).DescendantFonts[0].W


@breaks("31-016")
def other_widths(pdf):
    widths = simple(pdf).Widths
    widths[40] = int(widths[40]) + 9


@breaks("31-017", "31-023")
def no_cmap(pdf):
    stream = simple(pdf).FontDescriptor.FontFile2
    program = TTFont(io.BytesIO(stream.read_bytes()))
    program["cmap"].tables = [table for table in program["cmap"].tables if table.platformID != 3]
    out = io.BytesIO()
    program.save(out)
    stream.write(out.getvalue())


@breaks("31-018", "31-030")
def unknown_code(pdf):
    pdf.pages[0].Resources.Font.Simple = simple(pdf)
    append(pdf, b"/Artifact BMC BT /Simple 9 Tf <09> Tj ET EMC")


@breaks("31-019")
def no_encoding(pdf):
    del simple(pdf).Encoding


@breaks("31-020")
def no_base_encoding(pdf):
    del simple(pdf).Encoding.BaseEncoding


@breaks("31-021")
def other_encoding(pdf):
    simple(pdf).Encoding.BaseEncoding = Name.StandardEncoding


@breaks("31-021")
def other_encoding_name(pdf):
    simple(pdf).Encoding = Name.StandardEncoding


@breaks("31-022")
def unknown_letter(pdf):
    simple(pdf).Encoding.Differences.append(Name.omicronwithsomething)


@breaks("31-027")
def no_unicode(pdf):
    del font(pdf).ToUnicode


@breaks("31-028")
def unicode_zero(pdf):
    unicode_map(pdf, b"<0000> <0000> <0000>")


@breaks("31-029")
def unicode_mark(pdf):
    unicode_map(pdf, b"<0001> <0001> <FEFF>")


@breaks("31-030")
def not_defined(pdf):
    glyph_map(pdf, b"\0\0")


@breaks("P-10")
def drawn_font(pdf):
    simple(pdf).Subtype = Name.Type3


# --- all of them ---------------------------------------------------------------------------------------------------------

def save(pdf, path, options):
    change = (options or {}).pop("bytes", None)
    pdf.save(path, fix_metadata_version=False, **(options or {}))
    if change is not None:
        with open(path, "rb") as file:
            data = file.read()
        assert change[0] in data, change
        with open(path, "wb") as file:
            file.write(data.replace(*change))


def try_one(task):
    """What is found in one broken sheet, and what not."""
    sheet, folder, index = task
    numbers, mutant = MUTANTS[index]
    path = os.path.join(folder, f"{mutant.__name__}.pdf")
    with pikepdf.open(sheet) as pdf:
        save(pdf, path, mutant(pdf))
    found = check(path).numbers()
    return [f"{mutant.__name__}: {number} is not noticed, but {sorted(found)}" for number in numbers if number not in found]


def main(sheet, folder):
    path = os.path.join(folder, "unbroken.pdf")
    with pikepdf.open(sheet) as pdf:
        save(pdf, path, None)
    said = [f"unbroken: {line}" for line in check(path).lines()]
    with multiprocessing.Pool() as pool:
        for lines in pool.imap(try_one, [(sheet, folder, i) for i in range(len(MUTANTS))]):
            said += lines
    known = {number for numbers, _ in MUTANTS for number in numbers}
    said += [f"{number}: nothing here breaks it" for number in sorted(SAID - known)]
    print("\n".join(said + [f"{len(MUTANTS)} broken sheets, {len(known)} conditions, {len(said)} not noticed"]))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
