#!/usr/bin/python3
"""poppler.py (FIELDS.json IN.pdf OUT.pdf)...: fills sheets with poppler-glib, the library of Evince and other viewers.

It has no way to ask what a radio button stands for. Its mapping lists the widgets of a page from the last to the
first, so the buttons of a group, turned round, are the choices in the order of the form.
"""
import json
import pathlib
import sys

import gi

gi.require_version("Poppler", "0.18")
from gi.repository import Poppler  # noqa: E402


def widgets_of(document):
    """name -> fields, in the order of the pages and of the widgets on them"""
    found = {}
    for number in range(document.get_n_pages()):
        mapping = document.get_page(number).get_form_field_mapping()
        for entry in reversed(mapping):
            found.setdefault(entry.field.get_name(), []).append(entry.field)
    return found


def fill(spec, fields):
    kind, value = spec["kind"], spec["value"]
    if kind in ("text", "area"):
        fields[0].text_set_text(value)
    elif kind == "check":
        fields[0].button_set_state(True)
    elif kind == "radio":
        if len(fields) != len(spec["choices"]):
            sys.exit(f"{spec['name']}: {len(fields)} buttons for {len(spec['choices'])} choices")
        fields[spec["choices"].index(value)].button_set_state(True)
    elif kind == "combo":
        items = [fields[0].choice_get_item(i) for i in range(fields[0].choice_get_n_items())]
        fields[0].choice_select_item(items.index(value))


def fill_all(specs, source, target):
    document = Poppler.Document.new_from_file(pathlib.Path(source).resolve().as_uri(), None)
    widgets = widgets_of(document)
    for spec in json.loads(pathlib.Path(specs).read_text(encoding="utf-8")):
        if spec["value"] != "":
            fill(spec, widgets[spec["name"]])
    document.save(pathlib.Path(target).resolve().as_uri())


def main():
    words = sys.argv[1:]
    for three in zip(words[::3], words[1::3], words[2::3]):
        fill_all(*three)


main()
