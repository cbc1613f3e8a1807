"""vit gdt, vit tss."""

import gdb

from .. import cpus, fields, machine, regions
from .command import Command, flags, table

CODE_DATA = {0: "accessed", 1: "R/W"}
SYSTEM = {0x2: "LDT", 0x9: "64-bit TSS, available", 0xB: "64-bit TSS, busy", 0xC: "call gate"}
NAMES = {0x08: "kernel code", 0x10: "kernel data", 0x18: "user data", 0x20: "user code", 0x28: "task state"}


class GDT(Command):
    """Show the selected processor's global descriptor table: vit gdt

The table that GDTR points to; of a core, the kernel's own. See the Intel SDM,
Vol. 3A, "Segment Descriptors"; interrupts/gdt.go draws them."""

    name = "gdt"

    def run(self, words):
        own = fields.get(cpus.current(), "gdt")
        base, limit = machine.table_register("GDT") or (int(own.address), own.type.sizeof - 1)
        if base == 0:
            print("There is none yet: GDTR is base 0, limit %#x." % limit)
            return
        whose = ", of CPU %d" % fields.number(cpus.current(), "Index") if base == int(own.address) else ""
        try:
            raw = machine.read(base, limit + 1)
        except gdb.MemoryError:  # the stub's, whose addresses are physical
            raw, whose = machine.read_physical(base, limit + 1), ", which is not mapped any longer"
        print("GDT at %#x, %d slots%s" % (base, (limit + 1) // 8, whose))
        words = [int.from_bytes(raw[i : i + 8], "little") for i in range(0, len(raw) - 7, 8)]
        table((">SLOT", "SELECTOR", "DESCRIPTOR", "WHAT", "", "DPL", ""), rows(words, base == int(own.address)))


def rows(words, ours):
    """ours: whether the slots are the kernel's own, which have names."""
    i = 0
    while i < len(words):
        low, name = words[i], NAMES.get(i * 8, "") if ours else ""
        dpl = low >> 45 & 3
        selector = "%#06x" % (i * 8 | (dpl if ours else 0))
        if low == 0:
            yield i, selector, "%#018x" % low, "nothing", name, "", ""
        elif low >> 44 & 1:  # code or data
            executable, long = low >> 43 & 1, low >> 53 & 1
            width = "64-bit " if long else "32-bit " if low >> 54 & 1 else "16-bit " if executable else ""
            kind = width + "code" if executable else "data"
            yield (i, selector, "%#018x" % low, kind, name, dpl, flags(low >> 40, CODE_DATA) + ("" if low >> 47 & 1 else " not present"))
        else:
            kind = SYSTEM.get(low >> 40 & 15, "system, type %d" % (low >> 40 & 15))
            high = words[i + 1] if i + 1 < len(words) else 0
            base = low >> 16 & 0xFFFFFF | low >> 56 << 24 | (high & 0xFFFFFFFF) << 32
            yield (i, selector, "%#018x" % low, kind, name, dpl,
                   "at %#x, limit %#x" % (base, low & 0xFFFF | low >> 48 & 15 << 16))
            i += 1  # its base has 64 bits: two slots
        i += 1


class TSS(Command):
    """Show the selected processor's task state: vit tss

The stacks that it names: RSP0 for entering ring 0 from ring 3, and those of
interrupts and exceptions (IST 1 to 7), with how much of each is in use. Of a
core, or before TR is loaded, the kernel's own. See the Intel SDM, Vol. 3A,
"Task Management in 64-bit Mode"."""

    name = "tss"

    def run(self, words):
        cpu = cpus.current()
        tss, task = fields.get(cpu, "TSS"), machine.task_register()
        address = int(tss.address)
        print("TSS at %#x, of CPU %d%s" % (address, fields.number(cpu, "Index"),
                                          "" if task is None or task[1] == address else
                                          "; not in use: TR is base %#x" % task[1]))
        out, sp = [], machine.register("rsp")
        for n in range(3):
            top = int(tss["rsp"][n][0]) | int(tss["rsp"][n][1]) << 32
            if top:
                out.append(("RSP%d" % n, "%#x" % top, "", "entering ring %d" % n, ""))
        for n in range(1, 8):
            top = cpus.stack(cpu, n)
            if top == 0:
                out.append(("IST %d" % n, "none", "", cpus.CLASSES.get(n, ""), ""))
                continue
            found = regions.find(top - 1)
            bounds = "%#x" % found.start if found else "?"
            used = "in use: %d bytes" % (top - sp) if found and found.start <= sp < top else ""
            out.append(("IST %d" % n, "%#x" % top, bounds, cpus.CLASSES.get(n, ""), used))
        table(("STACK", "TOP", "DOWN TO", "FOR", ""), out)
        print("I/O map at %d: %s" % (fields.number(tss, "iomap"), "ring 3 may use no port"
                                    if fields.number(tss, "iomap") >= tss.type.sizeof else "see there"))


def register():
    GDT()
    TSS()
