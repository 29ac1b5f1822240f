"""Lets system calls of `plico collect` fail, or kill it at one of them; then it starts again, and all must be as if nothing had been.

inbox_faults.py DIR PLICO points N     killed at N calls, spread over all that write, flush, name and start
inbox_faults.py DIR PLICO faults       errors of the disk, of memory and of the number of files, and a disk that lies

DIR/planned and DIR/mail as in inbox_mail.sh. One line each: NAME, "ok" or what is wrong.
"""
import collections
import os
import re
import shutil
import subprocess
import sys

import inbox_box

WORK, PLICO, WHAT = sys.argv[1:4]
ROOT, BOX = os.path.join(WORK, "ws"), os.path.join(WORK, "box")
MAIL = inbox_box.Mail(os.path.join(WORK, "mail"))
# by which something is written, made last or begun
CALLS = ("fsync", "fdatasync", "syncfs", "rename", "unlink", "mkdir", "openat", "write", "pwrite64", "ftruncate", "fcntl", "close",
         "memfd_create", "socketpair", "pipe2", "sendmsg", "recvfrom", "futex")
FAULTS = [
    # (call, what is injected, at which of them)
    *[("fsync", "error=EIO", when) for when in ("1", "2", "3+")],
    *[("fdatasync", "error=EIO", when) for when in ("1", "2", "3", "4+")],
    *[("syncfs", "error=EIO", when) for when in ("1", "2")],
    *[("rename", "error=EIO", when) for when in ("1", "4", "9", "12", "15+")],
    *[("rename", "error=ENOSPC", when) for when in ("2", "13")],
    *[("pwrite64", "error=ENOSPC", when) for when in ("1", "5", "20", "40", "60+")],
    *[("pwrite64", "error=EIO", when) for when in ("3", "30")],
    *[("write", "error=ENOSPC", when) for when in ("1", "3", "8+")],
    *[("write", "error=EIO", when) for when in ("2", "5")],
    *[("write", "retval=10", when) for when in ("1", "2", "6")],  # it lies: nothing was written
    *[("openat", "error=EMFILE", when) for when in ("110", "130", "150", "180", "200+")],
    *[("openat", "error=ENOSPC", when) for when in ("120", "160", "190")],
    *[("mkdir", "error=ENOSPC", when) for when in ("1", "3")],
    *[("read", "error=EINTR", when) for when in ("5", "60", "100")],
    *[("memfd_create", "error=EMFILE", when) for when in ("1",)],
    *[("socketpair", "error=EMFILE", when) for when in ("1",)],
    *[("pipe2", "error=EMFILE", when) for when in ("1",)],
    *[("recvfrom", "error=EINTR", when) for when in ("1", "5")],
    *[("poll", "error=EINTR", when) for when in ("1", "3")],
    *[("ftruncate", "error=EIO", when) for when in ("1", "2")],
    *[("fstat,newfstatat", "error=EIO", when) for when in ("150", "200")],
    *[("fsync,syncfs,fdatasync", "delay_enter=20000", "1+")],  # a slow disk
]


def prepare():
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.copytree(os.path.join(WORK, "planned"), ROOT)
    inbox_box.configure(ROOT, BOX)
    MAIL.lay(BOX, MAIL.names)


def collect(*before):
    return subprocess.run([*before, PLICO, "-w", ROOT, "collect", "--once"], capture_output=True, text=True, timeout=300, check=False)


def disturbed(inject):
    """One run with a fault, another without. What is wrong, or "ok"."""
    prepare()
    first = collect("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + inject.split(":")[0], "-e", "inject=" + inject)
    if first.returncode < 0 and "signal=" not in inject:
        return f"it died of signal {-first.returncode}", first.returncode
    wrong = MAIL.lost(ROOT, MAIL.moved(BOX))
    if wrong:
        return wrong, first.returncode
    again = collect()
    if again.returncode != 0:
        return f"the next run failed: {again.returncode} {again.stderr.strip()[:200]}", first.returncode
    return MAIL.differs(ROOT, BOX, EXPECTED) or "ok", first.returncode


def points(most):
    """Of each call so many, evenly: [(call, which)]. Those of threads and readers are counted by themselves, as strace does."""
    prepare()
    path = os.path.join(WORK, "counted")
    collect("strace", "-f", "-qq", "-o", path, "-e", "trace=" + ",".join(CALLS))
    counts = collections.Counter()
    with open(path, encoding="ascii", errors="replace") as file:
        first = None
        for line in file:
            who, rest = line.split(maxsplit=1)
            first = first or who
            call = re.match(r"\w+", rest)
            if call and who == first:
                counts[call[0]] += 1
    # all that flush and name; of the rest in proportion
    whole = [(call, n) for call in ("fsync", "fdatasync", "syncfs", "rename", "mkdir", "unlink", "ftruncate")
             for n in range(1, counts[call] + 1)]
    rest = [(call, n) for call in CALLS if (call, 1) not in whole for n in range(1, counts[call] + 1)]
    room = max(most - len(whole), most // 2)
    step = max(1, len(whole) / max(1, most - room))
    chosen = [whole[int(i * step)] for i in range(min(len(whole), most - room))]
    step = len(rest) / max(1, most - len(chosen))
    chosen += [rest[int(i * step)] for i in range(min(len(rest), most - len(chosen)))]
    return chosen


prepare()
if collect().returncode != 0:
    raise SystemExit("the run that nobody disturbs failed")
EXPECTED = inbox_box.outcome(ROOT)
if WHAT == "points":
    for call, which in points(int(sys.argv[4])):
        found, status = disturbed(f"{call}:signal=KILL:when={which}")
        print(f"{call}-{which}", "killed" if status in (-9, 137) else "not-reached", found, flush=True)
else:
    for call, fault, when in FAULTS:
        found, status = disturbed(f"{call}:{fault}:when={when}")
        print(f"{call}:{fault}:{when}", "ended" if status != 0 else "went-on", found, flush=True)
