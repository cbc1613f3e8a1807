from .. import machine
from .command import Command, complete_expression, number

LEVELS = ((39, "PML4"), (30, "PDPT"), (21, "PD"), (12, "PT"))
ADDRESS = 0x000F_FFFF_FFFF_F000
PRESENT, WRITABLE, USER, LARGE, NO_EXECUTE = 1 << 0, 1 << 1, 1 << 2, 1 << 7, 1 << 63

# In the order of the kernel's own command, paging.Entry.String.
LETTERS = ((0, "P"), (1, "W"), (2, "U"), (3, "T"), (4, "C"), (5, "A"), (6, "D"), (7, "L"), (8, "G"), (63, "NX"))


class Pagewalk(Command):
    """Translate an address as the processor does: vit pagewalk ADDR

ADDR is any expression: vit pagewalk $rsp. For each level of the page tables
from CR3 down it shows the table, the entry and its flags:

    P present  W writable  U user  T write-through  C cache-disable
    A accessed  D dirty  L large page  G global  NX no-execute

See the Intel SDM, Vol. 3A, "4-Level Paging"."""

    name = "pagewalk"

    def complete(self, text, word):
        return complete_expression(word, text)

    def run(self, words):
        if not words:
            self.usage()
        address = number(" ".join(words))
        print("%#018x  %s" % (address, machine.region(address)))
        if not machine.register("cr0") >> 31 & 1:
            print("Paging is off: this is the physical address.")
            return
        if not machine.register("efer") >> 10 & 1:
            print("Paging is on, but not with the tables of long mode.")
            return
        if not machine.canonical(address):
            print("Not canonical: bits 63 to 47 differ. The processor refuses it.")
            return
        for line in walk(address):
            print(line)


def letters(entry):
    return " ".join(name if entry >> bit & 1 else "-" * len(name) for bit, name in LETTERS)


def walk(address):
    """Yield a line for each level, then the result."""
    table = machine.register("cr3") & ADDRESS
    writable = user = True
    execute = True
    for shift, name in LEVELS:
        index = address >> shift & 511
        entry = int.from_bytes(machine.read_physical(table + index * 8, 8), "little")
        yield "  %-4s  table %#012x  [%3d] = %#018x  %s" % (name, table, index, entry, letters(entry))
        if not entry & PRESENT:
            yield "not mapped: the %s entry is not present" % name
            return
        writable, user = writable and entry & WRITABLE, user and entry & USER
        execute = execute and not entry & NO_EXECUTE
        if shift == 12 or (entry & LARGE and shift != 39):
            inside = (1 << shift) - 1
            physical = entry & ADDRESS & ~inside | address & inside
            yield "physical %#x, a page of %s, %s%s%s, %s" % (
                physical, {12: "4 KiB", 21: "2 MiB", 30: "1 GiB"}[shift],
                "R", "W" if writable else "-", "X" if execute else "-", "ring 3" if user else "ring 0 only")
            return
        table = entry & ADDRESS


def register():
    Pagewalk()
