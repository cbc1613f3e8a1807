import re

from .. import fields, gotypes, machine, vectors
from .command import Command, table


class IRQ(Command):
    """Show the interrupt lines: vit irq

Who has each line, how often it has fired, whether a goroutine is still to be
told (PENDING), and whether the controller lets it through. The last is known
of the PICs, whose mask the kernel remembers, and of I/O APICs from QEMU; of a
core with I/O APICs it is not known."""

    name = "irq"

    def run(self, words):
        kind, masked = controller()
        word = fields.number(fields.variable("interrupts.pending"))
        rows = []
        for i, line in enumerate(fields.elements(fields.variable("interrupts.lines"))):
            name, device = fields.text(line, "name"), i < vectors.LINES
            if not device and not name:
                continue
            waits = "yes" if word >> i & 1 else ""
            if device:
                off = masked(i)
                what = name or ("cascade: IRQ 8 to 15" if i == 2 and kind == "PIC" else "")
                rows.append((i, vectors.FIRST_LINE + i, fields.number(line, "count"), waits,
                             {True: "off", False: "on", None: "?"}[off], what))
            else:
                rows.append(("-", "-", fields.number(line, "count"), waits, "", name + "  (raised by software)"))
        if kind == "APIC":
            rows += [("-", v, vectors.fired(v), "", "", what) for v, what in sorted(vectors.own().items())]
        table((">IRQ", ">VECTOR", ">COUNT", "PENDING", "MASK", "DEVICE"), rows)
        print("%d spurious interrupts; the lines arrive at the %s" % (
            fields.number(fields.variable("interrupts.spurious")), "8259s" if kind == "PIC" else "I/O APICs"))


def controller():
    """(what the lines are connected to, a function that tells whether a line is
    masked: None for not known)."""
    interface = fields.variable("interrupts.controller")
    found = gotypes.dynamic(interface)
    if found is None or "PIC" in found.full_name().split(".")[-1]:
        mask = fields.number(fields.variable("interrupts.pic"), "mask")
        return "PIC", lambda irq: bool(mask >> irq & 1)
    lines = fields.pointee(interface)
    gsi = [fields.number(line, "GSI") for line in fields.elements(lines, "irqs")]
    known = [bool(int(k)) for k in fields.elements(lines, "known")]
    pins = redirections()
    return "APIC", lambda irq: pins.get(gsi[irq]) if known[irq] else True


def redirections():
    """{GSI: masked} of the first I/O APIC, from QEMU's monitor."""
    if not machine.live():
        return {}
    found = re.findall(r"^\s*(?:pin|GSI|)\s*(\d+)\s+0x[0-9a-f]{16}\b(.*)$", machine.monitor("info pic"), re.MULTILINE)
    return {int(pin): "masked" in rest for pin, rest in found}


def register():
    IRQ()
