import gdb

from .. import cpus, fields, machine, program, vectors
from .command import Command, complete_expression, number

KINDS = {0xE: "interrupt gate", 0xF: "trap gate", 0x5: "task gate"}


class IDT(Command):
    """Show the interrupt descriptor table: vit idt [N]

With N, vector N's gate in full; without, one line for each run of gates that
differ only in their stub. The table is the one that the processor's IDTR
points to; of a core, the kernel's own. See the Intel SDM, Vol. 3A, "64-Bit Mode
IDT"."""

    name, expression = "idt", True

    def complete(self, text, word):
        return complete_expression(text, word)

    def run(self, words):
        own = fields.variable("interrupts.idt")
        base, limit = machine.table_register("IDT") or (int(own.address), own.type.sizeof - 1)
        count = (limit + 1) // 16
        if base == 0 or count == 0:
            print("There is none yet: IDTR is base %#x, limit %#x." % (base, limit))
            return
        if not words:
            print("IDT at %#x, %d gates" % (base, count))
            for line in table(base, count):
                print(line)
            return
        vector = number(words[0])
        if vector >= count:
            raise gdb.GdbError("vit idt: vectors are 0 to %d" % (count - 1))
        detail(vector, Gate(machine.read(base + vector * 16, 16)))


class Gate:
    """A 16-byte gate: interrupts/idt.go draws it."""

    def __init__(self, raw):
        self.lo, self.hi = int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little")
        self.handler = self.lo & 0xFFFF | self.lo >> 48 << 16 | (self.hi & 0xFFFFFFFF) << 32
        self.selector = self.lo >> 16 & 0xFFFF
        self.ist = self.lo >> 32 & 7
        self.kind = KINDS.get(self.lo >> 40 & 15, "type %d" % (self.lo >> 40 & 15))
        self.dpl = self.lo >> 45 & 3
        self.present = bool(self.lo >> 47 & 1)

    def alike(self):
        """Everything but the handler."""
        return self.selector, self.ist, self.kind, self.dpl, self.present


def table(base, count):
    raw = machine.read(base, count * 16)
    gates = [Gate(raw[i * 16 : i * 16 + 16]) for i in range(count)]
    first = 0
    for i in range(1, count + 1):
        if i < count and gates[i].alike() == gates[first].alike():
            continue
        g = gates[first]
        what = "%d" % first if i - first == 1 else "%d-%d" % (first, i - 1)
        if g.present:
            text = "%s, selector %#04x, IST %d, DPL %d" % (g.kind, g.selector, g.ist, g.dpl)
            label = vectors.name(first) if i - first == 1 else ""
            yield "  %-8s %s  %s" % (what, text, label)
        else:
            yield "  %-8s not present" % what
        first = i


def detail(vector, g):
    print("vector %d  %s" % (vector, vectors.name(vector)))
    print("  gate      %#018x %#018x" % (g.hi, g.lo))
    if not g.present:
        print("  not present: the event ends in #NP")
        return
    print("  handler   %s" % program.describe(g.handler))
    print("  selector  %#06x" % g.selector)
    if g.ist:
        print("  stack     IST %d, top %#x" % (g.ist, cpus.stack(cpus.current(), g.ist)))
    else:
        print("  stack     that of the interrupted code, or RSP0 from ring 3")
    print("  kind      %s, DPL %d" % (g.kind, g.dpl))
    print("  fired     %d times" % vectors.fired(vector))


def register():
    IDT()
