"""Page tables, as the processor walks them (mm/paging)."""

import struct

import gdb

from . import fields, machine

LEVELS = ((39, "PML4"), (30, "PDPT"), (21, "PD"), (12, "PT"))
ADDRESS = 0x000F_FFFF_FFFF_F000
PRESENT, WRITABLE, USER, THROUGH, UNCACHED = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4
ACCESSED, DIRTY, LARGE, GLOBAL, NO_EXECUTE = 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 63

# In the order of the kernel's own command, paging.Entry.String.
LETTERS = ((0, "P"), (1, "W"), (2, "U"), (3, "T"), (4, "C"), (5, "A"), (6, "D"), (7, "L"), (8, "G"), (63, "NX"))
SIZES = {12: "4 KiB", 21: "2 MiB", 30: "1 GiB"}


def letters(entry):
    """An entry's flags, with a dash for each that is not set."""
    return " ".join(name if entry >> bit & 1 else "-" * len(name) for bit, name in LETTERS)


def mode(flags):
    """What may be done with a page, in three letters."""
    return "r" + ("w" if flags & WRITABLE else "-") + ("-" if flags & NO_EXECUTE else "x")


def state():
    """What the processor does with addresses: 'off', 'legacy' or 'long'. Of a
    machine whose registers are not known, the kernel's own: 'long'."""
    cr0, efer = machine.system_register("cr0"), machine.system_register("efer")
    if cr0 is None or efer is None:
        return "long"
    if not cr0 >> 31 & 1:
        return "off"
    return "long" if efer >> 10 & 1 else "legacy"


def root():
    """The physical address of the PML4 table: CR3 or, if that is not known, the
    kernel's own space."""
    cr3 = machine.system_register("cr3")
    if cr3 is not None:
        return cr3 & ADDRESS
    return kernel_root()


def kernel_root():
    """The kernel's own PML4 table, as it remembers it; an error before there is
    one."""
    frame = fields.number(fields.variable("kernel/start.Space"), "root")
    if frame == 0:
        raise gdb.GdbError("the kernel has no page tables of its own yet (start.startSpace makes them)")
    return frame << 12


class Step:
    """One entry on the way to an address."""

    def __init__(self, shift, name, table, index, entry):
        self.shift, self.name, self.table, self.index, self.entry = shift, name, table, index, entry

    def maps(self):
        """Whether the entry, a present one, maps a page."""
        return self.shift == 12 or bool(self.entry & LARGE and self.shift != 39)


def walk(address, table=None):
    """The steps to an address: the last one maps a page, or is not present."""
    table, steps = root() if table is None else table, []
    for shift, name in LEVELS:
        index = address >> shift & 511
        entry = struct.unpack("<Q", machine.read_physical(table + index * 8, 8))[0]
        steps.append(Step(shift, name, table, index, entry))
        if not entry & PRESENT or steps[-1].maps():
            break
        table = entry & ADDRESS
    return steps


def rights(entries):
    """The rights that are left after all entries, as bits of an entry."""
    writable = user = ~0
    execute = 0
    for e in entries:
        writable, user, execute = writable & e, user & e, execute | e
    return writable & WRITABLE | user & USER | execute & NO_EXECUTE


def translate(address, table=None):
    """(physical address, flags in effect, size of the page), or None."""
    steps = walk(address, table)
    last = steps[-1]
    if not last.entry & PRESENT:
        return None
    inside = (1 << last.shift) - 1
    own = last.entry & (THROUGH | UNCACHED | GLOBAL | ACCESSED | DIRTY)
    return (last.entry & ADDRESS & ~inside | address & inside, rights(s.entry for s in steps) | own, 1 << last.shift)


class Page:
    """Pages of one kind, in a row: size bytes from start on, at physical on."""

    def __init__(self, start, physical, size, flags, span):
        self.start, self.physical, self.size, self.flags, self.span = start, physical, size, flags, span

    @property
    def last(self):
        return self.start + self.size - 1


class Tree:
    """A whole tree of tables, read at once."""

    def __init__(self, table=None):
        self.tables = []  # (shift of its entries, first address, physical address)
        self.pages = []  # Page, upwards, one an entry
        with machine.physical():
            self._read(0, 0, root() if table is None else table, WRITABLE | USER)

    def _read(self, depth, start, table, allowed):
        """allowed: rights that the entries above have left; a missing NX is one."""
        shift = LEVELS[depth][0]
        self.tables.append((shift, start, table))
        for index, e in enumerate(struct.unpack("<512Q", machine.read_physical(table, 4096))):
            if not e & PRESENT:
                continue
            at = start + (index << shift)
            if depth == 0 and index > 255:
                at |= 0xFFFF << 48
            left = allowed & e & (WRITABLE | USER) | (allowed | e) & NO_EXECUTE
            if shift == 12 or (e & LARGE and depth > 0):
                inside = (1 << shift) - 1
                flags = left | e & (PRESENT | THROUGH | UNCACHED | GLOBAL)
                self.pages.append(Page(at, e & ADDRESS & ~inside, 1 << shift, flags, 1 << shift))
            else:
                self._read(depth + 1, at, e & ADDRESS, left)

    def mappings(self):
        """The pages, joined where they go on: alike, and in memory in a row."""
        return _join(self.pages, lambda a, b: a.flags == b.flags and a.span == b.span
                     and a.physical + a.size == b.physical)

    def runs(self, first, last):
        """What is mapped in [first, last], neighbours with the same rights as one."""
        alike = WRITABLE | NO_EXECUTE | USER | UNCACHED | THROUGH
        inside = (p for p in self.pages if first <= p.start <= last)
        return _join(inside, lambda a, b: (a.flags ^ b.flags) & alike == 0)


def _join(pages, alike):
    joined = []
    for p in pages:
        if joined and joined[-1].start + joined[-1].size == p.start and alike(joined[-1], p):
            joined[-1].size += p.size
        else:
            joined.append(Page(p.start, p.physical, p.size, p.flags, p.span))
    return joined
