"""Steps through an interrupt, instruction by instruction, from the vector's
stub to the instruction after IRETQ, and looks at the backtrace at each: the
interrupted function and its callers must be there, always the same, and with
the same registers.

The machine is stopped at the first instruction of a vector's stub.
"""

import gdb

import vitrine.program as program
from vitrine import machine
from vitrine.unwind import interrupt

NAMES = ["rip", "rsp", "eflags", "cs", "ss"] + sorted(interrupt.GENERAL.values())


def interrupted():
    """The first frame outside of the interrupt's entry and dispatch, with its
    registers and callers."""
    frame, seen = gdb.newest_frame(), False
    while frame is not None:
        here = interrupt.locate(frame.pc(), lambda name: machine.register(name, frame))
        if seen and not here:
            break
        seen = seen or bool(here)
        frame = frame.older()
    registers = {name: machine.register(name, frame) for name in NAMES}
    callers = []
    while frame is not None:
        callers.append((frame.name(), frame.pc()))
        frame = frame.older()
    return registers, callers


expected = interrupted()
print("interrupted: %s" % " < ".join(str(name) for name, _ in expected[1]))
start, end = program.function("vitrine/interrupts.dispatch")
places = [program.function("vitrine/interrupts." + name) for name in ("vectors", "common")]
steps = 0
while True:
    gdb.execute("stepi", to_string=True)
    pc = machine.register("rip")
    steps += 1
    if not any(low <= pc < high for low, high in places):
        if pc == expected[0]["rip"] and machine.register("rsp") == expected[0]["rsp"]:
            break
        # Called from common: dispatch, or the runtime. The backtrace crosses
        # it all; go on where it returns to.
        got = interrupted()
        assert got == expected, (hex(pc), got, expected)
        gdb.execute("finish", to_string=True)
    got = interrupted()
    assert got == expected, "at %s: %s, want %s" % (program.describe(machine.register("rip")), got, expected)
    assert steps < 500, "no way out"
now = {name: machine.register(name) for name in NAMES}
for name in NAMES:
    assert now[name] == expected[0][name], (name, hex(now[name]), hex(expected[0][name]))
print("stepped through %d instructions and out of the interrupt" % steps)
