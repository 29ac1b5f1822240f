#!/usr/bin/python3
"""Says where the tooltips of sheets are not what the form says, or not the same to every program.

usage: tooltips.py FORM LANGUAGE FILE ...     prints "FILES files, N tooltips, M questions" or the faults, and exits with 1

pypdf, pikepdf (qpdf) and poppler read them. What was meant is the label of the field's question in FORM/survey.csv.
"""
import csv
import pathlib
import sys

import gi
import pikepdf
import pypdf

gi.require_version("Poppler", "0.18")
from gi.repository import Poppler  # noqa: E402


def by_pypdf(path):
    """name of the field -> tooltip"""
    return {name: field.get("/TU") for name, field in pypdf.PdfReader(path).get_fields().items()}


def by_pikepdf(path):
    """name of the field -> its tooltip and those of its buttons"""
    with pikepdf.open(path) as pdf:
        return {str(field.T): [str(dictionary.TU) if "/TU" in dictionary else None
                               for dictionary in [field, *field.get("/Kids", [])]]
                for field in pdf.Root.AcroForm.Fields}


def by_poppler(path):
    """name of the field -> the tooltip of one of its widgets"""
    document = Poppler.Document.new_from_file(pathlib.Path(path).resolve().as_uri(), None)
    found = {}
    for number in range(document.get_n_pages()):
        for entry in document.get_page(number).get_form_field_mapping():
            found[entry.field.get_name()] = entry.field.get_alternate_ui_name()
    return found


def labels(form, lang):
    with open(form + "/survey.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = next(row[key] for key in row if key.startswith("label::") and key.endswith(f"({lang})"))
            if label and "${" not in label:
                yield row["name"], label


def says(tip, label):
    """Whether it is the question, with its number and maybe more behind it, or cut by an ellipsis."""
    return label in tip or (tip.endswith("…") and label.startswith(tip.split(" ", 1)[1][:-1]))


form, lang, *files = sys.argv[1:]
meant = dict(labels(form, lang))
bad, tips, questions = [], 0, 0
for path in files:
    said = by_pypdf(path)
    for name, tip in said.items():
        tips += bool(tip)
        if tip and ("\ufffd" in tip or "\xfe" in tip):
            bad.append(f"{path}: {name}: {tip!r}")
        if tip and name in meant:
            questions += 1
            if not says(tip, meant[name].rstrip(":. ")):
                bad.append(f"{path}: {name}: {tip!r} is not {meant[name]!r}")
    all_tips, shown = by_pikepdf(path), by_poppler(path)
    for name, tip in said.items():
        if tip != all_tips[name][0]:
            bad.append(f"{path}: {name}: pypdf reads {tip!r}, pikepdf {all_tips[name][0]!r}")
        if name in shown and shown[name] not in all_tips[name]:
            bad.append(f"{path}: {name}: poppler reads {shown[name]!r}, pikepdf {all_tips[name]}")
print("\n".join(bad) or f"{len(files)} files, {tips} tooltips, {questions} questions")
sys.exit(bool(bad))
