"""Processors: interrupts.CPUs, and which of them a GDB thread is."""

from . import fields, goruntime, machine, program

CLASSES = {1: "interrupts", 2: "exceptions", 3: "double faults", 4: "NMI", 5: "machine checks"}  # IST numbers


def online():
    """The processors that take part, as gdb.Value of interrupts.CPU."""
    found = []
    for c in fields.elements(fields.variable("interrupts.CPUs")):
        if not fields.number(c, "online"):
            break
        found.append(c)
    return found


def current():
    """The interrupts.CPU of the selected thread. GS base points to it; of a core
    without that register, it is the one of the thread's number."""
    all_cpus = fields.variable("interrupts.CPUs")
    base, size = machine.system_register("gs_base") or 0, all_cpus[0].type.sizeof
    index = (base - int(all_cpus.address)) // size
    if base and 0 <= index <= all_cpus.type.range()[1] and base == int(all_cpus[index].address):
        return all_cpus[index]
    return all_cpus[min(machine.processor(), all_cpus.type.range()[1])]


def stack(cpu, n):
    """The top of interrupt stack number n (1 to 7)."""
    halves = fields.get(cpu, "TSS.ist")[n - 1]
    return int(halves[0]) | int(halves[1]) << 32


def threads():
    """{index of a processor: the GDB thread that it is}."""
    import gdb

    found = {}
    with machine.same_thread():
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            found.setdefault(fields.number(current(), "Index"), thread)
    return found


def thread_of(cpu):
    """The thread.Thread (an M) that runs on a processor; None for none."""
    address = fields.number(cpu, "Thread")
    return fields.at(address, "vitrine/kernel/thread.Thread") if address else None


def m_of(cpu):
    """The runtime's M on a processor, or None."""
    t = thread_of(cpu)
    if t is None:
        return None
    wanted = fields.number(t, "id")
    return next((m for m in goruntime.threads() if fields.number(m, "procid") == wanted), None)


def goroutine_of(cpu):
    """The goroutine whose M runs on a processor, or None."""
    m = m_of(cpu)
    if m is None or int(fields.get(m, "curg")) == 0:
        return None
    return fields.get(m, "curg")


def exceptions():
    """[(mnemonic, name)] of the exceptions, from the kernel's own table."""
    return [(program.go_string(e["Mnemonic"]), program.go_string(e["Name"]))
            for e in fields.elements(fields.variable("interrupts.exceptions"))]
