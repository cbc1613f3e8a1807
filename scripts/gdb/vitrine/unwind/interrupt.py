"""Interrupts and exceptions: interrupts/entry_amd64.s.

The processor pushes SS, SP, flags, CS, IP and perhaps an error code; the
vector's stub completes that and jumps to common, which saves the general
registers below it. The whole is an interrupts.Frame, and the caller's
registers are what it says:

    dispatch          found as ever: common has called it
    common            caller: whatever was interrupted, from the Frame
    thread.halt       and so on
"""

import gdb

from .. import machine, program
from ..assembly import Routine
from . import FrameId, Sniffer

STUB_SIZE = 16

# Fields of interrupts.Frame, and GDB's names of the registers.
GENERAL = {"R15": "r15", "R14": "r14", "R13": "r13", "R12": "r12", "R11": "r11", "R10": "r10", "R9": "r9",
           "R8": "r8", "BP": "rbp", "DI": "rdi", "SI": "rsi", "DX": "rdx", "CX": "rcx", "BX": "rbx", "AX": "rax"}
SPECIAL = {"IP": "rip", "SP": "rsp", "Flags": "eflags", "CS": "cs", "SS": "ss"}


class Layout:
    """Where things are; made when first asked for."""

    def __init__(self):
        self.vectors = program.function("vitrine/interrupts.vectors")
        self.common = Routine(*program.function("vitrine/interrupts.common"))
        fields = gdb.lookup_type("vitrine/interrupts.Frame").fields()
        self.field = {f.name: f.bitpos // 8 for f in fields}


_layout = None


def layout():
    global _layout
    if _layout is None:
        _layout = Layout()
    return _layout


def locate(pc, register):
    """The address of the Frame that the code at pc makes or has made, and the
    names of the registers that it holds already; None for other code."""
    at = layout()
    start, end = at.vectors
    if start <= pc < end:
        return _in_stub(pc, (pc - start) % STUB_SIZE, register("rsp"))
    state = at.common.state(pc) if at.common.start <= pc < at.common.end else None
    if state is None:
        return None
    return state.base(register) - at.field["Vector"], set(state.saved)


def _in_stub(pc, offset, sp):
    """In a vector's stub: PUSH $0 (unless the processor has pushed an error
    code), PUSH $vector, JMP common."""
    pushes_error = machine.read(pc - offset, 1) == b"\x6a"
    at = layout().field
    if offset == 0:
        top = at["IP"] if pushes_error else at["Error"]
    elif pushes_error and offset == 2:
        top = at["Error"]
    else:
        top = at["Vector"]
    return sp - top, set()


# Programs that an interrupt has stopped, as (IP, SP): see exact.py.
interrupted = {}


class Interrupt(Sniffer):
    def __init__(self):
        super().__init__("vitrine-interrupt")

    def frame(self, pending, register):
        found = locate(register("rip"), register)
        if found is None:
            return None
        base, saved = found
        field = layout().field
        registers = {}
        for name, ours in GENERAL.items():
            registers[ours] = machine.read64(base + field[name]) if ours in saved else register(ours)
        for name, ours in SPECIAL.items():
            registers[ours] = machine.read64(base + field[name])
        interrupted[registers["rip"], registers["rsp"]] = True
        return FrameId(base, layout().common.start), registers
