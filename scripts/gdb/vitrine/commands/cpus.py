from .. import cpus, fields, goruntime, machine, program
from .command import Command, table


class CPUs(Command):
    """Show the processors: vit cpus

For each: whether it halts, which thread (the runtime's M) and which goroutine it
has, where it is now, and what it has counted. A star marks the one that GDB has
selected; `thread N` selects another."""

    name = "cpus"

    def run(self, words):
        online = cpus.online()
        if not online:
            print("No processor has its tables yet (interrupts.(*CPU).Start).")
            return
        threads = cpus.threads()
        selected = fields.number(cpus.current(), "Index")
        rows = []
        for c in online:
            index = fields.number(c, "Index")
            thread, m, g = threads.get(index), cpus.m_of(c), cpus.goroutine_of(c)
            rows.append(("*" if index == selected else "", index, fields.number(c, "APICID"),
                         thread.num if thread else "-", "halted" if fields.number(c, "Halted") else "runs",
                         fields.number(m, "id") if m else "-", fields.number(g, "goid") if g else "-",
                         sum(int(n) for n in fields.elements(c, "counts")), fields.number(c, "Halts"),
                         place(thread)))
        table(("", ">CPU", ">APIC", ">GDB", "STATE", ">M", ">G", ">EVENTS", ">HALTS", "WHERE"), rows)


def place(thread):
    """The function that a processor is in."""
    if thread is None:
        return ""
    with machine.same_thread():
        thread.switch()
        pc = machine.register("rip")
    names = goruntime.functions(pc + 1)
    return names[0] if names else program.symbol(pc) or "%#x" % pc


def register():
    CPUs()
