"""vit maps, vit regions."""

from .. import machine, regions, tables
from .command import Command, complete, size, table

MOST = 12  # runs of a part that has no regions


class Maps(Command):
    """Show what is mapped where: vit maps [-p]

The parts of the memory map with the regions in them or, where there are none,
the runs of pages with the same rights. With -p, each run of pages of one size
that is in physical memory in a row. The tables are those in CR3; of a core, the
kernel's own."""

    name, most = "maps", 1

    def complete(self, text, word):
        return complete(["-p"], text, word)

    def run(self, words):
        if words not in ([], ["-p"]):
            self.usage()
        if tables.state() != "long":
            print("There are no page tables of long mode yet: paging is %s." % tables.state())
            return
        tree = tables.Tree()
        if words:
            table(("FROM", "TO", ">PHYSICAL", ">SIZE", ">PAGES", "FLAGS"), map(_page, tree.mappings()))
        else:
            known = regions.read()
            table(("FROM", "TO", ">MAPPED", "", "WHAT"),
                  (row for part in machine.REGIONS for row in _part(tree, known, *part)))


class Regions(Command):
    """Show what address ranges are for: vit regions

The kernel's region.Set: a page fault in a demand-zero region is served with a
page, in a guard it is a bug. PAGES counts those that faults have brought."""

    name = "regions"

    def run(self, words):
        known = regions.read()
        if not known:
            print("There are none yet.")
            return
        table(("FROM", "TO", ">SIZE", "KIND", "", ">PAGES", "WHAT"),
              (("%016x" % r.start, "%016x" % (r.end - 1), size(r.end - r.start), r.kind_name, tables.mode(r.flags),
                r.pages, r.name) for r in known))


def _part(tree, known, first, last, name):
    runs = tree.runs(first, last)
    if not runs:
        return
    yield "%016x" % first, "%016x" % last, size(sum(r.size for r in runs)), "", name
    inside = [r for r in known if first <= r.start <= last]
    for r in inside:
        yield "%016x" % r.start, "%016x" % (r.end - 1), _region_size(r), tables.mode(r.flags), "  " + r.name
    if inside:
        return
    for r in runs[:MOST]:
        yield "%016x" % r.start, "%016x" % r.last, size(r.size), tables.mode(r.flags), "  " + _run_name(first, r.flags)
    if len(runs) > MOST:
        yield "", "", "", "", "  and %d more: -p lists them" % (len(runs) - MOST)


def _region_size(r):
    if r.kind == regions.GUARD:
        return "guard"
    if r.kind == regions.DEMAND:
        return "%s of %s" % (size(r.pages * 4096), size(r.end - r.start))
    return size(r.end - r.start)


def _run_name(part, flags):
    """What memory with these rights is in a part of the memory map."""
    if flags & tables.UNCACHED:
        return "devices"
    if flags & tables.THROUGH:
        return "framebuffer"
    if not flags & tables.NO_EXECUTE:
        return "code"
    if not flags & tables.WRITABLE:
        return "read-only data"
    return {machine.IMAGE: "data", machine.DIRECT_MAP: "RAM"}.get(part, "")


def _page(p):
    flags = tables.mode(p.flags)
    for bit, letter in ((tables.USER, " U"), (tables.UNCACHED, " C"), (tables.GLOBAL, " G")):
        flags += letter if p.flags & bit else ""
    return "%016x" % p.start, "%016x" % p.last, "%x" % p.physical, _compact(p.size), _compact(p.span), flags


def _compact(n):
    for shift, unit in ((30, "G"), (20, "M")):
        if n >> shift and n & ((1 << shift) - 1) == 0:
            return "%d%s" % (n >> shift, unit)
    return "%dK" % (n >> 10)


def register():
    Maps()
    Regions()
