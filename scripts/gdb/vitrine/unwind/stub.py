"""The boot stub, boot/boot.S: 32-bit code without frames.

Its routines are called with 4-byte return addresses on a stack of its own, and
save next to nothing. The caller of a routine is the first word of the stack
that stands behind a CALL. _start has no caller; a pc of 0 ends the backtrace
(frames.py does not show it). The trampoline of further processors has none either.
"""

import struct

from .. import companions, machine, program, trampoline
from . import FrameId, Sniffer


class Stub(Sniffer):
    def __init__(self):
        super().__init__("vitrine-stub")

    def frame(self, pending, register):
        if program.stub is None:
            return None
        pc = register("rip")
        if trampoline.contains(pc):  # it has no stack at first, and no callers
            return FrameId(register("rsp"), pc & ~0xFFF), {"rip": 0, "rsp": register("rsp"), "rbp": 0}
        if pc >= companions.IMAGE_BASE:
            pc -= companions.IMAGE_BASE
        text = next(s for s in program.stub.sections if s.name == ".text")
        if not text.address <= pc < program.address("trampoline"):
            return None
        top = program.address("stack_top")
        sp = register("rsp")
        if top - 4096 <= sp < top:
            stack = machine.read(sp, top - sp)
            for i in range(0, len(stack) - 3, 4):
                caller = struct.unpack_from("<I", stack, i)[0]
                at = caller - 5 - text.address
                if 0 <= at < text.size and text.data[at] == 0xE8:  # CALL
                    routine = caller + struct.unpack_from("<i", text.data, at + 1)[0]
                    return FrameId(sp + i + 4, routine), {"rip": caller, "rsp": sp + i + 4, "rbp": register("rbp")}
        return FrameId(top, program.address("_start")), {"rip": 0, "rsp": top, "rbp": 0}
