"""Follows the stack pointer through hand-written assembly.

Functions marked NOFRAME move SP without telling the assembler, so the
debugging information is wrong in them. But they use few instructions to do
it, and those are followed here, from the machine code:

    SUBQ $n, SP    ADDQ $n, SP    PUSHQ r    POPQ r    ANDQ $~63, SP
    MOVQ SP, r     MOVQ r, SP     MOVQ r, n(SP)    MOVQ n(SP), r
    MOVQ SP, n(r)

Base is SP at the function's entry. Where SP itself is not known relative to
it (after ANDQ, or on another stack), base is known from a register or from a
word of the stack. When the assembly begins to use other instructions, the
test of the backtrace through it fails: add them here.
"""

import gdb

from . import machine

# Registers by their number in machine code.
NAMES = ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
         "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15")
RSP = 4


class State:
    """How to find base before an instruction.

    how is 'sp' (base = SP - offset), 'register' (base = NAMES[number] -
    offset) or 'slot' (base = the word at SP + number, less offset). saved is
    {register: offset from base} of what lies on the stack.
    """

    def __init__(self, how="sp", number=RSP, offset=0, saved=None):
        self.how, self.number, self.offset, self.saved = how, number, offset, saved or {}

    def base(self, register):
        if self.how == "slot":
            return machine.read64(register("rsp") + self.number) - self.offset
        return register(NAMES[self.number]) - self.offset


class Routine:
    """The code of one function in [start, end), with its states."""

    def __init__(self, start, end):
        self.start, self.end = start, end
        self._states = None

    def state(self, pc):
        """The State before the instruction at pc. A pc that is a return
        address works as well."""
        if self._states is None:
            self._states = dict(self._follow())
        return self._states.get(pc)

    def _follow(self):
        code = machine.read(self.start, self.end - self.start)
        architecture = gdb.selected_inferior().architecture()
        state, copies, parked = State(), {}, {}
        for step in architecture.disassemble(self.start, self.end - 1):
            yield step["addr"], state
            at = step["addr"] - self.start
            state = _after(code[at : at + step["length"]], state, copies, parked)


def _after(code, s, copies, parked):
    """The state after one instruction. copies has the registers that hold an
    earlier SP, as offsets from base; parked those that point to where SP was
    stored, as (displacement, offset)."""

    def moved(by):
        if s.how == "slot":
            return State("slot", s.number - by, s.offset, s.saved)
        return State("sp", RSP, s.offset + by, s.saved) if s.how == "sp" else s

    if 0x50 <= code[0] <= 0x57 and len(code) == 1:
        return moved(-8)
    if 0x58 <= code[0] <= 0x5F and len(code) == 1:
        return moved(8)
    if len(code) < 3 or code[0] not in (0x48, 0x49, 0x4C, 0x4D):
        return s
    rex, op, modrm = code[:3]
    mod, reg, rm = modrm >> 6, (modrm >> 3 & 7) | (rex & 4) << 1, (modrm & 7) | (rex & 1) << 3
    if op in (0x81, 0x83) and mod == 3 and rm == RSP:  # arithmetic on SP
        n = int.from_bytes(code[3:], "little", signed=True)
        if reg == 0:
            return moved(n)
        if reg == 5:
            return moved(-n)
        if reg == 4 and copies:  # AND: only the copy still tells
            number, offset = next(iter(copies.items()))
            return State("register", number, offset, s.saved)
        return s
    if op not in (0x89, 0x8B):
        return s
    if mod == 3:
        source, target = (reg, rm) if op == 0x89 else (rm, reg)
        if source == RSP and s.how == "sp":
            copies[target] = s.offset
        elif target == RSP and source in parked:
            return State("slot", parked[source][0], parked[source][1], s.saved)
        return s
    on_stack = rm == RSP  # then a SIB byte follows
    displacement = int.from_bytes(code[4 if on_stack else 3 :], "little", signed=True)
    if op == 0x89 and reg == RSP and not on_stack and s.how == "sp":  # MOVQ SP, n(r)
        parked[rm] = displacement, s.offset
    elif op == 0x89 and on_stack:  # MOVQ r, n(SP)
        if s.how == "sp":
            saved = dict(s.saved)
            saved[NAMES[reg]] = s.offset + displacement
            return State("sp", RSP, s.offset, saved)
        if s.how == "register" and reg == s.number:
            return State("slot", displacement, s.offset, s.saved)
    elif op == 0x8B and on_stack and reg == RSP and s.how == "slot" and displacement == s.number:
        return State("sp", RSP, s.offset, s.saved)
    return s
