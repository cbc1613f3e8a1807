"""Where Go's runtime changes stacks.

    irqtick, trapTraceback  from an interrupt stack to gsignal's
    systemstack             from a goroutine's stack to g0's
    morestack               likewise, when a goroutine's stack is to grow

    mcall                   likewise, for good: it calls the scheduler, which
                            goes on with another goroutine

Who calls systemstack on a system stack stays there: it then calls its function
as any other function would.

From mcall there is no way back, and from the other two only as long as the
goroutine still waits. `goroutine N bt` shows the stack of one that does not.
"""

import gdb

from .. import gotable, goruntime, machine, program
from ..assembly import RSP, Routine
from . import FrameId, Sniffer
from .interrupt import interrupted


def end(register):
    """The registers of nobody."""
    return FrameId(register("rsp"), register("rip")), {"rip": 0, "rsp": register("rsp"), "rbp": 0}


def switched(start, end):
    """The first and the last instruction of systemstack for which SP points into
    the other stack: they stand behind and at its loads of SP."""
    code, loads = machine.read(start, end - start), []
    for step in gdb.selected_inferior().architecture().disassemble(start, end - 1):
        at = step["addr"] - start
        rex, op, modrm = (code[at : at + step["length"]] + b"\0\0")[:3]
        if rex in (0x48, 0x49) and op == 0x8B and modrm >> 6 != 3 and modrm >> 3 & 7 == RSP:  # MOVQ n(r), SP
            loads.append((step["addr"], step["addr"] + step["length"]))
    return loads[0][1], loads[1][0]


class Runtime(Sniffer):
    def __init__(self):
        super().__init__("vitrine-runtime")
        self._routines = None

    def frame(self, pending, register):
        if self._routines is None:
            self._systemstack = switched(*program.function("runtime.systemstack"))
            self._morestack = program.function("runtime.morestack")
            self._mcall = program.function("runtime.mcall")
            self._uncalled = [program.function("runtime." + name) for name in ("sigpanic", "asyncPreempt")]
            self._routines = [Routine(*program.function("runtime." + name)) for name in ("irqtick", "trapTraceback")]
        pc = register("rip")
        for routine in self._routines:
            if routine.start <= pc < routine.end:
                return self._on_signal_stack(routine, pc, register)
        if self._systemstack[0] <= pc <= self._systemstack[1]:
            return self._on_system_stack(pc, register, gotable.table().stack(pc - 1))
        if self._morestack[0] <= pc < self._morestack[1]:
            return self._on_system_stack(pc, register, None)
        for start, end_ in self._uncalled:
            if start <= pc < end_:
                return self._mark_interrupted(pc, register, pending.level())
        if self._mcall[0] <= pc < self._mcall[1] and goruntime.user_of_system_stack(register("rsp"))[0]:
            return end(register)
        return None

    def _on_signal_stack(self, routine, pc, register):
        state = routine.state(pc)
        if state is None:
            return None
        base = state.base(register)
        here = base + 8 if state.how == "sp" else register("rsp")  # on which stack it is
        return FrameId(here, routine.start), {
            "rip": machine.read64(base),
            "rsp": base + 8,
            "rbp": register("rbp"),
        }

    def _mark_interrupted(self, pc, register, level):
        """sigpanic seems to be called by the instruction that has faulted, and
        asyncPreempt by whichever came before the one at which the goroutine was
        preempted. GDB finds that, but has to be told that it is no call."""
        depth = gotable.table().stack(pc if level == 0 else pc - 1)
        if depth is not None:
            caller = register("rsp") + depth + 8
            interrupted[machine.read64(caller - 8), caller] = True
        return None

    def _on_system_stack(self, pc, register, depth):
        """The goroutine's registers are in its g.sched. depth is how far below
        its entry SP was when they were saved; None: the saved ones are the
        caller's already."""
        on_system_stack, g = goruntime.user_of_system_stack(register("rsp"))
        if not on_system_stack:
            return None
        if g is None:
            return end(register)
        sched = g["sched"]
        sp, ip, bp = int(sched["sp"]), int(sched["pc"]), int(sched["bp"])
        if sp == 0:
            return end(register)
        if depth is not None:
            sp += depth + 8
            ip = machine.read64(sp - 8)
            bp = machine.read64(sp - 16) if depth >= 8 else bp
        return FrameId(register("rsp"), pc), {"rip": ip, "rsp": sp, "rbp": bp}
