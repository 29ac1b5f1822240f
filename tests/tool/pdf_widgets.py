#!/usr/bin/env python3
"""Says what is wrong with the widgets of PDFs: overlapping, outside the page, or too small to hit.

usage: pdf_widgets.py FILE ...     prints "FILE: PAGES pages, N widgets" or the faults, and exits with 1
"""
import json
import subprocess
import sys

PAGE = (0, 0, 595.28, 841.89)
SMALLEST = 8.0


def widgets(path):
    """Visible widgets of a file: {page object: [(name of the object, rectangle)]}."""
    said = subprocess.run(["qpdf", "--json=1", "--json-key=objects", path], check=True, capture_output=True).stdout
    pages = {}
    for name, value in json.loads(said)["objects"].items():
        if isinstance(value, dict) and value.get("/Subtype") == "/Widget" and value.get("/F") == 4:
            pages.setdefault(value["/P"], []).append((name, value["/Rect"]))
    return pages


def faults(found):
    for name, (left, bottom, right, top) in found:
        if left < PAGE[0] or bottom < PAGE[1] or right > PAGE[2] or top > PAGE[3]:
            yield f"{name} is outside the page"
        if right - left < SMALLEST or top - bottom < SMALLEST:
            yield f"{name} is too small"
    for i, (name, one) in enumerate(found):
        for other_name, other in found[i + 1:]:
            if min(one[2], other[2]) - max(one[0], other[0]) > 0.1 and min(one[3], other[3]) - max(one[1], other[1]) > 0.1:
                yield f"{name} and {other_name} overlap"


bad = False
for path in sys.argv[1:]:
    pages = widgets(path)
    said = [fault for found in pages.values() for fault in faults(found)]
    bad = bad or said or not pages
    print(f"{path}: " + ("; ".join(said) if said else f"{len(pages)} pages, {sum(map(len, pages.values()))} widgets"))
sys.exit(1 if bad else 0)
