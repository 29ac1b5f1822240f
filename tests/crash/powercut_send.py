"""Cuts the power at every moment of a mail-out, starts plico on what the disk may hold then, and looks for what must never be.

powercut_send.py DIR PLICO SENT_CHECK FAULT_SERVER MUTATE_SO [SESSIONS]

DIR/ws is a workspace with a planned wave; its addresses say how the server fails (smtpd_fault.py). A whole mail-out is recorded:
it is sent, two lost replies are settled by a person, the rest is sent. Then, for the program as it is and for each of its broken
variants, one line: NAME EVENTS STATES FAILING WHY, WHY being what was found first, or -. A broken variant is given up at its first
failure.
"""
import contextlib
import hashlib
import json
import os
import re
import shutil
import socketserver
import sqlite3
import subprocess
import sys
import tempfile
import threading

import disk_model

WORK, PLICO, SENT_CHECK, FAULT_SERVER, MUTATE = sys.argv[1:6]
SESSIONS = sys.argv[6] if len(sys.argv) > 6 else ""
ROOT = os.path.join(WORK, "ws")
WORKERS = max(1, min(4, os.cpu_count() or 1))
SHARED = ("forms", "mailtemplates", "keys")  # nothing of a mail-out changes them
ID = re.compile(rb"^Message-I[Dd]: <([^>]*)>", re.M)


# --- recording --------------------------------------------------------------------------------------------------------

def configure(root, port):
    with open(os.path.join(root, "plico.conf"), "w", encoding="utf-8") as file:
        file.write(f"[survey]\nedition = prova-2024\n[mail]\nchannel = smtp\n[smtp]\ntls = none\ntimeout = 5\nport = {port}\n")
        if SESSIONS:
            file.write(f"sessions = {SESSIONS}\n")


def mutated(texts):
    """The environment of a program some of whose SQL says something else: [(from, to), ...]."""
    if not texts:
        return os.environ
    return dict(os.environ, LD_PRELOAD=MUTATE, PLICO_MUTATE="\x1e".join("\x1f".join(pair) for pair in texts),
                PLICO_MUTATED=os.path.join(WORK, "mutated"))


def query(root, sql):
    """Of a copy: whoever closes a database as the last one writes into it, and nobody would have recorded that."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        for name in ("plico.db", "plico.db-wal"):
            if os.path.exists(os.path.join(root, name)):
                shutil.copy(os.path.join(root, name), folder)
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "plico.db"))) as database:
            return database.execute(sql).fetchall()


def run(texts, *words):
    """One traced run; its events."""
    path = os.path.join(WORK, "trace")
    command = ["strace", "-f", "-xx", "-s", "4000000", "-o", path, "-e", "trace=" + disk_model.CALLS]
    for variable in ("LD_PRELOAD", "PLICO_MUTATE", "PLICO_MUTATED"):
        if texts:
            command += ["-E", f"{variable}={mutated(texts)[variable]}"]
    done = subprocess.run(command + [PLICO, "-w", ROOT, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{words}: {done.stderr}")
    return disk_model.trace(path, ROOT)


def towns(prefix):
    return query(ROOT, "SELECT u.code, d.message_id FROM dispatch AS d JOIN unit AS u ON u.id = d.unit_id "
                       f"WHERE d.state = 'unknown' AND d.address LIKE '{prefix}%' ORDER BY d.id")


def record(texts=()):
    """What was there before, and all events: calls, and "step" and "told" for what a person does and is told."""
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.copytree(os.path.join(WORK, "planned"), ROOT)
    server = os.path.join(WORK, "server")
    shutil.rmtree(server, ignore_errors=True)
    os.mkdir(server)
    process = subprocess.Popen([sys.executable, FAULT_SERVER, server], stderr=subprocess.DEVNULL)
    try:
        while not os.path.exists(os.path.join(server, "port")):
            pass
        with open(os.path.join(server, "port"), encoding="ascii") as file:
            configure(ROOT, file.read().strip())
        base = {path: data for path, data in disk_model.read_tree(ROOT).items()
                if not any(path.startswith(os.path.join(ROOT, name)) for name in SHARED)}
        events = run(texts, "wave", "send")
        for prefix, word in (("dropend", "--sent"), ("onceloseend", "--not-sent")):
            for code, message in towns(prefix):
                events.append(("step", message, word))
                events += run(texts, "wave", "settle", "1", "--unit", code, word, "--note", "x",
                              *(["--early"] if word == "--not-sent" else []))
                events.append(("told", message, word))
        events += run(texts, "wave", "send")
    finally:
        process.kill()
        process.wait()
    return base, events


# --- what the world outside knows -----------------------------------------------------------------------------------------

class World:
    """What has left the machine, and what people were told."""

    def __init__(self):
        self.left, self.told, self.lines = set(), {}, {}

    def hear(self, line, reply):
        if line["mode"] == "reply" and reply[:1] in (b"4", b"5"):
            self.left.discard(line["id"])  # it was refused: nobody has it
        line["mode"], line["data"] = "data" if reply.startswith(b"354") else "words", b""

    def take(self, event):
        if event[0] == "heard":
            line = self.lines.setdefault(event[1], {"mode": "words"})
            for reply in event[2].splitlines():
                self.hear(line, reply)
        elif event[0] == "sent":
            line = self.lines.setdefault(event[1], {"mode": "words"})
            if line["mode"] == "data":
                line["data"] += event[2]
                if line["data"].endswith(b"\r\n.\r\n"):
                    line["mode"], line["id"] = "reply", ID.search(line["data"])[1].decode()
                    self.left.add(line["id"])
        elif event[0] == "step" and event[2] == "--not-sent":
            self.left.discard(event[1])  # a person lets it leave again
        elif event[0] == "told":
            self.told[event[1]] = event[2]


class Taker(socketserver.StreamRequestHandler):
    """Takes on everything."""

    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                self.server.taken.append(ID.search(data)[1].decode())
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


# --- a disk that was found -----------------------------------------------------------------------------------------------

class Finder:
    """Starts plico on one disk after another."""

    def __init__(self, number, texts, messages):
        self.root = os.path.join(WORK, f"found{number}")
        self.environment, self.messages = mutated(texts), messages
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Taker)
        self.server.daemon_threads = True
        self.server.taken = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def lay_out(self, files):
        shutil.rmtree(self.root, ignore_errors=True)
        os.mkdir(self.root)
        for name in SHARED:
            os.symlink(os.path.join(WORK, "planned", name), os.path.join(self.root, name))
        for path, data in files.items():
            path = self.root + path[len(ROOT):]
            if data is None:
                os.makedirs(path, exist_ok=True)
            else:
                with open(path, "wb") as file:
                    file.write(data)
        configure(self.root, self.server.server_address[1])

    def check(self, files, world):
        """What is wrong, in a few words; None where nothing is."""
        self.lay_out(files)
        self.server.taken.clear()
        send = subprocess.run([PLICO, "-w", self.root, "wave", "send", "--json"], capture_output=True, text=True,
                              env=self.environment, timeout=60, check=False)
        if send.returncode != 0:
            return f"the next run failed: {send.returncode} {send.stderr.strip()[:160]}"
        return self.look(world)

    def look(self, world):
        database = query(self.root, "PRAGMA integrity_check")
        if database != [("ok",)]:
            return "the database is damaged"
        if query(self.root, "PRAGMA foreign_key_check"):
            return "rows point nowhere"
        said = subprocess.run([SENT_CHECK, self.root], capture_output=True, text=True, check=False)
        if said.returncode != 0:
            return f"nobody can read it: {said.stderr.strip()[:160]}"
        rows = {words[0]: words[1:] for words in map(str.split, said.stdout.splitlines())}
        taken = self.server.taken
        if set(rows) != self.messages:
            return "a message is gone"
        for message, (state, _, archived) in rows.items():
            if state in ("claimed", "dot", "queued"):
                return f"one stays {state}"
            if state in ("sent", "unknown") and archived != "ok":
                return f"{state}, and in the archive it is {archived}"
            if state == "sent" and message not in world.left and message not in taken:
                return "sent, and nobody got it"
            if taken.count(message) + (message in world.left) > 1:
                return "one arrives twice"
            again = world.told.get(message) == "--not-sent"  # so it may be in the dot once more
            if message in world.told and state != "sent" and not (again and state == "unknown"):
                return f"a person settled it by {world.told[message]}, and it is {state}"
        return None


def compact(base, events):
    """Each disk once in a row of equal ones, with what the world knows then."""
    seen = set()
    world, so_far = World(), 0
    for count, mode, files in disk_model.states(base, events, 1):
        for event in events[so_far:count]:
            world.take(event)
        so_far = count
        sum_of = hashlib.sha1(repr((sorted(world.left), sorted(world.told))).encode())
        for path, data in files.items():
            sum_of.update(path.encode() + b"\0" + (hashlib.sha1(data).digest() if data is not None else b"folder"))
        if sum_of.digest() not in seen:
            seen.add(sum_of.digest())
            yield count, mode, files, world


def share(number, texts, base, events, messages, first_only):
    """This worker's part of the disks: how many, how many fail, and why at first."""
    finder = Finder(number, texts, messages)
    states = failing = 0
    why = None
    for index, (count, mode, files, world) in enumerate(compact(base, events)):
        if index % WORKERS != number:
            continue
        states += 1
        found = finder.check(files, world)
        if found:
            failing += 1
            why = why or (count, f"behind call {count} of {len(events)} ({mode}): {found}")
            if first_only:
                break
    return states, failing, why


def judge(name, texts, base, events, first_only):
    """Over all workers."""
    messages = {row[0] for row in query(os.path.join(WORK, "planned"), "SELECT message_id FROM dispatch")}
    readers = []
    for number in range(WORKERS):
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.close(reader)
            with os.fdopen(writer, "w", encoding="utf-8") as file:
                json.dump(share(number, texts, base, events, messages, first_only), file)
            os._exit(0)
        os.close(writer)
        readers.append(reader)
    parts = []
    for reader in readers:
        with os.fdopen(reader, encoding="utf-8") as file:
            parts.append(json.load(file))
        os.wait()
    why = sorted(part[2] for part in parts if part[2])
    print(name, len(events), sum(part[0] for part in parts), sum(part[1] for part in parts), why[0][1] if why else "-", flush=True)


# --- broken variants ------------------------------------------------------------------------------------------------------

def without(wrong):
    return lambda events: [event for event in events if not wrong(event)]


def of_archive(path):
    return "/archive" in path


def archived_late(events):
    """What goes into the archive does so only when the next message has left."""
    kept, out, world = [], [], World()
    for event in events:
        before = len(world.left)
        world.take(event)
        late = event[0] == "syncfs" or (len(event) > 1 and isinstance(event[1], str) and of_archive(event[1]))
        (kept if late else out).append(event)
        if len(world.left) > before or event[0] in ("step", "told"):
            out, kept = out + kept, []
    return out + kept


# name -> what is done to the calls that were recorded
OF_CALLS = {
    "archive-not-synced": without(lambda e: e[0] == "syncfs" or (e[0] == "sync" and of_archive(e[1]))),
    "archive-after-the-dot": archived_late,
    "folders-not-synced": without(lambda e: e[0] == "syncfs" or (e[0] == "sync" and "." not in os.path.basename(e[1]) and
                                                             not re.fullmatch("[0-9a-f]{62}", os.path.basename(e[1])))),
    "database-not-synced": without(lambda e: e[0] == "syncfs" or (e[0] == "sync" and "plico.db" in e[1])),
}
# name -> (what the SQL says instead, for the whole mail-out or only for the start behind the cut)
OF_SQL = {
    "synchronous-off": (True, [("synchronous=FULL", "synchronous=OFF")]),
    "synchronous-normal": (True, [("synchronous=FULL", "synchronous=NORMAL")]),
    "dot-not-committed": (True, [("SET state = 'dot'", "SET state = 'claimed'")]),
    "start-sends-the-dot-again": (False, [("WHERE state = 'claimed'", "WHERE state IN ('claimed', 'dot')"),
                                          ("d.wave_id WHERE d.state = ?1", "d.wave_id WHERE 0 AND d.state = ?1")]),
    "unknown-leaves-again": (False, [("d.state = 'queued' AND d.next_try", "d.state IN ('queued', 'unknown') AND d.next_try"),
                                     ("AND state IN ('queued', 'deferred')", "AND state IN ('queued', 'deferred', 'unknown')")]),
}


def applied():
    """Each text that a broken variant was to change was found."""
    try:
        with open(os.path.join(WORK, "mutated"), encoding="ascii") as file:
            return set(file.read().split())
    except FileNotFoundError:
        return set()


def main():
    base, events = record()
    judge("as-it-is", [], base, events, False)
    for name, spoil in OF_CALLS.items():
        judge(name, [], base, spoil(events), True)
    for name, (always, texts) in OF_SQL.items():
        if os.path.exists(os.path.join(WORK, "mutated")):
            os.remove(os.path.join(WORK, "mutated"))
        changed = record(texts) if always else (base, events)
        judge(name, texts, *changed, True)
        if len(applied()) != len(texts):
            print("not-applied", name)


main()
