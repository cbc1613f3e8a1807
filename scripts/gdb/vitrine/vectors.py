"""Whose an interrupt vector is, in the words of the shell's own command idt."""

from . import cpus, fields, heap

# interrupts/message.go
OWN = {"VectorTimer": "timer of each processor", "VectorWake": "message: there is work",
       "VectorFlush": "message: page tables have changed", "VectorSpurious": "spurious"}
FIRST_LINE, LINES = 32, 16


def own():
    """{vector: what for} of those that processors raise themselves."""
    return {heap.constant("vitrine/interrupts." + name): what for name, what in OWN.items()}


def name(vector):
    """'#PF page fault', 'IRQ 1 keyboard', or nothing."""
    if vector < FIRST_LINE:
        mnemonic, text = cpus.exceptions()[vector]
        return text if mnemonic in ("", "NMI") else "%s %s" % (mnemonic, text)
    if vector < FIRST_LINE + LINES:
        line = fields.variable("interrupts.lines")[vector - FIRST_LINE]
        return ("IRQ %d %s" % (vector - FIRST_LINE, fields.text(line, "name"))).strip()
    return own().get(vector, "")


def fired(vector):
    """How often a vector has fired, on all processors."""
    return sum(int(fields.get(c, "counts")[vector]) for c in fields.elements(fields.variable("interrupts.CPUs")))
