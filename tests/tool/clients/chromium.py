#!/usr/bin/python3
"""chromium.py (FIELDS.json IN.pdf OUT.pdf)...: a person at Chromium's own PDF viewer (that of Chrome and Edge): every field is
clicked with the mouse and typed into with the keyboard, then the file is saved. Needs an X display: xvfb-run.

Only the file dialog of "save" is left out: the viewer's own function gives the bytes that it would write.
"""
import base64
import json
import os
import sys
import tempfile
import time

import pikepdf
from browser import Browser, Viewer


class Typist(Viewer):
    top = None  # where the page in sight begins

    def leave(self):
        """What was typed counts when its field is left: a click on the margin of the page does that."""
        if self.top:
            self.click(self.top["x"] + 8, self.top["y"] + 200)

    def show(self, page):
        self.leave()
        self.run(f"viewer.viewport.goToPage({page})")
        time.sleep(0.5)  # the plugin scrolls in a process of its own, and tells nobody when it has
        self.top = self.run(f"viewer.viewport.getPageScreenRect({page})")
        self.top["y"] += self.run("viewer.shadowRoot.querySelector('viewer-toolbar').offsetHeight")


def widgets(path):
    """(page, name of the field, its state that is not Off, centre in points from the top left) of every visible one."""
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages):
            height = float(page.mediabox[3])
            for annot in page.get("/Annots", []):
                field = annot if "/T" in annot else annot.get("/Parent")
                if annot.get("/Subtype") != "/Widget" or field is None or int(annot.get("/F", 0)) & 2:
                    continue
                states = [str(name)[1:] for name in annot.AP.N.keys() if name != "/Off"] if "/AS" in annot else []
                left, bottom, right, top = (float(n) for n in annot.Rect)
                yield number, str(field.T), (states or [""])[0], ((left + right) / 2, height - (bottom + top) / 2)


def fill(viewer, field, point):
    viewer.click(*point)
    if field["kind"] in ("text", "area"):
        viewer.type(field["value"])
    elif field["kind"] == "combo":
        viewer.click(*point)  # the list has opened, and closes again
        for _ in range(int(field["value"])):
            viewer.press("ArrowDown", 40)


def fill_all(viewer, fields, path):
    shown = None
    for page, name, state, (x, y) in widgets(path):
        field = fields.get(name)
        if field is None or not field["value"] or (state and state != field["value"]):
            continue
        if page != shown:
            viewer.show(page)
            shown = page
        scale = viewer.top["width"] / 595.28
        fill(viewer, field, (viewer.top["x"] + x * scale, viewer.top["y"] + y * scale))
    viewer.leave()


def saved_by(viewer):
    saved = viewer.run("""viewer.pluginController_.save('EDITED').then(file => {
        const bytes = new Uint8Array(file.dataToSave);
        let text = '';
        for (let i = 0; i < bytes.length; i += 32768)
            text += String.fromCharCode(...bytes.subarray(i, i + 32768));
        return btoa(text);
    })""")
    return base64.b64decode(saved) if saved else sys.exit("chromium.py: nothing was saved")


def main():
    words = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="plico-chromium-") as profile:
        browser = Browser(profile)
        for source, blank, target in zip(words[::3], words[1::3], words[2::3]):
            viewer = Typist(browser, blank)
            with open(source, encoding="utf-8") as file:
                fill_all(viewer, {field["name"]: field for field in json.load(file)}, blank)
            with open(target, "wb") as out:
                out.write(saved_by(viewer))
            if os.environ.get("CHROMIUM_SHOT"):
                viewer.shoot(os.environ["CHROMIUM_SHOT"])
            viewer.close()
        browser.close()


main()
