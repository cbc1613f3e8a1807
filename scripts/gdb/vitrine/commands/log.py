import gdb

from .. import program
from .command import Command, number

LEVELS = {-4: "debug", 0: "info", 4: "warn", 8: "error"}


class Log(Command):
    """Show the kernel's log: vit log [N]

The last N records, or all that are kept. It reads the ring of package
kernel/log, and works also before there is a console."""

    name, most = "log", 1

    def run(self, words):
        records = list(read())
        if not records:
            print("The log is empty.")
        count = number(words[0]) if words else len(records)
        for time, level, source, text in records[max(len(records) - count, 0) :]:
            mark = "" if level == "info" else level + ": "
            text = text.rstrip("\n").replace("\n", "\n" + " " * 15)
            gdb.write("[%4d.%06d] %s: %s%s\n" % (time // 10**9, time // 1000 % 10**6, source, mark, text))


def read():
    """Yield (time in ns, level, source, text) of each record, oldest first.
    kernel/log/ring.go has the layout."""
    ring = program.variable("vitrine/kernel/log.kernel")
    head, at = int(ring["head"]), int(ring["tail"])
    data = ring["data"]
    size = data.type.range()[1] + 1
    raw = bytes(gdb.selected_inferior().read_memory(int(data.address), size))

    def take(n):
        nonlocal at
        start = at % size
        at += n
        return (raw + raw[:1100])[start : start + n]

    while at < head:
        header = take(12)
        text, source = int.from_bytes(header[:2], "little"), header[3]
        level = int.from_bytes(header[2:3], "little", signed=True)
        time = int.from_bytes(header[4:], "little")
        name = take(source).decode("utf-8", "replace")
        yield time, LEVELS.get(level, "level %d" % level), name, take(text).decode("utf-8", "replace")


def register():
    Log()
