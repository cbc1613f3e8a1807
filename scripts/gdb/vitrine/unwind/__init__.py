"""Who called whom, where the debugging information does not tell.

GDB finds a function's caller by the tables that Go's linker writes
(.debug_frame): at this instruction, the return address lies so many bytes
above SP. Four kinds of frames need more than that:

- interrupt.py: an interrupt's stub and common, which save the interrupted
  program as a Frame and which nobody has called;
- exact.py:     the interrupted function itself, if it was stopped between the
  instructions that make or remove its frame;
- runtime.py:   the places where Go's runtime changes stacks;
- stub.py:      the 32-bit stub.

view.py shows the stack of a goroutine that does not run, and switch.py lets a
caller's stack lie below the callee's.

A sniffer gets each frame in turn, from the innermost outwards, and says for
those that are its own what the caller's registers were.
"""

import gdb
import gdb.unwinder

from .. import machine
from . import switch


class FrameId:
    """What tells a frame from all others: the stack pointer at the function's
    entry, and the function."""

    def __init__(self, sp, pc):
        self.sp, self.pc = gdb.Value(sp), gdb.Value(pc)


class Sniffer(gdb.unwinder.Unwinder):
    """An unwinder whose frame() returns (id, {register: number}), or None for
    frames of others. A register that is missing is not known in the caller."""

    def __call__(self, pending):
        try:
            found = self.frame(pending, lambda name: int(pending.read_register(name)) & machine.MASK64)
        except gdb.error:  # registers or memory that cannot be read
            return None
        if found is None:
            return None
        identity, registers = found
        if registers["rip"] and registers["rsp"] < int(identity.sp):
            registers = dict(registers, rip=switch.stand_in(registers["rip"]))
        info = pending.create_unwind_info(identity)
        for name, number in registers.items():
            kind = pending.read_register(name).type
            info.add_saved_register(name, gdb.Value(number.to_bytes(8, "little")[: kind.sizeof], kind))
        return info

    def frame(self, pending, register):
        raise NotImplementedError


def register():
    from . import exact, interrupt, runtime, stub, view

    # The last one registered is asked first.
    for sniffer in (stub.Stub(), runtime.Runtime(), interrupt.Interrupt(), exact.Exact(), switch.Switch(),
                    view.View()):
        gdb.unwinder.register_unwinder(None, sniffer, replace=True)
