"""Catalog, metadata, annotations and fields."""
import re
import xml.etree.ElementTree as xml

import pikepdf
from pikepdf import Name

from pdfua.structure import LANGUAGE

DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HIDDEN = 2
PLAIN_ACTIONS = {"/URI"}


def check_catalog(pdf, faults):
    root = pdf.Root
    marks = root.get("/MarkInfo", pikepdf.Dictionary())
    if marks.get("/Marked") is not True:
        faults.add("P-02", "catalog", "Marked is not true")
    if marks.get("/Suspects") is True:
        faults.add("01-007", "catalog", "")
    viewer = root.get("/ViewerPreferences", pikepdf.Dictionary())
    if "/DisplayDocTitle" not in viewer:
        faults.add("07-001", "catalog", "")
    elif viewer.DisplayDocTitle is not True:
        faults.add("07-002", "catalog", "")
    if "/Lang" in root and not LANGUAGE.match(str(root.Lang)):
        faults.add("P-07", "catalog", str(root.Lang))
    if "/Outlines" in root and "/Lang" not in root:
        faults.add("11-003", "catalog", "")
    if "/OCProperties" in root:
        faults.add("20-001", "catalog", "optional content")
    if "/Threads" in root:
        faults.add("22-001", "catalog", "article threads")
    if pdf.is_encrypted:
        faults.add("26-001", "trailer", "encrypted")
    for place, obj in (("catalog", root), ("form", root.get("/AcroForm", {}))):
        if "/XFA" in obj or "/NeedsRendering" in obj:
            faults.add("25-001", place, "XFA")


def check_objects(pdf, faults):
    """What may not be anywhere."""
    for obj in pdf.objects:
        if not isinstance(obj, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        where = f"object {obj.objgen[0]}"
        if "/EF" in obj or obj.get("/Type") == Name.EmbeddedFile:
            faults.add("21-001", where, "an embedded file")
        for action in [obj.get("/A"), obj.get("/OpenAction"), obj]:
            kind = action.get("/S") if isinstance(action, pikepdf.Dictionary) else None
            acts = action is not obj or "/JS" in obj
            if kind is not None and acts and "/O" not in action and str(kind) not in PLAIN_ACTIONS:
                faults.add("29-001", where, f"an action {kind}")
        if "/AA" in obj:
            faults.add("29-001", where, "additional actions")
    if "/JavaScript" in pdf.Root.get("/Names", pikepdf.Dictionary()):
        faults.add("29-001", "catalog", "scripts")


def check_file(path, pdf, faults):
    with open(path, "rb") as file:
        first = file.read(16)
    if not re.match(rb"%PDF-1\.7[\r\n]", first):
        faults.add("P-01", "file", repr(first[:9]))
    both = list(pdf.trailer.get("/ID", []))
    if len(both) != 2 or any(len(bytes(one)) != 16 for one in both):
        faults.add("P-11", "trailer", "/ID is not two strings of 16 bytes")
    if not str(pdf.trailer.get("/Info", pikepdf.Dictionary()).get("/Title", "")):
        faults.add("P-11", "Info", "no Title")


# --- metadata -------------------------------------------------------------------------------------------

def check_metadata(pdf, faults):
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        faults.add("06-001", "catalog", "no Metadata")
        return
    if stream.get("/Type") != Name.Metadata or stream.get("/Subtype") != Name.XML:
        faults.add("06-001", "Metadata", "not of type Metadata, subtype XML")
    try:
        root = xml.fromstring(stream.read_bytes())
    except xml.ParseError as error:
        faults.add("06-001", "Metadata", f"not well-formed: {error}")
        return
    parts = [e.text for e in root.iter(PDFUA + "part")]
    parts += [e.get(PDFUA + "part") for e in root.iter(RDF + "Description") if e.get(PDFUA + "part")]
    if parts != ["1"]:
        faults.add("06-002", "Metadata", f"pdfuaid:part is {parts}")
    titles = [item for e in root.iter(DC + "title") for item in e.iter(RDF + "li")]
    own = str(pdf.trailer.get("/Info", pikepdf.Dictionary()).get("/Title", ""))
    if not titles or not (titles[0].text or "").strip():
        faults.add("06-003", "Metadata", "no dc:title")
    elif own and titles[0].text != own:
        faults.add("06-003", "Metadata", f"{titles[0].text!r}, but the Info dictionary says {own!r}")
    for title in titles:
        if title.get(LANG, "x-default") == "x-default" and "/Lang" not in pdf.Root:
            faults.add("11-006", "Metadata", "x-default, and no Lang")


# --- annotations -------------------------------------------------------------------------------------------

def in_page(page, annotation):
    left, bottom, right, top = (float(x) for x in page.get("/CropBox", page.get("/MediaBox", [0, 0, 595.276, 841.89])))
    x1, y1, x2, y2 = (float(x) for x in annotation.Rect)
    return min(x1, x2) < right and max(x1, x2) > left and min(y1, y2) < top and max(y1, y2) > bottom


def check_widget(annotation, element, tree, faults, where):
    if element is None or element.type != "Form":
        faults.add("28-010", where, f"inside {element.type if element is not None else 'no element'}")
    if not str(annotation.get("/TU", "")):
        faults.add("28-005", where, "no TU")
    if "/Parent" in annotation and not str(annotation.Parent.get("/TU", "")):
        faults.add("28-005", where, "no TU in its field")
    if not tree.lang and not (element is not None and element.lang):
        faults.add("11-005", where, "no Lang")


def check_annotation(annotation, tree, faults, where):
    kind = annotation.get("/Subtype")
    element = tree.objects.get(annotation.objgen)
    if kind == Name.Widget:
        check_widget(annotation, element, tree, faults, where)
        return
    if kind == Name.Link:
        if element is None or element.type != "Link":
            faults.add("28-011", where, "")
        if not str(annotation.get("/Contents", "")):
            faults.add("28-012", where, "")
    else:
        faults.add("P-08", where, str(kind)[1:])
        if element is None or element.type != "Annot":
            faults.add("28-002", where, str(kind)[1:])
    if not str(annotation.get("/Contents", "")) and not (element is not None and str(element.obj.get("/Alt", ""))):
        faults.add("28-004", where, str(kind)[1:])
    if "/Contents" in annotation and not tree.lang and not (element is not None and element.lang):
        faults.add("11-004", where, "no Lang")


def check_annotations(pdf, tree, faults):
    held = [leaf[1] for top in tree.top for _, leaf in top.leaves() if leaf[0] == "object"]
    order = {objgen: i for i, objgen in enumerate(held)}
    for number, page in enumerate(pdf.pages, 1):
        annotations = list(page.get("/Annots", []))
        if annotations and "/Tabs" not in page:
            faults.add("28-008", f"page {number}", "")
        elif annotations and page.Tabs != Name.S:
            faults.add("28-009", f"page {number}", str(page.Tabs)[1:])
        seen = [annotation for annotation in annotations if not int(annotation.get("/F", 0)) & HIDDEN and in_page(page, annotation)]
        for annotation in seen:
            check_annotation(annotation, tree, faults, f"page {number}, annotation {annotation.objgen[0]}")
        places = [order[a.objgen] for a in seen if a.objgen in order]
        if places != sorted(places):
            faults.add("P-06", f"page {number}", "widgets are in another order than the tree")


def check(path, pdf, tree, faults):
    check_file(path, pdf, faults)
    check_catalog(pdf, faults)
    check_metadata(pdf, faults)
    check_objects(pdf, faults)
    check_annotations(pdf, tree, faults)
