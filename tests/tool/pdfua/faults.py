"""What the parts of the checker share."""
from pdfua.conditions import NUMBERS


class Faults:
    """The faults of one file, each once."""

    def __init__(self):
        self.found = {}

    def add(self, number, where, text):
        assert number in NUMBERS, number
        self.found.setdefault((number, str(where), text))

    def lines(self):
        for number, where, text in self.found:
            yield f"{number} {where}: {text}"

    def numbers(self):
        return {number for number, _, _ in self.found}


def name(value):
    """A PDF name as text, without its slash; "" for anything else."""
    text = str(value) if value is not None and value.__class__.__name__ in ("Object", "Name") else ""
    return text[1:] if text.startswith("/") else ""
