"""The mailbox of a test of collecting, and what a database says of its mail."""
import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile

# what must come out the same however often the way was cut; numbers and times of rows may differ
OUTCOME = {
    "a message has another state": "SELECT sha256, state, class, reason FROM message ORDER BY sha256",
    "a return has another state": 'SELECT m.sha256, r.part, r.state, r.reason, r.trust FROM "return" AS r JOIN message AS m ON m.id = r.message_id ORDER BY 1, 2',
    "an answer is another": 'SELECT m.sha256, r.part, a.question, a.value FROM answer AS a JOIN "return" AS r ON r.id = a.return_id '
                            "JOIN message AS m ON m.id = r.message_id ORDER BY 1, 2, 3",
    "a finding is another": 'SELECT m.sha256, r.part, f.number, f.code FROM finding AS f JOIN "return" AS r ON r.id = f.return_id '
                            "JOIN message AS m ON m.id = r.message_id ORDER BY 1, 2, 3",
    "the log is another": "SELECT what, evidence, count(*) FROM event WHERE subject IN ('message', 'return') GROUP BY 1, 2 ORDER BY 1, 2",
}


class Mail:
    """Messages in a folder, in the order of their names."""

    def __init__(self, folder):
        self.folder, self.names, self.sums = folder, sorted(os.listdir(folder)), {}
        for name in self.names:
            with open(os.path.join(folder, name), "rb") as file:
                self.sums[name] = hashlib.sha256(file.read()).hexdigest()

    def lay(self, box, waiting, moved=()):
        """The Maildir @box, made anew."""
        shutil.rmtree(box, ignore_errors=True)
        for folder in ("cur", "new", "tmp", ".Processed/cur", ".Processed/new", ".Processed/tmp"):
            os.makedirs(os.path.join(box, folder))
        for name in waiting:
            self.deliver(box, name)
        for name in moved:
            os.link(os.path.join(self.folder, name), os.path.join(box, ".Processed/cur", name + ":2,S"))

    def deliver(self, box, name):
        os.link(os.path.join(self.folder, name), os.path.join(box, "new", name))

    def is_archived(self, root, name):
        path = os.path.join(root, "archive", self.sums[name][:2], self.sums[name][2:])
        try:
            with open(path, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest() == self.sums[name]
        except FileNotFoundError:
            return False

    def moved(self, box):
        return {name.split(":")[0] for name in os.listdir(os.path.join(box, ".Processed/cur"))}

    def lost(self, root, moved):
        """What is wrong with those that were moved away; None: nothing."""
        if not moved:
            return None
        with opened(root) as database:
            rows = {row[0] for row in database.execute("SELECT sha256 FROM message")}
        for name in sorted(moved):
            if self.sums[name] not in rows:
                return f"{name} was moved away, and the database does not know it"
            if not self.is_archived(root, name):
                return f"{name} was moved away, and is not in the archive"
        return None

    def differs(self, root, box, expected):
        """What is not as after a run that nobody disturbed; None: nothing."""
        with opened(root) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return "the database is damaged"
            if database.execute("PRAGMA foreign_key_check").fetchall():
                return "rows point nowhere"
        for name in self.names:
            if not self.is_archived(root, name):
                return f"{name} is not in the archive"
        if os.listdir(os.path.join(box, "new")):
            return "something waits in the mailbox"
        for name, rows in outcome(root).items():
            if rows != expected[name]:
                return name + ": " + str(sorted(set(rows) ^ set(expected[name]))[:1])[:200]
        return None


@contextlib.contextmanager
def opened(root):
    """A copy: whoever closes a database as the last one writes into it."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("plico.db", "plico.db-wal"):
            if os.path.exists(os.path.join(root, name)):
                shutil.copy(os.path.join(root, name), folder)
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "plico.db"))) as database:
            yield database


def outcome(root):
    with opened(root) as database:
        return {name: database.execute(sql).fetchall() for name, sql in OUTCOME.items()}


def configure(root, box):
    with open(os.path.join(root, "plico.conf"), "a", encoding="utf-8") as file:
        file.write(f"\n[inbox]\nmaildir = {box}\n")
