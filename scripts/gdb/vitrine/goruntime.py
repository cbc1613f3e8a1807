"""The Go runtime's goroutines (G) and threads (M): runtime/runtime2.go."""

import gdb

from . import machine, program

# g.atomicstatus.
STATUS = {0: "idle", 1: "runnable", 2: "running", 3: "syscall", 4: "waiting", 6: "dead", 8: "copystack",
          9: "preempted", 10: "deadextra"}
RUNNING, WAITING, DEAD, DEAD_EXTRA = 2, 4, 6, 10
SCAN = 0x1000


def goroutines():
    """All goroutines that live, as gdb.Value of type *runtime.g."""
    slice_ = program.variable("runtime.allgs")
    try:
        count = int(slice_["len"])
    except gdb.MemoryError:  # the kernel is not mapped yet
        count = 0
    for i in range(count):
        g = slice_["array"][i]
        if status(g) not in (DEAD, DEAD_EXTRA):
            yield g


def find(goid):
    """The goroutine of that number, or None."""
    return next((g for g in goroutines() if int(g["goid"]) == goid), None)


def status(g):
    return int(g["atomicstatus"]["value"]) & ~SCAN


def why(g):
    """What a waiting goroutine waits for, in the runtime's words; else its
    status."""
    if status(g) == WAITING:
        reason = int(g["waitreason"])
        if reason:
            return program.go_string(program.variable("runtime.waitReasonStrings")[reason])
    return STATUS.get(status(g), "status %d" % status(g))


def threads():
    """All Ms."""
    m = program.variable("runtime.allm")
    while int(m):
        yield m
        m = m["alllink"]


def stack(g):
    """The range of values that SP can have on g's stack."""
    return range(int(g["stack"]["lo"]) & machine.MASK64, (int(g["stack"]["hi"]) & machine.MASK64) + 1)


def user_of_system_stack(sp):
    """Whether sp points into a system stack, and the goroutine that waits
    while its M runs there, or None."""
    for m in threads():
        if int(m["g0"]) and sp in stack(m["g0"]):
            return True, m["curg"] if int(m["curg"]) else None
    return False, None


def saved(g):
    """Where a goroutine that does not run goes on: (pc, sp, bp)."""
    sched = g["sched"]
    return tuple(int(sched[name]) & machine.MASK64 for name in ("pc", "sp", "bp"))


def callers(pc, bp, limit=50):
    """The code addresses along a chain of frame pointers, from pc outwards.
    All but the first are return addresses."""
    yield pc
    for _ in range(limit):
        if bp == 0 or bp & 7:
            return
        try:
            bp, pc = machine.read64(bp), machine.read64(bp + 8)
        except gdb.MemoryError:
            return
        if pc == 0:
            return
        yield pc


def functions(pc):
    """The names of the functions that pc, a return address or the start of a
    function, lies in: several where calls were inlined, the innermost first."""
    if pc == 0:
        return []
    block = gdb.block_for_pc(pc)
    if block is None or block.start != pc or block.function is None:
        block = gdb.block_for_pc(pc - 1)
    names = []
    while block is not None and not block.is_global and not block.is_static:
        if block.function is not None:
            names.append(block.function.name)
        block = block.superblock
    return names
