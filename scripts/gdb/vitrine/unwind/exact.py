"""Functions that were interrupted while their frame was being made or removed.

A caller's pc is a return address, so GDB asks what holds one byte before it:
in the call. An interrupted function's pc is where it goes on. That makes a
difference where the two instructions have different stacks, in a function's
prologue and epilogue, and at its first instruction. There, Go's table says
where the return address is. (Elsewhere GDB's way has the advantage that it
finds local variables.)
"""

from .. import gotable, machine
from . import FrameId, Sniffer
from .interrupt import interrupted


class Exact(Sniffer):
    def __init__(self):
        super().__init__("vitrine-exact")

    def frame(self, pending, register):
        if not interrupted or pending.level() == 0:
            return None
        pc, sp = register("rip"), register("rsp")
        if (pc, sp) not in interrupted:
            return None
        table = gotable.table()
        depth = table.stack(pc)
        entry = table.entry(pc)
        if depth is None or (table.entry(pc - 1) == entry and table.stack(pc - 1) == depth):
            return None
        caller = sp + depth + 8
        return FrameId(caller, entry), {
            "rip": machine.read64(caller - 8),
            "rsp": caller,
            "rbp": machine.read64(caller - 16) if depth >= 8 else register("rbp"),
        }
