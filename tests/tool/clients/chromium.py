#!/usr/bin/python3
"""chromium.py (FIELDS.json IN.pdf OUT.pdf)...: a person at Chromium's own PDF viewer (that of Chrome and Edge): every field is
clicked with the mouse and typed into with the keyboard, then the file is saved. Needs an X display: xvfb-run.

The browser is driven through its debugging pipe (Chrome DevTools Protocol): input goes the way of real input. Only the
file dialog of "save" is left out: the viewer's own function gives the bytes that it would write.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import time

import pikepdf

WIDTH, HEIGHT = 1000, 1400  # a whole page of A4 is on the screen at 100 %
PATIENCE = 30  # seconds


class Browser:
    def __init__(self, profile):
        to_read, self.to = os.pipe()
        back, to_write = os.pipe()

        def wire():  # file descriptors 3 and 4 are the pipe's
            os.dup2(to_read, 13)
            os.dup2(to_write, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            ["chromium", "--no-sandbox", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
             f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0", "--disable-gpu", "--force-device-scale-factor=1",
             "about:blank"], preexec_fn=wire, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.back = os.fdopen(back, "rb", 0)
        self.rest = b""
        self.last = 0
        self.events = []

    def receive(self):
        while b"\0" not in self.rest:
            data = self.back.read(1 << 16)
            if not data:
                sys.exit("chromium.py: Chromium has ended")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def post(self, method, session=None, **params):
        """Asks, and does not wait: what is asked is done in order."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")

    def call(self, method, session=None, **params):
        self.post(method, session, **params)
        while True:
            answer = self.receive()
            if "error" in answer:
                sys.exit(f"chromium.py: {answer['error']}")
            if answer.get("id") == self.last:
                return answer["result"]
            if "id" not in answer:
                self.events.append(answer)

    def close(self):
        self.call("Browser.close")
        self.process.wait(PATIENCE)


class Viewer:
    """A tab with the PDF, and in it the frame of the viewer's own script."""

    def __init__(self, browser, path):
        self.browser = browser
        self.top = None  # where the page in sight begins
        browser.events.clear()
        self.tab = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.page = browser.call("Target.attachToTarget", targetId=self.tab, flatten=True)["sessionId"]
        browser.call("Target.setAutoAttach", self.page, autoAttach=True, waitForDebuggerOnStart=False, flatten=True, filter=[{}])
        browser.call("Page.navigate", self.page, url=f"file://{os.path.abspath(path)}#navpanes=0")
        self.frame = self.wait(self.find_frame)
        self.wait(lambda: self.run("viewer.docLength_ > 0"))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.tab)

    def wait(self, condition):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            self.browser.call("Browser.getVersion")  # events come with answers
            time.sleep(0.05)
        sys.exit("chromium.py: the viewer does not show the file")

    def find_frame(self):
        for event in self.browser.events:
            if event["method"] == "Target.attachedToTarget" and event["params"]["targetInfo"]["type"] == "iframe":
                return event["params"]["sessionId"]
        return None

    def run(self, script):
        answer = self.browser.call("Runtime.evaluate", self.frame, expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            return None
        return answer["result"].get("value")

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

    def mouse(self, kind, **where):
        self.browser.call("Input.dispatchMouseEvent", self.page, type=kind, **where)

    def click(self, x, y):
        self.mouse("mouseMoved", x=x, y=y)
        self.mouse("mousePressed", x=x, y=y, button="left", clickCount=1)
        self.mouse("mouseReleased", x=x, y=y, button="left", clickCount=1)

    def press(self, key, code, text=""):
        what = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        down = "keyDown" if text else "rawKeyDown"
        self.browser.call("Input.dispatchKeyEvent", self.page, type=down, text=text, **what)
        self.browser.call("Input.dispatchKeyEvent", self.page, type="keyUp", **what)

    def type(self, text):
        """As fast as it goes: only the last letter of a line is waited for."""
        for i, line in enumerate(text.split("\n")):
            if i > 0:
                self.press("Enter", 13, "\r")
            for letter in line[:-1]:
                self.browser.post("Input.dispatchKeyEvent", self.page, type="char", text=letter)
            if line:
                self.browser.call("Input.dispatchKeyEvent", self.page, type="char", text=line[-1])


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
            viewer = Viewer(browser, blank)
            with open(source, encoding="utf-8") as file:
                fill_all(viewer, {field["name"]: field for field in json.load(file)}, blank)
            with open(target, "wb") as out:
                out.write(saved_by(viewer))
            if os.environ.get("CHROMIUM_SHOT"):
                shot = browser.call("Page.captureScreenshot", viewer.page)
                with open(os.environ["CHROMIUM_SHOT"], "wb") as out:
                    out.write(base64.b64decode(shot["data"]))
            viewer.close()
        browser.close()


main()
