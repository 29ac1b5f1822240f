#!/usr/bin/python3
"""fdf.py fdf|xfdf (FIELDS.json OUT)...: the values as form data, for pdftk (ISO 32000-1, 12.7.7; ISO 19444-1)."""
import json
import pathlib
import sys
from xml.sax.saxutils import escape, quoteattr


def text_string(value):
    """a literal string where it is ASCII, UTF-16BE otherwise"""
    if value.isascii():
        literal = value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").replace("\n", r"\n")
        return f"({literal})"
    return "<FEFF" + value.encode("utf-16-be").hex().upper() + ">"


def fdf(specs):
    fields = "\n".join(
        f"<< /T {text_string(spec['name'])} /V {text_string(value_of(spec))} >>" for spec in specs
    )
    return f"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [\n{fields}\n] >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def xfdf(specs):
    fields = "".join(
        f"<field name={quoteattr(spec['name'])}><value>{escape(value_of(spec))}</value></field>\n" for spec in specs
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">\n'
        f"<fields>\n{fields}</fields>\n</xfdf>\n"
    )


def value_of(spec):
    return spec["on"] if spec["kind"] == "check" else spec["value"]


def main():
    form, *paths = sys.argv[1:]
    for source, target in zip(paths[::2], paths[1::2]):
        specs = [s for s in json.loads(pathlib.Path(source).read_text(encoding="utf-8")) if s["value"] != ""]
        pathlib.Path(target).write_text({"fdf": fdf, "xfdf": xfdf}[form](specs), encoding="utf-8")


main()
