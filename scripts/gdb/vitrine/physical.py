"""Physical memory: the frame allocator's records (mm/frame), what is reserved
and for what, and where devices are."""

import re

import gdb

from . import fields, machine, program

PAGE = 4096
LOW_FRAMES = 4096  # 16 MiB
NOT_RAM, RESERVED, USED, FREE = "not RAM", "reserved", "used", "free"

# boot/multiboot/regions.go
KINDS = {1: "RAM", 2: "ACPI tables", 3: "firmware, kept over sleep", 4: "reserved by the firmware", 5: "bad RAM"}


class Frames:
    """The frame allocator. bitmaps, owners: these are read at once; else each
    number when it is asked for, which is faster for a few. There are as many
    bytes of owners as KiB of memory."""

    def __init__(self, bitmaps=False, owners=False):
        words = fields.words if bitmaps else fields.Words
        self.value = a = fields.variable("kernel/start.Frames")
        self.top = fields.number(a, "top")
        if self.top == 0:
            raise gdb.GdbError("the frame allocator is not up yet (start.startFrames)")
        depth = fields.number(a, "free.depth")
        self.levels = [words(level) for level in fields.elements(a, "free.levels")[:depth]]
        self.ram, self.reserved = words(a, "ram"), words(a, "reserved")
        self.owners = (fields.words if owners else fields.Words)(a, "owners")
        self.caches = [_cached(c) for c in fields.elements(a, "caches")]  # frames, by processor
        self.total, self.held = fields.number(a, "total"), fields.number(a, "held")
        self.pooled = fields.number(a, "pooled")
        caches = fields.elements(a, "caches")
        self.allocs = fields.number(a, "allocs") + sum(fields.number(c, "allocs") for c in caches)
        self.shares = fields.number(a, "shares") + sum(fields.number(c, "shares") for c in caches)
        self.peak, self.lost = fields.number(a, "peak"), fields.number(a, "lost")

    @property
    def cached(self):
        return sum(map(len, self.caches))

    @property
    def free(self):
        return self.pooled + self.cached

    @property
    def used(self):
        return self.total - self.held - self.free

    def state(self, frame):
        if frame >= self.top or not self.ram[frame // 64] >> frame % 64 & 1:
            return NOT_RAM
        if self.reserved[frame // 64] >> frame % 64 & 1:
            return RESERVED
        return USED if self.owners[frame] else FREE

    def cache_of(self, frame):
        """The processor in whose cache a free frame is; None for the pool."""
        return next((i for i, frames in enumerate(self.caches) if frame in frames), None)

    def free_words(self):
        """The bitmap of free frames, those in caches counted in."""
        words = list(self.levels[0])
        for frames in self.caches:
            for f in frames:
                words[f // 64] |= 1 << f % 64
        return words

    def longest_run(self):
        """(first frame, length) of the longest run of free frames."""
        best = (0, 0)
        for match in re.finditer("1+", "".join(format(word, "064b")[::-1] for word in self.free_words())):
            if len(match.group()) > best[1]:
                best = (match.start(), len(match.group()))
        return best


def _cached(cache):
    return [int(f) for f in fields.elements(cache, "frames")[: fields.number(cache, "n")]]


def count(word):
    return bin(word).count("1")


def total(words):
    return sum(map(count, words))


def ranges(value, path, length):
    """[(start, end)] of the first of an array of mm.PhysRange."""
    n = fields.number(value, length)
    return [(fields.number(r, "Start"), fields.number(r, "End")) for r in fields.elements(value, path)[:n]]


def purposes():
    """Yield (start, end, what) of physical memory that has a purpose that does
    not change: what the frame allocator reserves, and why."""
    yield 0, PAGE, "real-mode interrupt vectors and the BIOS's data"
    for s in program.kernel.segments():
        rights = "".join(c if s.flags & bit else "-" for bit, c in ((4, "r"), (2, "w"), (1, "x")))
        yield s.address - machine.IMAGE, s.address - machine.IMAGE + s.size, "the kernel's image, %s" % rights
    a = fields.variable("kernel/start.Frames")
    lists = [fields.get(a, name) for name in ("ram", "reserved", "owners")] + fields.elements(a, "free.levels")
    spans = [(int(s["array"]) - machine.DIRECT_MAP, 8 * int(s["len"])) for s in lists if int(s["len"])]
    if spans:
        yield min(at for at, _ in spans), max(at + n for at, n in spans), "the frame allocator's bitmaps"
    info = fields.variable("kernel/start.Info")
    for start, end in ranges(info, "infoRanges", "numRanges"):
        yield start, end, "what the boot loader has told"
    for m in fields.elements(info, "modules")[: fields.number(info, "numModules")]:
        yield fields.number(m, "Range.Start"), fields.number(m, "Range.End"), "a file of the boot loader's"
    low = fields.number(fields.variable("kernel/start.LowPage"))
    if low:
        yield low, low + PAGE, "kept for starting other processors"


def devices():
    """Yield (start, end, name) of devices' registers and memory, as far as the
    kernel knows them."""
    yield 0xA0000, 0xB8000, "VGA: graphics memory"
    yield 0xB8000, 0xC0000, "VGA: text screen"
    yield 0xC0000, 0x100000, "ROM: VGA BIOS, BIOS"
    info = fields.variable("kernel/start.Info")
    addr = fields.number(info, "Framebuffer.Addr")
    if addr:
        size = fields.number(info, "Framebuffer.Pitch") * fields.number(info, "Framebuffer.Height")
        yield addr, addr + size, "framebuffer"
    base = fields.number(fields.variable("kernel/start.hpetSpace"), "Base")
    if base:
        yield base - machine.DIRECT_MAP, base - machine.DIRECT_MAP + 0x400, "HPET"
    apic = fields.get(fields.variable("kernel.theMachine"), "apic")
    if int(apic):
        for chip in fields.elements(apic, "wiring.IO"):
            at = fields.number(chip, "Addr")
            yield at, at + 0x20, "I/O APIC %d" % fields.number(chip, "ID")
    yield 0xFEE00000, 0xFEE01000, "local APIC, of the processor that asks"


def memory_map():
    """[(start, end, kind)] of the boot loader's memory map, sorted."""
    regions = fields.get(fields.variable("kernel/start.Info"), "regions")
    n = fields.number(regions, "n")
    return [(fields.number(r, "Range.Start"), fields.number(r, "Range.End"), KINDS.get(fields.number(r, "Kind"), "?"))
            for r in fields.elements(regions, "r")[:n]]


def find(parts, address):
    """The names of the parts (start, end, name) that an address lies in."""
    return [name for start, end, name in parts if start <= address < end]
