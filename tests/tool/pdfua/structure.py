"""The structure tree (ISO 32000-1, 14.7 and 14.8): whole, both ways, with parents and children as the tables say."""
import re
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Name

from pdfua.content import Marked

GROUPING = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private"}
BLOCK = {"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
         "TFoot"}
INLINE = {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT",
          "WP", "Figure", "Formula", "Form"}
STANDARD = GROUPING | BLOCK | INLINE

# type: (condition, the types that may hold it or None, the types that it may hold or None)
SYNTAX = {
    "Table": ("09-004", None, {"TR", "THead", "TBody", "TFoot", "Caption"}),
    "THead": ("09-004", {"Table"}, {"TR"}),
    "TBody": ("09-004", {"Table"}, {"TR"}),
    "TFoot": ("09-004", {"Table"}, {"TR"}),
    "TR": ("09-004", {"Table", "THead", "TBody", "TFoot"}, {"TH", "TD"}),
    "TH": ("09-004", {"TR"}, None),
    "TD": ("09-004", {"TR"}, None),
    "L": ("09-005", None, {"L", "LI", "Caption"}),
    "LI": ("09-005", {"L"}, {"Lbl", "LBody"}),
    "LBody": ("09-005", {"LI"}, None),
    "TOC": ("09-006", None, {"TOC", "TOCI", "Caption"}),
    "TOCI": ("09-006", {"TOC"}, {"Lbl", "Reference", "NonStruct", "P", "TOC"}),
    "Ruby": ("09-007", None, {"RB", "RT", "RP"}),
    "RB": ("09-007", {"Ruby"}, None),
    "RT": ("09-007", {"Ruby"}, None),
    "RP": ("09-007", {"Ruby"}, None),
    "Warichu": ("09-008", None, {"WT", "WP"}),
    "WT": ("09-008", {"Warichu"}, None),
    "WP": ("09-008", {"Warichu"}, None),
}
LANGUAGE = re.compile(r"^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$")
NUMBERINGS = {"Decimal", "UpperRoman", "LowerRoman", "UpperAlpha", "LowerAlpha"}


@dataclass(eq=False)
class Element:
    obj: object
    type: str
    parent: "Element"
    lang: str
    kids: list = field(default_factory=list)  # Element, ("mcid", owner, MCID) or ("object", objgen)

    def __str__(self):
        return f"{self.type} {self.obj.objgen[0]}"

    def elements(self):
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def walk(self):
        yield self
        for kid in self.elements():
            yield from kid.walk()

    def leaves(self):
        """Content and objects in reading order."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.leaves()
            else:
                yield self, kid

    def attribute(self, owner, key):
        given = self.obj.get("/A")
        for one in given if isinstance(given, pikepdf.Array) else [given]:
            if isinstance(one, pikepdf.Dictionary) and one.get("/O") == Name("/" + owner) and key in one:
                return one[key]
        return None

    def word(self, owner, key):
        """An attribute that is a name, as text; "" where there is none."""
        value = self.attribute(owner, key)
        return "" if value is None else str(value)[1:]

    def number(self, owner, key):
        value = self.attribute(owner, key)
        return 1 if value is None else int(value)


class Tree:
    def __init__(self, pdf, drawn, faults):
        self.pdf = pdf
        self.drawn = drawn
        self.faults = faults
        self.content = {}  # (owner, MCID) -> Element
        self.objects = {}  # objgen -> Element
        self.seen = set()
        self.lang = str(pdf.Root.get("/Lang", ""))
        self.root = pdf.Root.get("/StructTreeRoot")
        self.top = []

    def standard(self, name, where):
        roles = self.root.get("/RoleMap", {})
        passed = []
        while name not in STANDARD:
            if name in passed:
                self.faults.add("02-003", where, name)
                return name
            passed.append(name)
            mapped = roles.get("/" + name)
            if mapped is None:
                self.faults.add("02-001", where, name)
                return name
            name = str(mapped)[1:]
        return name

    # --- reading -------------------------------------------------------------------------------------

    def read(self):
        if self.root is None:
            self.faults.add("P-03", "catalog", "no StructTreeRoot")
            return
        for role in self.root.get("/RoleMap", {}).keys():
            if role[1:] in STANDARD:
                self.faults.add("02-004", "role map", role[1:])
        kids = self.root.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            self.top.append(self.element(kid, self.root, None))

    def element(self, obj, holder, parent):
        kind = self.standard(str(obj.get("/S"))[1:], f"element {obj.objgen[0]}")
        lang = str(obj.get("/Lang", parent.lang if parent is not None else self.lang))
        element = Element(obj, kind, parent, lang)
        if obj.objgen in self.seen:
            self.faults.add("P-03", element, "stands in the tree twice")
            return element
        self.seen.add(obj.objgen)
        if obj.get("/P") is None or obj["/P"].objgen != holder.objgen:
            self.faults.add("P-03", element, "P is not the element that holds it")
        kids = obj.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            self.kid(element, kid, obj.get("/Pg"))
        return element

    def kid(self, element, kid, page):
        if isinstance(kid, int):
            self.hold_content(element, page, kid)
        elif kid.get("/Type") == Name.MCR:
            self.hold_content(element, kid.get("/Stm", kid.get("/Pg", page)), int(kid.MCID))
        elif kid.get("/Type") == Name.OBJR:
            self.hold_object(element, kid)
        else:
            element.kids.append(self.element(kid, element.obj, element))

    def hold_content(self, element, page, mcid):
        key = (page.objgen if page is not None else None, mcid)
        if key not in self.drawn.marked:
            self.faults.add("P-03", element, f"MCID {mcid} is not on its page")
        if key in self.content:
            self.faults.add("P-03", element, f"MCID {mcid} is held by two elements")
        self.content[key] = element
        element.kids.append(("mcid",) + key)

    def hold_object(self, element, reference):
        target = reference.get("/Obj")
        if target is None or not target.is_indirect:
            self.faults.add("P-03", element, "an object reference to nothing")
            return
        if target.objgen in self.objects:
            self.faults.add("P-03", element, f"object {target.objgen[0]} is held by two elements")
        self.objects[target.objgen] = element
        element.kids.append(("object", target.objgen))

    def all(self):
        for element in self.top:
            yield from element.walk()

    # --- the parent tree ------------------------------------------------------------------------------

    def parents(self):
        tree = self.root.get("/ParentTree")
        if tree is None:
            self.faults.add("P-04", "structure tree", "no ParentTree")
            return {}
        numbers = dict(number_tree(tree))
        if numbers and int(self.root.get("/ParentTreeNextKey", 0)) <= max(numbers):
            self.faults.add("P-04", "structure tree", "ParentTreeNextKey is not above all keys")
        return numbers

    def check_parents(self):
        numbers = self.parents()
        used = set()
        owners = [page.obj for page in self.pdf.pages]
        owners += [self.pdf.get_object(key) for key in self.drawn.forms if isinstance(key, tuple)]
        for owner in owners:
            mine = {mcid for holder, mcid in self.drawn.marked if holder == owner.objgen}
            key = owner.get("/StructParents")
            if key is None:
                if mine:
                    self.faults.add("P-04", f"object {owner.objgen[0]}", "MCIDs but no StructParents")
                continue
            used.add(int(key))
            self.check_row(owner, mine, numbers.get(int(key)))
        for page in self.pdf.pages:
            for annotation in page.get("/Annots", []):
                if "/StructParent" in annotation:
                    used.add(int(annotation.StructParent))
                    self.check_object(annotation, numbers.get(int(annotation.StructParent)))
        for key in set(numbers) - used:
            self.faults.add("P-04", f"key {key}", "belongs to nothing")
        for objgen, element in self.objects.items():
            if "/StructParent" not in self.pdf.get_object(objgen):
                self.faults.add("P-04", element, f"its object {objgen[0]} has no StructParent")

    def check_row(self, owner, mine, row):
        where = f"object {owner.objgen[0]}"
        if not isinstance(row, pikepdf.Array):
            self.faults.add("P-04", where, "StructParents leads to no array")
            return
        for mcid, holder in enumerate(row):
            element = self.content.get((owner.objgen, mcid))
            if not isinstance(holder, pikepdf.Dictionary):
                if mcid in mine:
                    self.faults.add("P-04", where, f"MCID {mcid} has no parent")
            elif element is None or element.obj.objgen != holder.objgen:
                self.faults.add("P-04", where, f"MCID {mcid} has another parent than the tree says")
        if mine and max(mine) >= len(row):
            self.faults.add("P-04", where, f"MCID {max(mine)} has no parent")

    def check_object(self, annotation, holder):
        element = self.objects.get(annotation.objgen)
        if not isinstance(holder, pikepdf.Dictionary) or element is None or element.obj.objgen != holder.objgen:
            self.faults.add("P-04", f"annotation {annotation.objgen[0]}", "StructParent is not the element that holds it")

    # --- content ---------------------------------------------------------------------------------------

    def check_content(self):
        for key, marked in self.drawn.marked.items():
            if key not in self.content and marked.painted:
                self.faults.add("01-005", f"MCID {key[1]} of object {key[0][0]}", "no element holds it")
            element = self.content.get(key)
            lang = marked.lang or (element.lang if element is not None else self.lang)
            if marked.shown and not lang:
                self.faults.add("11-001", f"MCID {key[1]} of object {key[0][0]}", "no Lang")
        last = {}
        for element in self.top:
            for holder, leaf in element.leaves():
                if leaf[0] == "mcid" and not begins_section(holder):
                    if last.get(leaf[1], -1) > leaf[2]:
                        self.faults.add("P-06", holder, f"MCID {leaf[2]} behind {last[leaf[1]]}")
                    last[leaf[1]] = leaf[2]

    # --- elements ---------------------------------------------------------------------------------------

    def check_syntax(self, element):
        rule = SYNTAX.get(element.type)
        holder = element.parent.type if element.parent is not None else "the root"
        if rule is not None:
            condition, parents, children = rule
            if parents is not None and holder not in parents:
                self.faults.add(condition, element, f"inside {holder}")
            if children is not None:
                for kid in element.kids:
                    if not isinstance(kid, Element):
                        self.faults.add(condition, element, "holds content itself")
                    elif kid.type not in children:
                        self.faults.add(condition, element, f"holds {kid.type}")
        for kid in element.elements():
            if kid.type == "Caption" and element.type in ("L", "Table", "TOC") and kid is not element.kids[0] and not (
                    element.type == "Table" and kid is element.kids[-1]):
                self.faults.add(SYNTAX[element.type][0], element, "its Caption is in the middle")
        if element.type == "Lbl" and holder not in ("LI", "TOCI", "Note", "BibEntry", "Form", "Formula", "Figure"):
            self.faults.add("09-005", element, f"inside {holder}")

    def check_texts(self, element):
        for key in ("/Alt", "/ActualText", "/E"):
            if key in element.obj and not element.lang:
                self.faults.add("11-002", element, key[1:])
        if "/Lang" in element.obj and not LANGUAGE.match(str(element.obj.Lang)):
            self.faults.add("P-07", element, str(element.obj.Lang))
        if element.type == "Figure" and not str(element.obj.get("/Alt", element.obj.get("/ActualText", ""))):
            self.faults.add("13-004", element, "")
        if element.type == "Formula" and not str(element.obj.get("/Alt", element.obj.get("/ActualText", ""))):
            self.faults.add("17-002", element, "")

    def check_form(self, element):
        if element.type == "Form" and element.attribute("PrintField", "/Role") is None and (
                len(element.kids) != 1 or isinstance(element.kids[0], Element) or element.kids[0][0] != "object"):
            self.faults.add("P-05", element, f"{len(element.kids)} children")

    def check_notes(self, notes):
        ids = [str(note.obj.get("/ID", "")) for note in notes]
        for note, own in zip(notes, ids):
            if not own:
                self.faults.add("19-003", note, "")
            elif ids.count(own) > 1:
                self.faults.add("19-004", note, own)

    def check_headings(self, elements):
        levels = [(int(e.type[1]), e) for e in elements if re.fullmatch(r"H[1-6]", e.type)]
        plain = [e for e in elements if e.type == "H"]
        if levels and levels[0][0] != 1:
            self.faults.add("14-002", levels[0][1], "is the first heading")
        for (above, _), (level, element) in zip(levels, levels[1:]):
            if level > above + 1:
                self.faults.add("14-003", element, f"follows H{above}")
        if levels and plain:
            self.faults.add("14-007", plain[0], "")
        for element in elements:
            if sum(kid.type == "H" for kid in element.elements()) > 1:
                self.faults.add("14-006", element, "")

    def check(self):
        self.read()
        if self.root is None:
            return
        self.check_parents()
        self.check_content()
        elements = list(self.all())
        for element in elements:
            self.check_syntax(element)
            self.check_texts(element)
            self.check_form(element)
            if element.type == "Table":
                check_table(element, self.faults)
            if element.type == "L":
                check_list(element, self.drawn, self.faults)
        self.check_notes([e for e in elements if e.type == "Note"])
        self.check_headings(elements)


def begins_section(element):
    """Whether it is in a heading that is the first in its section: what is printed above may come behind it."""
    while element is not None and not re.fullmatch(r"H[1-6]?", element.type):
        element = element.parent
    return element is not None and element.parent is not None and element.parent.type == "Sect" and (
        element.parent.kids[0] is element)


def number_tree(node, depth=0):
    """Keys and values (ISO 32000-1, 7.9.7)."""
    flat = list(node.get("/Nums", []))
    for key, value in zip(flat[::2], flat[1::2]):
        yield int(key), value
    for kid in node.get("/Kids", []) if depth < 20 else []:
        yield from number_tree(kid, depth + 1)


# --- tables -----------------------------------------------------------------------------------------------

def grid_of(table, faults):
    """{(row, column): cell} with spans; uneven rows are faults."""
    rows = [e for e in table.walk() if e.type == "TR"]
    cells = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.elements():
            while (y, x) in cells:
                x += 1
            wide = cell.number("Table", "/ColSpan")
            high = cell.number("Table", "/RowSpan")
            for place in [(y + j, x + i) for j in range(high) for i in range(wide)]:
                if place in cells:
                    faults.add("09-004", cell, "overlaps another cell")
                cells[place] = cell
            x += wide
    widths = {sum(1 for place in cells if place[0] == y) for y in range(len(rows))}
    if len(widths) > 1:
        faults.add("09-004", table, f"rows of {sorted(widths)} cells")
    if any(y >= len(rows) for y, _ in cells):
        faults.add("09-004", table, "a span leaves the table")
    return cells


def check_table(table, faults):
    cells = grid_of(table, faults)
    by_id = any(cell.attribute("Table", "/Headers") is not None for cell in cells.values())
    for (y, x), cell in cells.items():
        if cell.type == "TH":
            scope = cell.word("Table", "/Scope")
            if not by_id and scope not in ("Row", "Column", "Both"):
                faults.add("15-003", cell, f"Scope {scope or 'is missing'}")
        elif not by_id and cell.kids and not any(heads(cells.get(place), way) for way, places in (
                ("Row", [(y, i) for i in range(x)]), ("Column", [(j, x) for j in range(y)])) for place in places):
            faults.add("15-003", cell, "no header in its row or column")


def heads(cell, way):
    return cell is not None and cell.type == "TH" and cell.word("Table", "/Scope") in (way, "Both")


def check_list(element, drawn, faults):
    """Labels of numbers or letters make the list an ordered one."""
    numbering = element.word("List", "/ListNumbering")
    if numbering and numbering not in NUMBERINGS | {"None", "Disc", "Circle", "Square"}:
        faults.add("16-001", element, f"ListNumbering {numbering}")
    for item in element.elements():
        for label in item.elements():
            if label.type == "Lbl" and numbering not in NUMBERINGS and re.match(r"\(?[0-9A-Za-z]+[.)]", text_of(label, drawn)):
                faults.add("16-001", element, f"labels such as {text_of(label, drawn)!r}")
                return


def text_of(element, drawn):
    """What the element shows, where its fonts are coded in UTF-16 as ours are."""
    text = ""
    for _, leaf in element.leaves():
        marked = drawn.marked.get(leaf[1:]) if leaf[0] == "mcid" else None
        if isinstance(marked, Marked):
            text += "".join(data.decode("utf-16-be", "replace") for _, data in marked.shown)
    return text
