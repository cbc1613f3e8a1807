"""The machine: registers, virtual and physical memory, and of what kind it is.

This is the only file that asks GDB for memory and registers, or QEMU for what
GDB's protocol does not offer. A machine is one of two kinds:

    live     QEMU, stopped; everything can be had
    a core   a file that was made of a machine's memory: no monitor, not all
             registers (core.py); physical memory is read through the direct map

Callers ask for what they need, and get None where a core does not know.
Nothing here writes to the guest.
"""

import contextlib
import re

import gdb

from . import core

MASK64 = (1 << 64) - 1

# Layout of the upper half: mm/layout.go.
DIRECT_MAP = 0xFFFF_8000_0000_0000
WINDOW = 0xFFFF_FF80_0000_0000
HEAP = 0xFFFF_FF80_4000_0000
HEAP_END = 0xFFFF_FFFF_0000_0000
IMAGE = 0xFFFF_FFFF_8000_0000
REGIONS = (
    (0x0000_0000_0000_0000, 0x0000_7FFF_FFFF_FFFF, "user space"),
    (DIRECT_MAP, WINDOW - 1, "direct map of physical memory"),
    (WINDOW, HEAP - 1, "kernel window"),
    (HEAP, HEAP_END - 1, "Go heap"),
    (HEAP_END, IMAGE - 1, "above the heap"),
    (IMAGE, MASK64, "kernel image"),
)


def region(address):
    """What part of the address space an address lies in; '' for none."""
    for first, last, name in REGIONS:
        if first <= address <= last:
            return name
    return ""


def canonical(address):
    return address >> 47 in (0, 0x1FFFF)


def live():
    """Whether there is a machine, and not a memory image of one."""
    connection = gdb.selected_inferior().connection
    return connection is not None and connection.type in ("remote", "extended-remote")


# --- registers ---


def register(name, frame=None):
    """A register of frame, by default of the selected processor, as a number."""
    return int((frame or gdb.newest_frame()).read_register(name)) & MASK64


def system_register(name):
    """A register that a core need not have, such as cr3; None then."""
    try:
        return register(name)
    except (gdb.error, ValueError):
        return None if live() else core.record().get(name)


def processor():
    """QEMU's number of the selected processor: GDB calls it a thread."""
    thread = gdb.selected_thread()
    if thread is None:
        raise gdb.GdbError("there is no machine: `vit attach`, or give GDB a core")
    return (thread.num if live() else thread.ptid[1]) - 1


@contextlib.contextmanager
def same_thread():
    """Whoever selects other processors meanwhile, leaves this one selected, and
    the frame."""
    thread, level = gdb.selected_thread(), gdb.selected_frame().level()
    try:
        yield
    finally:
        thread.switch()
        gdb.execute("select-frame level %d" % level, to_string=True)


# --- memory ---


def read(address, size):
    """Bytes of virtual memory. Errors: gdb.MemoryError."""
    return bytes(gdb.selected_inferior().read_memory(address, size)) if size else b""


def read64(address):
    return int.from_bytes(read(address, 8), "little")


_depth = 0


@contextlib.contextmanager
def physical():
    """Meanwhile read_physical is fast, and everything else does not work."""
    global _depth
    if _depth == 0 and live():
        answer = gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
        if 'received: "OK"' not in answer:
            raise gdb.GdbError("this is no QEMU that reads physical memory (4.2 or newer does)")
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if _depth == 0 and live():
            gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)


def read_physical(address, size):
    """Bytes of physical memory; of a core, through the direct map."""
    if not live():
        return read(DIRECT_MAP + address, size)
    with physical():
        return read(address, size)


# --- what only QEMU's monitor tells ---


def monitor(line):
    """What QEMU's monitor answers."""
    return gdb.execute("monitor " + line, to_string=True)


def _own_registers():
    """The part of the monitor's registers that is the selected processor's."""
    everything = monitor("info registers -a")
    parts = re.split(r"^CPU#(\d+)\s*$", everything, flags=re.MULTILINE)
    for number, text in zip(parts[1::2], parts[2::2]):
        if int(number) == processor():
            return text
    return everything


def table_register(name):
    """Base and limit in GDTR or IDTR, whose name is 'GDT' or 'IDT'. GDB has no
    such registers. None for a core that does not tell."""
    if not live():
        known = core.record()
        return (known[name.lower()], known[name.lower() + "_limit"]) if known else None
    found = re.search(r"^%s=\s*([0-9a-f]+) ([0-9a-f]+)" % name, _own_registers(), re.MULTILINE)
    if not found:
        raise gdb.GdbError("QEMU's monitor does not tell %s" % name)
    return int(found.group(1), 16), int(found.group(2), 16)


def task_register():
    """Selector, base and limit in TR; None for a core that does not tell."""
    if not live():
        known = core.record()
        return (known["tr"], known["tr_base"], known["tr_limit"]) if known else None
    found = re.search(r"^TR =\s*([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)", _own_registers(), re.MULTILINE)
    return tuple(int(n, 16) for n in found.groups()) if found else None


def code_segment():
    """How the processor decodes instructions now (16, 32 or 64), and where its
    code segment begins, which GDB does not add to the instruction pointer."""
    pattern = r"^CS =\s*[0-9a-f]+ ([0-9a-f]+)(?:.*\bCS(16|32|64)\b)?"
    found = live() and re.search(pattern, _own_registers(), re.MULTILINE)
    # In real mode there is nothing about the width.
    return (int(found.group(2) or 16), int(found.group(1), 16)) if found else (64, 0)


def breakpoint(address, on):
    """A breakpoint of the machine's that GDB does not know of."""
    gdb.execute("maintenance packet %s1,%x,1" % ("Z" if on else "z", address), to_string=True)


def breakpoint_type():
    """What of breakpoint can be set now: of hardware only with a machine."""
    return gdb.BP_HARDWARE_BREAKPOINT if live() else gdb.BP_BREAKPOINT
