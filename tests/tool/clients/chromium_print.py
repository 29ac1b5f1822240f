#!/usr/bin/python3
"""chromium_print.py IN.pdf OUT.pdf: "Print", "Save as PDF" in the PDF viewer of Chrome and Edge. Needs an X display: xvfb-run."""
import json
import pathlib
import shutil
import sys
import tempfile

from browser import Browser, Viewer


def settings(folder):
    """Those of somebody who has chosen "Save as PDF" before."""
    printer = {"id": "Save as PDF", "origin": "local", "account": ""}
    chosen = {"version": 2, "recentDestinations": [printer], "selectedDestinationId": printer["id"]}
    return {
        "printing": {"print_preview_sticky_settings": {"appState": json.dumps(chosen)}},
        "savefile": {"default_directory": str(folder)},
    }


def main():
    source, target = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="plico-print-") as work:
        profile, folder = pathlib.Path(work, "profile"), pathlib.Path(work, "printed")
        profile.joinpath("Default").mkdir(parents=True)
        folder.mkdir()
        profile.joinpath("Default", "Preferences").write_text(json.dumps(settings(folder)), encoding="utf-8")
        browser = Browser(profile, "--kiosk-printing")  # without its preview
        viewer = Viewer(browser, source)
        viewer.run("viewer.pluginController_.print()")
        printed = viewer.wait(lambda: next((p for p in folder.glob("*.pdf") if p.read_bytes().rstrip().endswith(b"%%EOF")), None))
        shutil.copy(printed, target)
        browser.close()


main()
