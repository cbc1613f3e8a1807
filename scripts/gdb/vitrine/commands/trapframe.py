import gdb

from .. import fields, machine, program, vectors
from ..unwind import interrupt
from .command import Command, complete_expression, flags, number

RFLAGS = {0: "CF", 2: "PF", 4: "AF", 6: "ZF", 7: "SF", 8: "TF", 9: "IF", 10: "DF", 11: "OF", 14: "NT", 16: "RF",
          17: "VM", 18: "AC", 21: "ID"}
PAGE_FAULT = {0: "page present", 1: "write", 2: "from ring 3", 3: "reserved bit", 4: "instruction fetch"}


class Trapframe(Command):
    """Show what an interrupt or exception has saved: vit trapframe [ADDR]

Without ADDR, the innermost interrupts.Frame of the backtrace. ADDR is the
address of one: vit trapframe f."""

    name, expression = "trapframe", True

    def complete(self, text, word):
        return complete_expression(text, word)

    def run(self, words):
        address = number(words[0]) if words else innermost()
        if address is None:
            raise gdb.GdbError("vit trapframe: there is no interrupt in this backtrace")
        pointer = gdb.lookup_type("vitrine/interrupts.Frame").pointer()
        show(address, gdb.Value(address).cast(pointer).dereference())


def innermost():
    """The address of the Frame of the innermost interrupt, or None."""
    frame = gdb.newest_frame()
    while frame is not None:
        found = interrupt.locate(frame.pc(), lambda name: machine.register(name, frame))
        if found:
            return found[0]
        frame = frame.older()
    return None


def show(address, frame):
    f = {field.name: int(frame[field.name]) & machine.MASK64 for field in frame.type.fields()}
    vector = f["Vector"]
    print("frame at %#x: vector %d  %s" % (address, vector, vectors.name(vector)))
    if vector == 14:
        print("  error  %#x: %s" % (f["Error"], flags(f["Error"], PAGE_FAULT) or "page not present, read"))
        print("  CR2    %s" % fault_address(f))
    elif f["Error"]:
        print("  error  %#x" % f["Error"])
    print("  at     %s" % program.describe(f["IP"]))
    print("  ring   %d" % (f["CS"] & 3))
    print("  flags  %#x: %s" % (f["Flags"], flags(f["Flags"], RFLAGS)))
    names = ["AX", "BX", "CX", "DX", "SI", "DI", "BP", "SP", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
             "CS", "SS"]
    for i in range(0, len(names), 3):
        print("  " + "  ".join("%-3s %016x" % (n, f[n]) for n in names[i : i + 3]))


def fault_address(f):
    """CR2; of a core without it, what the kernel has remembered, if that is of
    this exception."""
    cr2 = machine.system_register("cr2")
    if cr2 is not None:
        return "%#x" % cr2
    last = fields.variable("interrupts.Last")
    if int(last["Valid"]) and fields.number(last, "Frame.IP") == f["IP"]:
        return "%#x, as remembered" % fields.number(last, "Address")
    return "not known: this core has no control registers"


def register():
    Trapframe()
