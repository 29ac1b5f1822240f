"""What is drawn: every painting operator of pages, form XObjects and appearances, and the marked content around it
(ISO 32000-1, 14.6)."""
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Name

PATHS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh"}
TEXTS = {"Tj", "TJ", "'", '"'}
INVISIBLE = 3  # rendering mode


@dataclass
class Marked:
    """One marked-content sequence with an MCID."""
    tag: str
    order: int  # of the page
    lang: str = ""
    shown: list = field(default_factory=list)  # (font, bytes)
    painted: int = 0


@dataclass
class Drawn:
    """All that the checker learns from content streams."""
    marked: dict = field(default_factory=dict)  # (page or form objgen, MCID) -> Marked
    fonts: dict = field(default_factory=dict)  # objgen -> (font, {codes shown as bytes})
    forms: dict = field(default_factory=dict)  # objgen -> how often shown
    texts: int = 0


class Walker:
    """Goes through one content stream, and the forms that it shows."""

    def __init__(self, faults, drawn, where, free=False):
        self.faults = faults
        self.drawn = drawn
        self.where = where
        self.free = free  # an appearance: stands for its annotation, needs no marks
        self.stack = []  # "artifact", Marked, or None for other marks
        self.forms = []

    def fault(self, number, text):
        self.faults.add(number, self.where, text)

    def current(self):
        """The Marked that what is painted now belongs to, or "artifact"."""
        for mark in reversed(self.stack):
            if mark is not None:
                return mark
        return None

    def paint(self, what):
        mark = self.current()
        if mark is None and not self.free:
            self.fault("01-005", f"{what} outside marked content")
        elif isinstance(mark, Marked):
            mark.painted += 1

    def begin(self, operands, owner):
        tag = str(operands[0])[1:]
        properties = operands[1] if len(operands) > 1 else None
        if isinstance(properties, Name):
            properties = self.resources[-1].get("/Properties", {}).get(str(properties))
        mcid = properties.get("/MCID") if properties is not None else None
        above = self.current()
        if tag == "Artifact":
            if isinstance(above, Marked):
                self.fault("01-003", "an artifact inside tagged content")
            self.stack.append("artifact")
        elif mcid is None:
            self.stack.append(None)
        else:
            if above == "artifact":
                self.fault("01-004", f"MCID {mcid} inside an artifact")
            elif above is not None:
                self.fault("P-12", f"MCID {mcid} inside another")
            mark = Marked(tag, len(self.drawn.marked), str(properties.get("/Lang", "")))
            if (owner, int(mcid)) in self.drawn.marked:
                self.fault("P-03", f"MCID {mcid} twice")
            self.drawn.marked[owner, int(mcid)] = mark
            self.stack.append(mark)

    def show(self, font, mode, operator, operands):
        pieces = operands[0] if operator == "TJ" else [operands[-1]]
        data = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
        self.paint("text")
        self.drawn.texts += 1
        if font is None:
            self.fault("31-009", "text without a font")
            return
        if mode != INVISIBLE:
            self.drawn.fonts.setdefault(key_of(font), (font, set()))[1].add(data)
        mark = self.current()
        if isinstance(mark, Marked):
            mark.shown.append((font, data))

    def show_form(self, form):
        key = form.objgen
        self.drawn.forms[key] = self.drawn.forms.get(key, 0) + 1
        if "/Ref" in form:
            self.fault("30-001", f"object {key[0]}")
        if key in self.forms:
            self.fault("P-12", f"form {key[0]} shows itself")
            return
        before = set(self.drawn.marked)
        self.forms.append(key)
        self.walk(form, form.get("/Resources", self.resources[-1]), key)
        self.forms.pop()
        own = set(self.drawn.marked) - before
        if self.drawn.forms[key] > 1 and any(owner == key for owner, _ in self.drawn.marked):
            self.fault("30-002", f"object {key[0]}")
        if own and "/StructParents" not in form:
            self.fault("P-04", f"form {key[0]} has MCIDs but no StructParents")

    def do(self, operands):
        shown = self.resources[-1].get("/XObject", {}).get(str(operands[0]))
        if shown is None:
            self.fault("P-12", f"{operands[0]} is not in the resources")
        elif shown.get("/Subtype") == Name.Form:
            self.show_form(shown)
        else:
            self.paint("an image")
            self.fault("P-09", str(operands[0]))

    resources = []

    def walk(self, stream, resources, owner):
        self.resources = self.resources + [resources]
        depth = len(self.stack)
        font, mode, saved, text, inside = None, 0, [], False, []
        for instruction in pikepdf.parse_content_stream(stream):
            operator, operands = str(instruction.operator), instruction.operands
            if operator in ("BMC", "BDC"):
                self.begin(operands, owner)
                inside.append(text)
            elif operator == "EMC":
                if len(self.stack) == depth:
                    self.fault("P-12", "EMC without a beginning")
                else:
                    self.stack.pop()
                    if inside.pop() != text:
                        self.fault("P-12", "marked content and a text object overlap")
            elif operator in ("BT", "ET"):
                if text == (operator == "BT"):
                    self.fault("P-12", f"{operator} out of turn")
                text = operator == "BT"
            elif operator == "q":
                saved.append((font, mode))
            elif operator == "Q":
                font, mode = saved.pop() if saved else (None, 0)
            elif operator == "Tf":
                font = resources.get("/Font", {}).get(str(operands[0]))
            elif operator == "Tr":
                mode = int(operands[0])
            elif operator in TEXTS:
                self.show(font, mode, operator, operands)
            elif operator in PATHS:
                self.paint("a shape")
            elif operator == "INLINE IMAGE":
                self.paint("an image")
                self.fault("P-09", "inline")
            elif operator == "Do":
                self.do(operands)
        if len(self.stack) > depth:
            self.fault("P-12", f"{len(self.stack) - depth} marks are not ended")
            del self.stack[depth:]
        self.resources = self.resources[:-1]


def key_of(font):
    """Fonts in a resource dictionary may be direct objects."""
    return font.objgen if font.is_indirect else ("direct", font.unparse())


def appearances(annotation):
    """The streams of an annotation's appearance dictionary."""
    for _, value in annotation.get("/AP", pikepdf.Dictionary()).items():
        if isinstance(value, pikepdf.Stream):
            yield value
        else:
            yield from (stream for _, stream in value.items())


def read(pdf, faults):
    drawn = Drawn()
    for number, page in enumerate(pdf.pages, 1):
        walker = Walker(faults, drawn, f"page {number}")
        walker.walk(page, page.get("/Resources", pikepdf.Dictionary()), page.obj.objgen)
        for annotation in page.get("/Annots", []):
            for stream in appearances(annotation):
                inner = Walker(faults, drawn, f"page {number}, appearance {stream.objgen[0]}", free=True)
                inner.walk(stream, stream.get("/Resources", pikepdf.Dictionary()), stream.objgen)
    return drawn
