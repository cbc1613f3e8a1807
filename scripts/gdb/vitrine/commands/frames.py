from .. import physical
from .command import Command, size, table

COLUMNS, ROWS = 64, 16


class Frames(Command):
    """Show the allocator of physical memory: vit frames

Counts, then a map in which a character stands for a number of frames:

    .  all free      +  some in use    #  all in use
    x  some reserved X  all reserved   a space: not RAM

vit frame PFN tells who has one of them."""

    name = "frames"

    def run(self, words):
        a = physical.Frames()
        table(("", ">", ">"), ((name, n, size(n * physical.PAGE)) for name, n in counts(a)))
        print("%d handed out, %d taken back since boot\n" % (a.allocs, a.allocs - a.used - a.lost))
        draw(a)


def counts(a):
    yield "frames", a.total
    yield "free", a.free
    yield "free below 16 MiB", physical.total(a.levels[0][: physical.LOW_FRAMES // 64])
    yield "free, in processors' caches", a.cached
    yield "in use", a.used
    yield "in use at most", a.peak
    yield "reserved", a.held
    first, length = a.longest_run()
    yield "longest free run, at %#x" % (first * physical.PAGE), length


def draw(a):
    """All frames in at most ROWS lines."""
    each = 1
    while -(-a.top // each) > COLUMNS * ROWS:
        each *= 2
    print("a character is %s: . free, + partly used, # used, x partly, X all reserved" % size(each * physical.PAGE))
    for line in range(0, a.top, COLUMNS * each):
        marks = (mark(a, at, min(at + each, a.top)) for at in range(line, min(line + COLUMNS * each, a.top), each))
        print(("%10x  %s" % (line * physical.PAGE, "".join(marks))).rstrip())


def mark(a, start, end):
    n = {}
    for f in range(start, end):
        state = a.state(f)
        n[state] = n.get(state, 0) + 1
    absent, everything = n.get(physical.NOT_RAM, 0), end - start
    if absent == everything:
        return " "
    for state, letter in ((physical.RESERVED, "X"), (physical.USED, "#"), (physical.FREE, ".")):
        if n.get(state, 0) + absent == everything:
            return letter
    return "x" if physical.USED not in n else "+"


def register():
    Frames()
