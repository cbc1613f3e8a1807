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
        a = physical.Frames(bitmaps=True)
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
    free = a.free_words()
    for line in range(0, a.top, COLUMNS * each):
        marks = (mark(census(a, free, at, min(at + each, a.top)))
                 for at in range(line, min(line + COLUMNS * each, a.top), each))
        print(("%10x  %s" % (line * physical.PAGE, "".join(marks))).rstrip())


def census(a, free, start, end):
    """How many of the frames [start, end) are reserved, in use, free, and all."""
    reserved = used = unused = 0
    for word in range(start // 64, (end + 63) // 64):
        low, high = max(start - word * 64, 0), min(end - word * 64, 64)
        mask = (1 << high) - (1 << low)
        ram = a.ram[word] & mask
        kept = ram & a.reserved[word]
        idle = ram & ~kept & free[word]
        reserved, unused = reserved + physical.count(kept), unused + physical.count(idle)
        used += physical.count(ram & ~kept & ~idle)
    return reserved, used, unused, end - start


def mark(numbers):
    reserved, used, unused, everything = numbers
    if reserved + used + unused == 0:
        return " "
    absent = everything - reserved - used - unused
    for n, letter in ((reserved, "X"), (used, "#"), (unused, ".")):
        if n + absent == everything:
            return letter
    return "+" if used else "x"


def register():
    Frames()
