#!/usr/bin/env python3
"""An SMTP server that fails on purpose, on a free port of 127.0.0.1.

smtpd_fault.py DIR [options]: writes its port into DIR/port once it listens, keeps every message that it took on as
DIR/mail/N.eml and appends to DIR/taken one line "RECIPIENT MESSAGE-ID SHA256" before it replies; DIR/said has the commands
it got, without what stands behind AUTH. DIR/mail/N.eml has the bytes as they were before dot-stuffing.

The part of a recipient before the first '.' or '@' says what happens to that message:
  rcptCCC      RCPT is answered with code CCC                    dataCCC  so is DATA
  endCCC       the end of data is answered with CCC, and nothing is kept; CCCe: with an enhanced code that fits (552 5.3.4)
  badenh       RCPT is refused in two lines of which one has no enhanced code
  dropdata     the line is cut after 354        dropmid  in the middle of the data
  dropend      the message is kept, then the line is cut without a reply
  loseend      the line is cut after the dot, and nothing is kept
  stallend     the message is kept, and no reply ever comes
  stallbdat    no reply ever comes to the first piece of the data, and nothing is kept (only with CHUNKING)
  slow         a second passes before the data and after them
  once...      as said above at its first attempt, then the message is taken on
  anything else is taken on and kept
"""
import argparse
import base64
import hashlib
import os
import random
import re
import socketserver
import ssl
import sys
import threading
import time

ENHANCED = {"450": "4.2.0", "451": "4.3.0", "452": "4.3.1", "421": "4.3.2", "550": "5.1.1", "554": "5.6.0",
            "552": "5.3.4", "530": "5.7.0", "535": "5.7.8"}

parser = argparse.ArgumentParser()
parser.add_argument("dir")
parser.add_argument("--greet", help="the first line, instead of a 220; then the line is cut")
parser.add_argument("--cert", help="certificate: STARTTLS is offered")
parser.add_argument("--key")
parser.add_argument("--implicit", action="store_true", help="TLS from the first byte (with --cert)")
parser.add_argument("--starttls", choices=["421", "454", "garbage", "close", "inject", "silence", "old", "sleep"],
                    help="how TLS fails; old: only TLS 1.1; sleep: no byte after the handshake")
parser.add_argument("--auth", help="mechanisms offered")
parser.add_argument("--password", default="secret")
parser.add_argument("--auth-reply", help="the reply to every AUTH")
parser.add_argument("--ehlo-reply", help="the reply to every EHLO and HELO; then the line is cut")
parser.add_argument("--mail-reply", help="the reply to every MAIL")
parser.add_argument("--rcpt-reply", help="the reply to every RCPT")
parser.add_argument("--per-connection", type=int, default=0, help="after so many messages MAIL gets a 421")
parser.add_argument("--most", type=int, default=0, help="so many connections at once, further ones are greeted with 421")
parser.add_argument("--chunking", action="store_true")
parser.add_argument("--plain", action="store_true", help="no extension at all")
parser.add_argument("--lose", type=float, default=0, help="share of replies to the end of data that get lost")
parser.add_argument("--slow", type=float, default=0, help="seconds before each reply to the end of data")
parser.add_argument("--forget", action="store_true", help="keep no DIR/mail")
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
dice = random.Random(options.seed)
lock = threading.Lock()
number = 0
calls = 0
seen = set()


class Cut(Exception):
    """The line is cut here."""


def path(name):
    return os.path.join(options.dir, name)


def keep(recipient, message):
    """Before the reply leaves, so that what was confirmed is surely on record."""
    global number
    found = re.search(rb"^message-id:\s*<([^>]*)>", message, re.I | re.M)
    with lock:
        number += 1
        if not options.forget:
            with open(path(f"mail/{number}.eml"), "wb") as file:
                file.write(message)
        with open(path("taken"), "a") as file:
            file.write(f"{recipient} {found.group(1).decode() if found else '-'} "
                       f"{hashlib.sha256(message).hexdigest()}\n")


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    rbufsize = 65536

    def say(self, text):
        self.wfile.write((text + "\r\n").encode())
        self.wfile.flush()

    def hear(self):
        line = self.rfile.readline(65536)
        if not line:
            raise Cut
        return line

    def handle(self):
        global calls
        self.tls = self.authenticated = False
        self.count = 0
        self.forget()
        with lock:
            calls += 1
            self.greeting = options.greet
            if options.most and calls > options.most:
                self.greeting = "421 4.7.0 too many connections"
        try:
            if options.implicit:
                self.begin_tls()
            self.converse()
        except (Cut, OSError, ValueError):
            pass
        with lock:
            calls -= 1
        try:
            self.request.shutdown(2)
        except OSError:
            pass
        self.request.close()

    def finish(self):
        pass

    def forget(self):
        self.recipient = None
        self.chunks = b""

    def converse(self):
        if self.greeting:
            self.say(self.greeting)
            return
        self.say("220 fault.example ESMTP")
        while True:
            line = self.hear().decode("latin1").rstrip("\r\n")
            verb = line.split(" ")[0].split(":")[0].upper()
            with lock, open(path("said"), "a") as file:
                file.write((line if verb != "AUTH" else " ".join(line.split()[:2])) + "\n")
            action = getattr(self, "do_" + verb.lower(), None)
            if action:
                action(line)
            else:
                self.say("500 5.5.2 what?")

    def do_ehlo(self, line):
        if options.ehlo_reply:
            self.say(options.ehlo_reply)
            raise Cut
        words = ["fault.example"]
        if not options.plain:
            words += ["PIPELINING", "SIZE 36700160", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN"]
        if options.cert and not self.tls:
            words.append("STARTTLS")
        if options.auth and (self.tls or not options.cert):
            words.append("AUTH " + options.auth)
        if options.chunking:
            words.append("CHUNKING")
        for i, word in enumerate(words):
            self.say("250" + ("-" if i < len(words) - 1 else " ") + word)

    def do_helo(self, line):
        self.say("250 fault.example")

    def do_starttls(self, line):
        if options.starttls == "454":
            self.say("454 4.7.0 TLS not available")
            return
        if options.starttls == "421":
            self.say("421 4.3.2 not now")
            raise Cut
        if options.starttls == "inject":
            self.wfile.write(b"220 2.0.0 go\r\n250-fault.example\r\n250 AUTH PLAIN\r\n")
            self.wfile.flush()
        else:
            self.say("220 2.0.0 go")
        self.begin_tls()

    def begin_tls(self):
        if options.starttls == "silence":
            time.sleep(600)
        if options.starttls == "garbage":
            self.wfile.write(b"this is not TLS\r\n" * 10)
            self.wfile.flush()
            raise Cut
        if options.starttls == "close":
            raise Cut
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if options.starttls == "old":
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.load_cert_chain(options.cert, options.key)

        def named(_, name, __):
            with lock, open(path("said"), "a") as file:
                file.write(f"SNI {name}\n")
        context.sni_callback = named
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb")
        self.tls = True
        with lock, open(path("said"), "a") as file:
            file.write(f"TLS {self.request.version()}\n")
        if options.starttls == "sleep":
            time.sleep(600)

    def do_auth(self, line):
        words = line.split()
        given = b""
        if words[1].upper() == "LOGIN":
            if len(words) < 3:  # the name may stand behind AUTH LOGIN
                self.say("334 " + base64.b64encode(b"Username:").decode())
                self.hear()
            self.say("334 " + base64.b64encode(b"Password:").decode())
            given = base64.b64decode(self.hear())
        elif words[1].upper() == "PLAIN":
            if len(words) < 3:
                self.say("334 ")
                words.append(self.hear().decode())
            given = base64.b64decode(words[2]).split(b"\0")[-1]
        if options.auth_reply:
            self.say(options.auth_reply)
        elif given == options.password.encode():
            self.authenticated = True
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 authentication credentials invalid")

    def do_mail(self, line):
        self.count += 1
        if options.mail_reply:
            self.say(options.mail_reply)
        elif options.auth and not self.authenticated:
            self.say("530 5.7.0 authentication required")
        elif options.per_connection and self.count > options.per_connection:
            self.say("421 4.7.0 enough for one connection")
            raise Cut
        else:
            self.say("250 2.1.0 ok")

    def do_rcpt(self, line):
        address = line[line.index("<") + 1:line.index(">")]
        what = re.split("[.@]", address)[0]
        if what.startswith("once"):
            with lock:
                what = "ok" if address in seen else what[4:]
                seen.add(address)
        if options.rcpt_reply:
            self.say(options.rcpt_reply)
        elif what.startswith("rcpt"):
            self.say(f"{what[4:]} {ENHANCED.get(what[4:], what[4] + '.0.0')} <{address}> refused")
            if what == "rcpt421":
                raise Cut
        elif what == "badenh":
            self.say("550-5.1.1 no such user\r\n550 here")
        else:
            self.recipient, self.what = address, what
            self.say("250 2.1.5 ok")

    def do_data(self, line):
        if self.recipient is None:
            self.say("554 5.5.1 no valid recipients")
            return
        if self.what.startswith("data"):
            self.say(f"{self.what[4:]} {ENHANCED.get(self.what[4:], self.what[4] + '.0.0')} not now")
            if self.what == "data421":
                raise Cut
            return
        self.say("354 go on")
        if self.what == "dropdata":
            raise Cut
        if self.what == "slow":
            time.sleep(1)
        self.end(self.read_data())

    def read_data(self):
        """Up to the dot, without it and before dot-stuffing; what stands behind it stays where it is."""
        data = bytearray(b"\r\n")
        while True:
            piece = self.rfile.peek()
            if not piece:
                raise Cut
            begin = max(0, len(data) - 4)
            data += piece
            end = data.find(b"\r\n.\r\n", begin)
            self.rfile.read(len(piece) - (len(data) - end - 5) if end >= 0 else len(piece))
            if self.what == "dropmid" and data.count(b"\n") > 10:
                raise Cut
            if end >= 0:
                return bytes(data[:end + 2]).replace(b"\r\n..", b"\r\n.")[2:]

    def do_bdat(self, line):
        words = line.split()
        chunk = self.rfile.read(int(words[1]))
        if self.recipient is None:
            self.say("554 5.5.1 no valid recipients")
            return
        self.chunks += chunk
        if self.what == "stallbdat":
            time.sleep(600)
        if words[-1].upper() == "LAST":
            self.end(self.chunks)
        else:
            self.say("250 2.0.0 chunk taken")

    def end(self, message):
        what, recipient = self.what, self.recipient
        self.forget()
        if what.startswith("end"):
            code = what[3:6]
            self.say(f"{code} {ENHANCED.get(code, code[0] + '.0.0') if what.endswith('e') else ''} not this one")
            if code == "421":
                raise Cut
            return
        if what == "loseend":
            raise Cut
        with lock:
            lost = dice.random() < options.lose
            kept = not lost or dice.random() < 0.5
        if kept:
            keep(recipient, message)
        if lost or what == "dropend":
            raise Cut
        if what == "stallend":
            time.sleep(600)
        time.sleep(1 if what == "slow" else options.slow)
        self.say("250 2.0.0 taken on")

    def do_rset(self, line):
        self.forget()
        self.say("250 2.0.0 ok")

    def do_noop(self, line):
        self.say("250 2.0.0 ok")

    def do_quit(self, line):
        self.say("221 2.0.0 bye")
        raise Cut


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


os.makedirs(path("mail"), exist_ok=True)
for name in ("taken", "said"):
    open(path(name), "a").close()
server = Server(("127.0.0.1", 0), Handler)
with open(path("port.new"), "w") as file:
    file.write(f"{server.server_address[1]}\n")
os.rename(path("port.new"), path("port"))
try:
    server.serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
