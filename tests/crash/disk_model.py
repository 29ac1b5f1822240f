"""What a disk may hold after the power went: from the system calls of a program, as strace recorded them.

A file's data is surely there once it was synced, a name once its directory was; everything else may be there, in part, or not at
all. That is stricter than any journalling file system. No real power is cut.

  events = trace(path, root)     the calls that change the tree below root, and what went over TCP, in order
  for state in states(events)    each disk that may be found behind each of them
"""
import os
import random
import re

SECTOR = 512
CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+|\?)")
CUT = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
REST = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)$")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
CALLS = ("openat,write,pwrite64,writev,pwritev,sendto,sendmsg,recvfrom,recvmsg,read,ftruncate,fallocate,fsync,fdatasync,syncfs,"
         "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,close,socket,dup,dup2,dup3,fcntl,lseek,"
         "copy_file_range,sendfile")


def texts(arguments):
    return [bytes.fromhex(t.replace("\\x", "")) for t in TEXT.findall(arguments)]


def lines(path):
    """(call, arguments, result, whether it has come back) of each call. One that another thread interrupts stands here twice: what
    it writes may be there from its beginning, what it makes last only at its end."""
    begun = {}
    with open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            line = line.rstrip("\n")
            if found := CUT.match(line):
                begun[found[1]] = found[3]
                yield found[2], found[3], None, False
            elif found := REST.match(line):
                whole = f"{found[1]} {found[2]}({begun.pop(found[1], '')}{found[3]}"
                if again := CALL.match(whole):
                    yield again[2], again[3], None if again[4] == "?" else int(again[4]), None
            elif found := CALL.match(line):
                yield found[2], found[3], None if found[4] == "?" else int(found[4]), True


class Tracer:
    """One process with its threads: which number stands for which file."""

    def __init__(self, root):
        self.root, self.events, self.files = root, [], {}

    def inside(self, path):
        return path == self.root or path.startswith(self.root + "/")

    def write(self, arguments, size):
        number = int(arguments.split(",")[0])
        file = self.files.get(number)
        if file is None or not isinstance(file, list):
            return file
        return file if self.inside(file[0]) and not file[0].endswith("-shm") else None

    def take(self, call, arguments, result, done):
        """@done: True, a whole call; False, its beginning; None, its end."""
        if result is not None and result < 0:
            return
        handler = getattr(self, "on_" + call, None)
        if handler is None:
            raise SystemExit(f"disk_model: {call} is not known here: {arguments[:80]}")
        handler(arguments, result, done)

    def on_openat(self, arguments, result, done):
        if done is False:
            return
        path = texts(arguments)[0].decode()
        self.files[result] = [path, 0]
        if self.inside(path) and not path.endswith("-shm"):
            if "O_CREAT" in arguments or "O_TRUNC" in arguments:
                self.events.append(("open", path, "O_CREAT" in arguments, "O_TRUNC" in arguments))

    def on_close(self, arguments, result, done):
        if done is not False:
            self.files.pop(int(arguments), None)

    def on_socket(self, arguments, result, done):
        if done is not False and arguments.startswith("AF_INET"):
            self.files[result] = ("tcp", result)

    def on_dup(self, arguments, result, done):
        if done is not False and int(arguments.split(",")[0]) in self.files:
            self.files[result] = self.files[int(arguments.split(",")[0])]

    on_dup2 = on_dup3 = on_dup

    def on_fcntl(self, arguments, result, done):
        if "F_DUPFD" in arguments:
            self.on_dup(arguments, result, done)

    def sent(self, arguments, done):
        """To the other side of a line: from the beginning of the call it may be there."""
        number = int(arguments.split(",")[0])
        if isinstance(self.files.get(number), tuple):
            if done is not None:
                self.events.append(("sent", self.files[number][1], texts(arguments)[0]))
            return True
        return False

    def on_write(self, arguments, result, done):
        if self.sent(arguments, done) or done is False:
            return
        file = self.write(arguments, result)
        if file:
            self.events.append(("write", file[0], file[1], texts(arguments)[0][:result]))
            file[1] += result

    def on_sendto(self, arguments, result, done):
        self.sent(arguments, done)

    def on_recvfrom(self, arguments, result, done):
        number = int(arguments.split(",")[0])
        if done is not False and isinstance(self.files.get(number), tuple) and TEXT.search(arguments):
            self.events.append(("heard", self.files[number][1], texts(arguments)[0][:result]))

    on_read = on_recvfrom

    def on_lseek(self, arguments, result, done):
        file = self.files.get(int(arguments.split(",")[0]))
        if done is not False and isinstance(file, list):
            file[1] = result

    def on_pwrite64(self, arguments, result, done):
        file = self.write(arguments, result)
        if file and done is not False:
            self.events.append(("write", file[0], int(arguments.rsplit(",", 1)[1]), texts(arguments)[0][:result]))

    def on_ftruncate(self, arguments, result, done):
        file = self.write(arguments, result)
        if file and done is not False:
            self.events.append(("truncate", file[0], int(arguments.split(",")[1])))

    def on_fsync(self, arguments, result, done):
        file = self.files.get(int(arguments))
        if isinstance(file, list) and self.inside(file[0]) and done is not False:
            self.events.append(("sync", file[0]))

    on_fdatasync = on_fsync

    def on_syncfs(self, arguments, result, done):
        if done is not False:
            self.events.append(("syncfs",))

    def on_rename(self, arguments, result, done):
        if done is not False:
            old, new = (t.decode() for t in texts(arguments))
            if self.inside(new):
                self.events.append(("rename", old, new))

    def on_unlink(self, arguments, result, done):
        if done is not False and self.inside(texts(arguments)[0].decode()):
            self.events.append(("unlink", texts(arguments)[0].decode()))

    def on_mkdir(self, arguments, result, done):
        if done is not False and self.inside(texts(arguments)[0].decode()):
            self.events.append(("mkdir", texts(arguments)[0].decode()))


def trace(path, root):
    tracer = Tracer(root)
    for call, arguments, result, done in lines(path):
        if done is not False and result is None:
            continue  # it never came back
        tracer.take(call, arguments, result, done)
    return tracer.events


class Node:
    """A file or folder: what is surely on the disk, and what was done to it since."""

    def __init__(self, data=b"", folder=False):
        self.folder, self.durable, self.pending = folder, bytearray(data), []


def change(data, operation):
    if operation[0] == "write":
        _, offset, new = operation
        if len(data) < offset:
            data.extend(bytes(offset - len(data)))
        data[offset:offset + len(new)] = new
    else:
        size = operation[1]
        del data[size:]
        data.extend(bytes(size - len(data)))


class Disk:
    """@base: path -> bytes, None for a folder: what was there, for good, before the first event."""

    def __init__(self, base):
        self.now = {path: Node(data or b"", data is None) for path, data in base.items()}
        self.names = dict(self.now)  # those that are surely there
        self.pending = {}            # folder -> [(names that appear, names that go), ...]

    def name(self, path, appear, go):
        self.pending.setdefault(os.path.dirname(path), []).append((appear, go))

    def settle(self, folder):
        for appear, go in self.pending.pop(folder, []):
            for path in go:
                self.names.pop(path, None)
            self.names.update(appear)

    def take(self, event):
        kind, *words = event
        if kind == "open":
            path, create, cut = words
            if create and path not in self.now:
                self.now[path] = Node()
                self.name(path, {path: self.now[path]}, [])
            if cut:
                self.now[path].pending.append(("truncate", 0))
        elif kind == "mkdir":
            self.now[words[0]] = Node(folder=True)
            self.name(words[0], {words[0]: self.now[words[0]]}, [])
        elif kind == "write" and words[0] in self.now:
            self.now[words[0]].pending.append(("write", words[1], words[2]))
        elif kind == "truncate":
            self.now[words[0]].pending.append(("truncate", words[1]))
        elif kind == "rename":
            node = self.now.pop(words[0])
            self.now[words[1]] = node
            self.name(words[1], {words[1]: node}, [words[0]])
        elif kind == "unlink" and words[0] in self.now:
            self.now.pop(words[0])
            self.name(words[0], {}, [words[0]])
        elif kind == "sync" and words[0] in self.now:
            self.sync(self.now[words[0]], words[0])
        elif kind == "syncfs":
            for path, node in list(self.now.items()):
                self.sync(node, path)

    def sync(self, node, path):
        if node.folder:
            self.settle(path)
        for operation in node.pending:
            change(node.durable, operation)
        node.pending = []

    def files(self, mode, dice):
        """least: what was synced. most: everything, as after kill -9. some: of the rest some, torn at sectors, in any order within
        a file; of names the first so many."""
        names = dict(self.now if mode == "most" else self.names)
        if mode == "some":
            for changes in self.pending.values():
                for appear, go in changes[:dice.randint(0, len(changes))]:
                    for path in go:
                        names.pop(path, None)
                    names.update(appear)
        found = {}
        for path, node in sorted(names.items()):
            if os.path.dirname(path) not in names and os.path.dirname(path) in self.now:
                continue  # its folder is not there
            found[path] = None if node.folder else self.content(node, mode, dice)
        return found

    @staticmethod
    def content(node, mode, dice):
        data = bytearray(node.durable)
        for operation in node.pending:
            if mode == "most":
                change(data, operation)
            elif mode == "some" and dice.random() < 0.5:
                if operation[0] == "write" and dice.random() < 0.3:
                    operation = ("write", operation[1], operation[2][:SECTOR * dice.randint(0, len(operation[2]) // SECTOR)])
                change(data, operation)
        return bytes(data)


def read_tree(root):
    """What Disk takes for its base."""
    base = {root: None}
    for folder, folders, files in os.walk(root):
        for name in folders:
            base[os.path.join(folder, name)] = None
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                with open(path, "rb") as file:
                    base[path] = file.read()
    return base


def states(base, events, seed, tries=1):
    """(how many events have been, mode, files) for every disk that may be found, each once in a row."""
    disk = Disk(base)
    dice = random.Random(seed)
    for count in range(len(events) + 1):
        if count > 0:
            disk.take(events[count - 1])
        yield count, "least", disk.files("least", dice)
        yield count, "most", disk.files("most", dice)
        for _ in range(tries):
            yield count, "some", disk.files("some", dice)
