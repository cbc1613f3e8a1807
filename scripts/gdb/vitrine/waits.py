"""What a goroutine that does not run waits for, as exactly as the runtime's own
records tell: which channel, which lock, until when."""

import gdb

from . import fields, gotypes, goruntime, program, who

# The first field of internal/sync.Mutex is its state; then comes the semaphore
# that the runtime knows it by.
SEMA_IN_MUTEX = 4


def what(g):
    """What g waits for, in a line; '' if nothing is known beyond the reason."""
    if goruntime.status(g) != goruntime.WAITING:
        return ""
    found = [channel(w) for w in waiting(g) if pointer(fields.get(w, "c"))]
    if found:
        return ", ".join(found)
    reason = goruntime.why(g)
    if reason == "IO wait" and is_event_waiter(g):
        return "an interrupt or event: interrupts.pending is %#x" % fields.number(fields.variable("interrupts.pending"))
    if reason == "sleep" and int(fields.get(g, "timer")):
        return "until %s after boot" % seconds(fields.number(g, "timer.when"))
    lock = semaphore(g) if reason.startswith(("sync.", "semacquire")) else None
    if lock is not None:
        return "%s at %s" % ("mutex" if "Mutex" in reason else "semaphore", who.brief(lock))
    return ""


def waiting(g):
    """The sudogs with which g stands in queues: of channels, in the order of the
    select statement's; of a semaphore, which is no channel."""
    found, sudog = [], fields.get(g, "waiting")
    while int(sudog) and len(found) < 1000:
        found.append(sudog)
        sudog = fields.get(sudog, "waitlink")
    return found


def pointer(value):
    """The address in a pointer, or in one that the runtime can hide from its
    collector (maybeTraceablePtr: vp, or in vu)."""
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        if fields.has(value, "vu"):
            return int(value["vu"]) or int(value["vp"])
        value = value[value.type.strip_typedefs().fields()[0].name]
    return int(value)


def channel(sudog):
    """Which channel a sudog is for: 'line 4 serial', or its address and type."""
    address = pointer(fields.get(sudog, "c"))
    c = fields.at(address, "runtime.hchan")
    kind = "chan " + gotypes.Descriptor(int(fields.get(c, "elemtype"))).full_name()
    if fields.number(c, "timer"):
        return "timer of %#x, until %s after boot" % (address, seconds(fields.number(c, "timer.when")))
    name = known(address) or "%#x" % address
    return "%s (%s, %d of %d%s)" % (name, kind, fields.number(c, "qcount"), fields.number(c, "dataqsiz"),
                                    ", closed" if fields.number(c, "closed") else "")


def known(address):
    """The name of a channel that has one: that of an interrupt line, or of an
    event that software raises."""
    for i, line in enumerate(fields.elements(fields.variable("interrupts.lines"))):
        if int(fields.get(line, "wake")) == address:
            name = fields.text(line, "name")
            return "IRQ %d %s" % (i, name) if i < 16 else "event '%s'" % name
    terminal = fields.get(fields.variable("kernel.theMachine"), "terminal")
    if int(terminal) and int(fields.get(terminal, "news")) == address:
        return "terminal: a key"
    return None


def is_event_waiter(g):
    """Whether g is the goroutine that the scheduler wakes when an interrupt has
    set a bit: interrupts.Pump, in a kernel of the derived toolchain."""
    if "runtime.eventG" not in program.kernel.symbols():
        return False
    return fields.number(program.variable("runtime.eventG")) == int(g)


def seconds(nanotime):
    """A time of the runtime's clock, since boot."""
    offset = fields.number(fields.variable("kernel/clock.offset"))
    return "%.3f s" % ((nanotime - offset) / 1e9)


def semaphore(g):
    """The address of the lock that g waits for in the runtime's table of
    semaphores, or None."""
    for bucket in fields.elements(program.variable("runtime.semtable")):
        if not fields.number(bucket, "root.nwait"):
            continue
        todo = [fields.get(bucket, "root.treap")]
        while todo:
            node = todo.pop()
            if not int(node):
                continue
            todo += [fields.get(node, "prev"), fields.get(node, "next")]
            if any(int(fields.get(w, "g")) == int(g) for w in _queue(node)):
                address = pointer(fields.get(node, "elem"))
                return address - SEMA_IN_MUTEX if "Mutex" in goruntime.why(g) else address
    return None


def _queue(node):
    """All who wait for the semaphore of a node of that table."""
    while int(node):
        yield node
        node = fields.get(node, "waitlink")
