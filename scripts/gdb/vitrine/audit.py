"""Are the promises about memory kept? What mm/audit asks, asked of the outside.

The kernel's own audit believes its locks and its allocator's methods; this one
reads the tables and the bitmaps as they lie in memory.
"""

import bisect

from . import machine, physical, regions, tables

PAGE = 4096


class Audit:
    """An audit of the kernel's own address space."""

    def __init__(self):
        self.frames = physical.Frames(bitmaps=True, owners=True)
        self.tree = tables.Tree(tables.kernel_root())
        self.mappings = self.tree.mappings()
        self.regions = regions.read()
        self.guards = sum(r.kind == regions.GUARD for r in self.regions)
        self.executable = sum(m.size for m in self.mappings if not m.flags & tables.NO_EXECUTE)
        self.violations = []
        self.pages = {}  # frame of RAM, mapped outside of the direct map: how often
        self.shared = 0
        self._tables()
        self._rights()
        self._owners()
        self._regions()
        self._allocator()

    def counts(self):
        """(free, used, reserved) frames."""
        return self.frames.free, self.frames.used, self.frames.held

    def _violation(self, address, physical_address, what):
        self.violations.append("kernel %016x -> %x: %s" % (address, physical_address, what))

    def _tables(self):
        seen = set()
        for _, start, table in self.tree.tables:
            if table in seen:
                self._violation(start, table, "a frame holds two page tables")
            seen.add(table)
            state = self.frames.state(table >> 12)
            if state != physical.USED:
                self._violation(start, table, "a page table, but the frame is " + state)

    def _rights(self):
        code = [m for m in self.mappings if not m.flags & tables.NO_EXECUTE]
        for m in self.mappings:
            writable, executable = m.flags & tables.WRITABLE, not m.flags & tables.NO_EXECUTE
            upper, direct = m.start >= machine.DIRECT_MAP, machine.DIRECT_MAP <= m.start < machine.WINDOW
            for bad, what in ((writable and executable, "writable and executable"),
                              (direct and executable, "executable, in the direct map"),
                              (upper and m.flags & tables.USER, "open to user mode, in the upper half"),
                              (not upper, "in the lower half of the kernel's tables")):
                if bad:
                    self._violation(m.start, m.physical, what)
            for c in code if writable and not executable else ():
                at = max(c.physical, m.physical)
                if at < min(c.physical + c.size, m.physical + m.size):
                    self._violation(m.start + at - m.physical, at, "writable here, and executable elsewhere")

    def _owners(self):
        """Whose the frames are that are mapped outside of the direct map."""
        held = {table >> 12 for _, _, table in self.tree.tables}
        fixed = [(r.start, r.end) for r in self.regions if r.kind == regions.FIXED]
        owned = {}  # like pages, without those of fixed regions, which do not own
        for m in self.mappings:
            if machine.DIRECT_MAP <= m.start < machine.WINDOW:
                continue
            device = m.flags & (tables.UNCACHED | tables.THROUGH)
            inside = any(start <= m.start < end for start, end in fixed)
            for at in range(0, m.size, PAGE):
                v, p = m.start + at, m.physical + at
                state = self.frames.state(p >> 12)
                if state == physical.NOT_RAM and device:
                    continue
                if state not in (physical.USED, physical.RESERVED):
                    self._violation(v, p, "mapped, but the frame is " + state)
                elif p >> 12 in held:
                    self._violation(v, p, "a page table, mapped as a page")
                self.pages[p >> 12] = self.pages.get(p >> 12, 0) + 1
                if state == physical.USED and not inside:
                    owned[p >> 12] = owned.get(p >> 12, 0) + 1
        for frame, n in owned.items():
            if n > 1 and n > self.frames.owners[frame]:
                self._violation(0, frame << 12, "mapped by more tables than it has owners")
            elif n > 1:
                self.shared += 1

    def _regions(self):
        more = tables.WRITABLE | tables.USER
        pages = self.tree.pages  # upwards, and none overlap
        starts = [p.start for p in pages]
        for r in self.regions:
            first = max(0, bisect.bisect_right(starts, r.start) - 1)
            for p in pages[first : bisect.bisect_left(starts, r.end)]:
                if p.last < r.start:
                    continue
                if r.kind == regions.GUARD:
                    self._violation(p.start, p.physical, "a guard page is mapped, in region " + r.name)
                elif p.flags & ~r.flags & more or r.flags & ~p.flags & tables.NO_EXECUTE:
                    self._violation(p.start, p.physical, "more rights than the region's, in region " + r.name)

    def _allocator(self):
        """Do the allocator's records agree with each other? frame.Verify."""
        f, bad = self.frames, []
        pool, used, shares = f.levels[0], 0, 0
        for i, word in enumerate(pool):
            if word & ~(f.ram[i] & ~f.reserved[i]):
                bad.append("a frame counts as free that is reserved, or not RAM")
                break
        for frame, owners in enumerate(f.owners[: f.top]):
            if owners:
                used, shares = used + 1, shares + owners - 1
                if f.state(frame) != physical.USED or pool[frame // 64] >> frame % 64 & 1:
                    bad.append("a frame that is free, reserved or not RAM has owners")
                    break
        for frame in sum(f.caches, []):
            if f.state(frame) != physical.FREE or pool[frame // 64] >> frame % 64 & 1:
                bad.append("a processor's cache has a frame that is in use, or in the pool")
                break
        total, held = physical.total(f.ram), physical.total(a & b for a, b in zip(f.ram, f.reserved))
        if (total, held, physical.total(pool), used, shares) != (f.total, f.held, f.pooled, f.used, f.shares):
            bad.append("the counts of frames contradict the bitmaps")
        for below, above in zip(f.levels, f.levels[1:]):
            if any(bool(above[i // 64] >> i % 64 & 1) != bool(word) for i, word in enumerate(below)):
                bad.append("the tree of free frames contradicts its lowest level")
                break
        for what in bad:
            self.violations.append("frames: " + what)
