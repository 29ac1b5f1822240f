#!/usr/bin/python3
"""entry_page.py PAGE.html FIELDS.json OUT.csv: a person at the page of `plico quarantine enter`: types in, with mouse and keyboard, all
that it asks, and clicks its button. OUT.csv is what the browser then has among its downloads. ENTRY_SHOT=FILE keeps a picture of it."""
import json
import os
import pathlib
import shutil
import sys
import tempfile

from browser import Browser, Tab

ASKED = """[...document.querySelectorAll('label.open [name]')].map(f => f.name)"""
FIELD = """(() => { const f = document.querySelector('[name="%s"]'); f.scrollIntoView({block: 'center'});
    const r = f.getBoundingClientRect();
    return {x: r.x + Math.min(r.width / 2, 40), y: r.y + r.height / 2, kind: f.type,
            choices: f.options ? [...f.options].map(o => o.value) : []}; })()"""
BUTTON = """(() => { const b = document.querySelector('button'); b.scrollIntoView();
    const r = b.getBoundingClientRect(); return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()"""


def answer(page, name, value):
    field = page.run(FIELD % name)
    if field["kind"] == "select-one":
        page.run(f"document.querySelector('[name=\"{name}\"]').focus()")
        for _ in range(field["choices"].index(value)):
            page.press("ArrowDown", 40)
        return
    if value:
        page.click(field["x"], field["y"])
    if field["kind"] != "checkbox":
        page.type(value)


def main():
    source, fields, target = sys.argv[1:]
    with open(fields, encoding="utf-8") as file:
        values = {field["name"]: field["value"] for field in json.load(file)}
    with tempfile.TemporaryDirectory(prefix="plico-entry-") as work:
        folder = pathlib.Path(work, "downloads")
        folder.mkdir()
        browser = Browser(pathlib.Path(work, "profile"), "--headless=new")
        browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        page = Tab(browser)
        page.go(source)
        page.wait(lambda: page.run("document.readyState === 'complete'"))
        for name in page.run(ASKED):
            answer(page, name, values[name])
        if os.environ.get("ENTRY_SHOT"):
            page.shoot(os.environ["ENTRY_SHOT"], captureBeyondViewport=True)
        page.click(**page.run(BUTTON))
        saved = page.wait(lambda: next((p for p in folder.glob("*.csv")), None))
        shutil.copy(saved, target)
        browser.close()


main()
