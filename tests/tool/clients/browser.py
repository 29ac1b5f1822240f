"""Chromium as a person has it before them, for scripts: input goes the way of real input."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import time

WIDTH, HEIGHT = 1000, 1400  # a whole page of A4 is on the screen at 100 %
PATIENCE = 30  # seconds


class Browser:
    """Chromium with its debugging pipe (Chrome DevTools Protocol). A window needs an X display: xvfb-run."""

    def __init__(self, profile, *options):
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
             *options, "about:blank"], preexec_fn=wire, close_fds=False, stderr=subprocess.DEVNULL)
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
                sys.exit("browser.py: Chromium has ended")
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
                sys.exit(f"browser.py: {answer['error']}")
            if answer.get("id") == self.last:
                return answer["result"]
            if "id" not in answer:
                self.events.append(answer)

    def close(self):
        self.call("Browser.close")
        self.process.wait(PATIENCE)


class Tab:
    def __init__(self, browser):
        self.browser = browser
        browser.events.clear()
        self.tab = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.page = browser.call("Target.attachToTarget", targetId=self.tab, flatten=True)["sessionId"]
        self.frame = self.page  # where run() does

    def go(self, path, rest=""):
        self.browser.call("Page.navigate", self.page, url=pathlib.Path(path).resolve().as_uri() + rest)

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
        sys.exit("browser.py: what was waited for does not come")

    def run(self, script):
        answer = self.browser.call("Runtime.evaluate", self.frame, expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            return None
        return answer["result"].get("value")

    def shoot(self, path, **how):
        shot = self.browser.call("Page.captureScreenshot", self.page, **how)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

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


class Viewer(Tab):
    """A tab with a PDF, and in it the frame of the viewer's own script."""

    def __init__(self, browser, path):
        super().__init__(browser)
        browser.call("Target.setAutoAttach", self.page, autoAttach=True, waitForDebuggerOnStart=False, flatten=True, filter=[{}])
        self.go(path, "#navpanes=0")
        self.frame = self.wait(self.find_frame)
        self.wait(lambda: self.run("viewer.docLength_ > 0"))

    def find_frame(self):
        for event in self.browser.events:
            if event["method"] == "Target.attachedToTarget" and event["params"]["targetInfo"]["type"] == "iframe":
                return event["params"]["sessionId"]
        return None
