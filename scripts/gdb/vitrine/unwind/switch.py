"""Callers whose stack lies below that of what they called.

A stack grows down, so GDB takes a caller's frame that is below the callee's
for the end of a sane stack. In a kernel it may well be there: every kind of
interrupt has a stack of its own, and so have the scheduler and each goroutine.

GDB makes one exception. GCC's split stacks can go on anywhere, by way of a
function called __morestack. So a symbol of that name, at addresses where there
can be no code (companions.py makes it), stands in for such a caller's pc: its
frame, at the bottom of all stacks, is excused, and everything above the bottom
can follow. The frame is not shown (frames.py).
"""

import gdb
import gdb.unwinder

NAME = "__morestack"
BASE, SIZE = 0x1000_0000_0000_0000, 1 << 20
_SPACING = 16  # a return address is looked up one byte before

_real = []  # the pc that each stand-in stands for


def stand_in(pc):
    """An address for which Switch unwinds to pc."""
    if pc not in _real:
        _real.append(pc)
    return BASE + _SPACING * (_real.index(pc) % (SIZE // _SPACING) + 1)


def is_stand_in(pc):
    return BASE <= pc < BASE + SIZE


class _Bottom:
    def __init__(self, pc):
        self.sp, self.pc = gdb.Value(0), gdb.Value(pc)


_REGISTERS = ("rsp", "rbp", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
              "r15", "eflags", "cs", "ss")


class Switch(gdb.unwinder.Unwinder):
    def __init__(self):
        super().__init__("vitrine-switch")

    def __call__(self, pending):
        try:
            pc = int(pending.read_register("rip"))
        except gdb.error:
            return None
        if not is_stand_in(pc):
            return None
        info = pending.create_unwind_info(_Bottom(pc))
        rip = pending.read_register("rip")
        info.add_saved_register("rip", gdb.Value(_real[(pc - BASE) // _SPACING - 1]).cast(rip.type))
        for name in _REGISTERS:
            value = pending.read_register(name)
            if not value.is_optimized_out:  # else it is not known in the callee either
                info.add_saved_register(name, value)
        return info
