from .. import machine, tables
from .command import Command, complete_expression, number


class Pagewalk(Command):
    """Translate an address as the processor does: vit pagewalk ADDR

ADDR is any expression: vit pagewalk $rsp. For each level of the page tables
from CR3 down it shows the table, the entry and its flags:

    P present  W writable  U user  T write-through  C cache-disable
    A accessed  D dirty  L large page  G global  NX no-execute

See the Intel SDM, Vol. 3A, "4-Level Paging"."""

    name, expression = "pagewalk", True

    def complete(self, text, word):
        return complete_expression(text, word)

    def run(self, words):
        if not words:
            self.usage()
        address = number(words[0])
        print("%#018x  %s" % (address, machine.region(address)))
        how = tables.state()
        if how == "off":
            print("Paging is off: this is the physical address.")
        elif how == "legacy":
            print("Paging is on, but not with the tables of long mode.")
        elif not machine.canonical(address):
            print("Not canonical: bits 63 to 47 differ. The processor refuses it.")
        else:
            for line in walk(address):
                print(line)


def walk(address):
    """Yield a line for each level, then the result."""
    steps = tables.walk(address)
    for s in steps:
        yield "  %-4s  table %#012x  [%3d] = %#018x  %s" % (s.name, s.table, s.index, s.entry, tables.letters(s.entry))
    if not steps[-1].entry & tables.PRESENT:
        yield "not mapped: the %s entry is not present" % steps[-1].name
        return
    physical, flags, size = tables.translate(address)
    yield "physical %#x, a page of %s, %s, %s" % (
        physical, {1 << s: name for s, name in tables.SIZES.items()}[size],
        tables.mode(flags).upper(), "ring 3" if flags & tables.USER else "ring 0 only")


def register():
    Pagewalk()
