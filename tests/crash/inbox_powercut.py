"""Cuts the power at every moment of collecting, starts plico on what the disk may hold then, and looks for what must never be.

inbox_powercut.py DIR PLICO MUTATE_SO

DIR/planned is a workspace whose towns have their letters, DIR/mail the messages that come back, in the order of their names; some come
twice. The mailbox stands for a server far away: a message that was moved there has been moved, whatever becomes of this machine.
They are collected in three goes. Then, for the program as it is and for each of its broken variants, one line: NAME EVENTS STATES
FAILING WHY, WHY being what was found first, or -. A broken variant is given up at its first failure.
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import disk_model
import inbox_box

WORK, PLICO, MUTATE = sys.argv[1:4]
ROOT = os.path.join(WORK, "ws")
BOX = os.path.join(WORK, "box")  # the mailbox
MAIL = inbox_box.Mail(os.path.join(WORK, "mail"))
GOES = 3
WORKERS = max(1, min(4, os.cpu_count() or 1))
SHARED = ("forms", "mailtemplates", "keys")  # nothing of collecting changes them
NAMES = MAIL.names
THREAD = re.compile(r"CLONE_THREAD")


def mutated(texts):
    """The environment of a program some of whose SQL says something else: [(from, to), ...]."""
    if not texts:
        return os.environ
    return dict(os.environ, LD_PRELOAD=MUTATE, PLICO_MUTATE="\x1e".join("\x1f".join(pair) for pair in texts),
                PLICO_MUTATED=os.path.join(WORK, "mutated"))


# --- recording --------------------------------------------------------------------------------------------------------

def own_lines(path, out):
    """Only the calls of the program and its threads: its readers have files of their own."""
    own, calls = set(), {}
    with open(path, encoding="ascii", errors="replace") as file, open(out, "w", encoding="ascii") as kept:
        for line in file:
            who, rest = line.split(maxsplit=1)
            own = own or {who}
            if re.match(r"(<\.\.\. )?(clone3?|vfork|fork|execve)\b", rest):
                calls[who] = calls.get(who, "") + rest
                if found := re.search(r"\) += (\d+)\n", rest):
                    if THREAD.search(calls[who]):
                        own.add(found[1])
                    calls[who] = ""
            elif who in own:
                kept.write(line)


class Tracer(disk_model.Tracer):
    """Also sees what is moved in the mailbox."""

    def on_rename(self, arguments, result, done):
        old, new = (text.decode() for text in disk_model.texts(arguments))
        if old.startswith(BOX + "/"):
            if done is not False:
                self.events.append(("moved", re.sub(":2,.*", "", os.path.basename(old))))
        else:
            super().on_rename(arguments, result, done)

    def on_sendmsg(self, arguments, result, done):
        """To a keeper of cages."""

    on_recvmsg = on_sendmsg


def run(texts):
    """One traced go; its events."""
    path = os.path.join(WORK, "trace")
    command = ["strace", "-f", "-xx", "-s", "4000000", "-o", path, "-e", "trace=" + disk_model.CALLS + ",clone,clone3,vfork,fork,execve"]
    for variable in ("LD_PRELOAD", "PLICO_MUTATE", "PLICO_MUTATED"):
        if texts:
            command += ["-E", f"{variable}={mutated(texts)[variable]}"]
    done = subprocess.run(command + [PLICO, "-w", ROOT, "collect", "--once"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"collect: {done.stderr}")
    own_lines(path, path + ".own")
    tracer = Tracer(ROOT)
    for call, arguments, result, whole in disk_model.lines(path + ".own"):
        if whole is False or result is not None:
            tracer.take(call, arguments, result, whole)
    return tracer.events


def record(texts=(), planned="planned"):
    """What was there before, and all events: calls, "moved" in the mailbox, "come" for what arrives."""
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.copytree(os.path.join(WORK, planned), ROOT)
    MAIL.lay(BOX, [])
    inbox_box.configure(ROOT, BOX)
    base = {path: data for path, data in disk_model.read_tree(ROOT).items()
            if not any(path.startswith(os.path.join(ROOT, name)) for name in SHARED)}
    events = []
    for go in range(GOES):
        names = NAMES[len(NAMES) * go // GOES:len(NAMES) * (go + 1) // GOES]
        for name in names:
            events.append(("come", name))
            MAIL.deliver(BOX, name)
        events += run(texts)
    return base, events


# --- a disk that was found -----------------------------------------------------------------------------------------------

class Finder:
    """Starts plico on one disk after another."""

    def __init__(self, number, texts, expected):
        self.root = os.path.join(WORK, f"found{number}")
        self.box = os.path.join(WORK, f"box{number}")
        self.environment, self.expected = mutated(texts), expected

    def lay_out(self, files, moved):
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
        inbox_box.configure(self.root, self.box)
        MAIL.lay(self.box, [name for name in NAMES if name not in moved], moved)

    def check(self, files, moved):
        """What is wrong, in a few words; None where nothing is. What had not come yet comes now."""
        self.lay_out(files, moved)
        found = MAIL.lost(self.root, moved)
        if found:
            return found
        done = subprocess.run([PLICO, "-w", self.root, "collect", "--once"], capture_output=True, text=True, env=self.environment,
                              timeout=120, check=False)
        if done.returncode != 0:
            return f"the next run failed: {done.returncode} {done.stderr.strip()[:160]}"
        return MAIL.differs(self.root, self.box, self.expected)


def compact(base, events):
    """Each disk once in a row of equal ones, with what was moved in the mailbox by then."""
    seen = set()
    moved, so_far = [], 0
    for count, mode, files in disk_model.states(base, events, 1):
        moved = moved + [event[1] for event in events[so_far:count] if event[0] == "moved"]
        so_far = count
        sum_of = hashlib.sha1(repr(moved).encode())
        for path, data in files.items():
            sum_of.update(path.encode() + b"\0" + (hashlib.sha1(data).digest() if data is not None else b"folder"))
        if sum_of.digest() not in seen:
            seen.add(sum_of.digest())
            yield count, mode, files, set(moved)


def share(number, texts, base, events, expected, first_only):
    """This worker's part of the disks: how many, how many fail, and why at first."""
    finder = Finder(number, texts, expected)
    states = failing = 0
    why = None
    for index, (count, mode, files, moved) in enumerate(compact(base, events)):
        if index % WORKERS != number:
            continue
        states += 1
        found = finder.check(files, moved)
        if found:
            failing += 1
            why = why or (count, f"behind call {count} of {len(events)} ({mode}): {found}")
            if first_only:
                break
    return states, failing, why


def judge(name, texts, base, events, expected, first_only):
    """Over all workers."""
    readers = []
    for number in range(WORKERS):
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.close(reader)
            with os.fdopen(writer, "w", encoding="utf-8") as file:
                json.dump(share(number, texts, base, events, expected, first_only), file)
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

def of_archive(path):
    return "/archive" in path


def not_synced(events):
    return [event for event in events if event[0] != "syncfs" and not (event[0] == "sync" and of_archive(event[1]))]


def names_not_synced(events):
    """Of each two flushes around the renaming only the first."""
    out, flushes = [], 0
    for event in events:
        if event[0] == "syncfs":
            flushes += 1
            if flushes % 2 == 0:
                continue
        if event[0] == "sync" and of_archive(event[1]) and not re.fullmatch("[0-9a-f]{62}.*", os.path.basename(event[1])):
            continue
        out.append(event)
    return out


def moved_first(events):
    """Each message is moved as soon as its bytes are archived, before the database knows of it."""
    out = []
    for event in events:
        if event[0] == "moved":
            at = max(i for i, other in enumerate(out) if other[0] == "syncfs" or (other[0] == "sync" and of_archive(other[1])))
            out.insert(at + 1, event)
        else:
            out.append(event)
    return out


# name -> what is done to the calls that were recorded
OF_CALLS = {
    "archive-not-synced": not_synced,
    "names-not-synced": names_not_synced,
    "moved-before-the-commit": moved_first,
    "database-not-synced": lambda events: [e for e in events if e[0] != "syncfs" and not (e[0] == "sync" and "plico.db" in e[1])],
}
# name -> (the workspace that it starts with, what the SQL says instead)
OF_SQL = {
    "synchronous-off": ("planned", [("synchronous=FULL", "synchronous=OFF")]),
    "synchronous-normal": ("planned", [("synchronous=FULL", "synchronous=NORMAL")]),
    "same-bytes-twice": ("doubles", [("ON CONFLICT (sha256) DO NOTHING", "")]),
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
    expected = inbox_box.outcome(ROOT)
    judge("as-it-is", [], base, events, expected, False)
    for name, spoil in OF_CALLS.items():
        judge(name, [], base, spoil(events), expected, True)
    for name, (planned, texts) in OF_SQL.items():
        if os.path.exists(os.path.join(WORK, "mutated")):
            os.remove(os.path.join(WORK, "mutated"))
        judge(name, texts, *record(texts, planned), expected, True)
        if len(applied()) != len(texts):
            print("not-applied", name)


main()
