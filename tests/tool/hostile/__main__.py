"""
PDFs and mails that a mailbox may bring, sound and hostile, with what must be said of each: verdicts.tsv.

    hostile make DIR [KIND]        DIR/pdf and DIR/mail get the files, or one of them
    hostile read DIR SHOW LIMITED  gives each file to the program SHOW (collect_show), compares what it says and what it took
    hostile draw DIR SHOW LIMITED  has the first page of most PDFs drawn: whatever comes of it, it takes no more than that
    hostile deliver DIR DESK BOX   one mail for each file, and the attacks on the sheets in DESK, into the Maildir BOX
    hostile stored DIR WORKSPACE   compares what the workspace has of them after plico collect

    hostile measure FILE COMMAND…  runs the command; FILE gets the mebibytes of the largest process and seconds of all

read and stored print TAP.
"""
import csv
import fnmatch
import hashlib
import os
import re
import signal
import sqlite3
import subprocess
import sys

if not __package__:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile import cases  # noqa: E402
from hostile.mail import mail, multipart, part  # noqa: E402

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'verdicts.tsv')
SECONDS, MEBIBYTES = 2.0, 160  # what one file may take: processor time, memory of the largest process


class Verdict:
    """A row of the table: a name or a pattern of names; the class; what plico stores (state and reason, patterns); what the
    reader says (a regular expression)."""

    def __init__(self, row):
        self.name, self.kind, self.state, self.reason, self.says = (row[k] or '' for k in ('name', 'class', 'verdict', 'reason', 'says'))


def table():
    with open(TABLE, encoding='utf-8', newline='') as f:
        return [Verdict(row) for row in csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE)]


def find(rows, name):
    for row in rows:
        if row.name == name:
            return row
    return next((row for row in rows if fnmatch.fnmatchcase(name, row.name)), None)


class Tap:
    def __init__(self):
        self.n = 0

    def result(self, good, what, *why):
        self.n += 1
        print(f'{"ok" if good else "not ok"} {self.n} - {what}')
        if not good:
            for line in why:
                print('# ' + ''.join(c if c.isprintable() else '?' for c in line)[:600])

    def end(self):
        print(f'1..{self.n}')


def make(folder, *kinds):
    for kind in kinds or ('pdf', 'mail'):
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
        for name, data in {'pdf': cases.pdfs, 'mail': cases.mails}[kind]():
            with open(os.path.join(folder, kind, f'{name}.{"pdf" if kind == "pdf" else "eml"}'), 'wb') as f:
                f.write(data)


def made_files(folder):
    for kind in ('pdf', 'mail'):
        for name in sorted(os.listdir(os.path.join(folder, kind))):
            yield kind, name, os.path.join(folder, kind, name)


def run(command):
    """What @command says, its status, and what it and its children took: seconds and mebibytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read().decode('utf-8', 'replace')
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return said, process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def crash(said):
    """By which signal a reader ended that was not stopped by its limit of time."""
    return next((n for n in re.findall(r'stopped by signal (\d+)', said) if int(n) not in (signal.SIGXCPU, signal.SIGKILL)), None)


def batches(folder, kind, drawn=False):
    """Large files and those that are heavy to draw alone, small ones together."""
    small = []
    for name in sorted(os.listdir(os.path.join(folder, kind))):
        path = os.path.join(folder, kind, name)
        if os.path.getsize(path) > 1 << 16 or (drawn and name.startswith('draw-')):
            yield [path]
        elif not (drawn and re.fullmatch(r'mutant-\d*[1-9]\.pdf|value-.*', name)):  # all look like the first of them
            small.append(path)
            if len(small) == 25:
                yield small
                small = []
    if small:
        yield small


class Taken:
    """What was said of some files, and what that took."""

    def __init__(self, command, paths):
        self.paths = paths
        self.said, self.status, self.seconds, self.size = run(command + paths)

    def fits(self, seconds):
        return self.seconds <= seconds and self.size <= MEBIBYTES

    def __str__(self):
        return f'exit status {self.status}, {self.seconds:.2f} s, {self.size:.0f} MiB'


def judged(command, paths, seconds, limited):
    """Together as long as together they keep the limits of one. Otherwise each for itself: noise of the machine only adds to what a
    file takes, so the least of three times counts."""
    together = Taken(command, paths)
    if limited != 'yes' or together.fits(seconds):
        yield together, True
        return
    for path in paths:
        alone = Taken(command, [path]) if len(paths) > 1 else together
        again = 2
        while not alone.fits(seconds) and again > 0:
            alone = min(alone, Taken(command, [path]), key=lambda taken: taken.seconds)
            again -= 1
        yield alone, alone.fits(seconds)


def read(folder, show, limited):
    tap, rows, worst = Tap(), table(), []
    for kind in ('pdf', 'mail'):
        for batch in batches(folder, kind):
            for taken, fits in judged([show] + (['--pdf'] if kind == 'pdf' else []), batch, SECONDS, limited):
                worst.append((taken.seconds, taken.size, os.path.basename(taken.paths[0])))
                for path in taken.paths:
                    check_said(tap, rows, os.path.basename(path), said_of(path, taken), taken.status, fits, str(taken))
    print(f'# longest: {max(worst)[0]:.2f} s, {max(worst)[2]}')
    size, name = max((size, name) for _, size, name in worst)
    print(f'# largest: {size:.0f} MiB, {name}')
    tap.end()


def said_of(path, taken):
    start = taken.said.find(path + ': ')
    end = min((at for at in (taken.said.find('\n' + other + ': ', start) for other in taken.paths) if at >= 0), default=len(taken.said))
    return taken.said[start + len(path) + 2:end] if start >= 0 else ''


def draw(folder, show, limited):
    tap = Tap()
    for batch in batches(folder, 'pdf', drawn=True):
        for taken, fits in judged([show, '--page'], batch, SECONDS + 0.5, limited):
            ended = len(re.findall('(?m)(: picture of|: error: )', taken.said)) == len(taken.paths)
            tap.result(fits and ended and taken.status in (0, 65) and crash(taken.said) is None,
                       f'drawn: {" ".join(map(os.path.basename, taken.paths))}', str(taken), *taken.said.splitlines())
    tap.end()


def check_said(tap, rows, name, said, status, fits, used):
    said = re.sub(r'\s*\n\s*', ' ', said).strip()
    verdict = find(rows, name)
    if verdict is None:
        tap.result(False, f'{name}: has no verdict', f'said: {said}', used)
        return
    good = status in (0, 65) and re.search(verdict.says, said) is not None and crash(said) is None
    tap.result(good and fits, f'{verdict.kind}: {name}', f'expected: {verdict.says}', f'said: {said}', used)


def deliver(folder, desk, box):
    from hostile import genuine
    index = open(os.path.join(folder, 'index.tsv'), 'w', encoding='utf-8')
    count = 0

    def put(name, data):
        nonlocal count
        count += 1
        with open(os.path.join(box, 'new', f'{1760000000 + count}.M1.host'), 'wb') as f:
            f.write(data)
        index.write(f'{hashlib.sha256(data).hexdigest()}\t{name}\n')

    for maker in (genuine.true_ones, genuine.forgeries, genuine.certified, genuine.changed, genuine.damaged):
        for name, data in maker(desk):
            put(name, data)
    for kind, name, path in made_files(folder):
        with open(path, 'rb') as f:
            data = f.read()
        put(name, data if kind == 'mail' else mail(multipart([part('text/plain', name), part(f'application/pdf; name={name}', data)])))
    index.close()


def stored(folder, workspace):
    tap, rows = Tap(), table()
    database = sqlite3.connect(f'file:{workspace}/plico.db?mode=ro', uri=True)
    with open(os.path.join(folder, 'index.tsv'), encoding='utf-8') as f:
        names = dict(line.rstrip('\n').split('\t') for line in f)
    found = {}
    for number, sha256, state, kind, reason in database.execute('SELECT id, sha256, state, class, reason FROM message'):
        returns = database.execute('SELECT state, reason FROM "return" WHERE message_id = ? ORDER BY part', (number,)).fetchall()
        if state == 'quarantined':
            returns.append((state, reason))
        states = returns or [(kind if state == 'parsed' else state, '')]
        found[sha256] = '+'.join(sorted({s for s, _ in states})), '+'.join(sorted({r for _, r in states if r}))
    for sha256, name in names.items():
        verdict = find(rows, name)
        got = found.get(sha256, ('not there', ''))
        if verdict is None:
            tap.result(False, f'{name}: has no verdict', *got)
            continue
        good = re.fullmatch(verdict.state, got[0]) and re.fullmatch(verdict.reason, got[1])
        tap.result(good, f'{verdict.kind}: {name}', f'expected: {verdict.state} {verdict.reason}', f'stored: {got[0]} {got[1]}')
    used = {row.name for name in names.values() for row in [find(rows, name)] if row is not None}
    tap.result(used == {row.name for row in rows}, 'every verdict is of a file', ' '.join(sorted({row.name for row in rows} - used)))
    tap.result(len(names) >= 250, f'there are at least 250 files: {len(names)}')
    tap.end()


def measure(target, *command):
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    with open(target, 'w', encoding='utf-8') as f:
        f.write(f'{used.ru_maxrss >> 10} MiB, {used.ru_utime + used.ru_stime:.1f} s\n')
    sys.exit(process.returncode)


if __name__ == '__main__':
    {'make': make, 'read': read, 'draw': draw, 'deliver': deliver, 'stored': stored, 'measure': measure}[sys.argv[1]](*sys.argv[2:])
