"""The machine: registers, virtual and physical memory, tables.

Nothing here writes to the guest. What GDB's remote protocol does not offer is
asked of QEMU, through its monitor and one of its own packets.
"""

import contextlib
import re

import gdb

MASK64 = (1 << 64) - 1

# Layout of the upper half: mm/layout.go.
DIRECT_MAP = 0xFFFF_8000_0000_0000
REGIONS = (
    (0x0000_0000_0000_0000, 0x0000_7FFF_FFFF_FFFF, "user space, empty in the kernel's own tables"),
    (0xFFFF_8000_0000_0000, 0xFFFF_FF7F_FFFF_FFFF, "direct map of physical memory"),
    (0xFFFF_FF80_0000_0000, 0xFFFF_FF80_3FFF_FFFF, "kernel window: stacks, device windows"),
    (0xFFFF_FF80_4000_0000, 0xFFFF_FFFE_FFFF_FFFF, "Go heap"),
    (0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_FFFF_FFFF, "kernel image"),
)


def region(address):
    """What part of the address space an address lies in; '' for none."""
    for first, last, name in REGIONS:
        if first <= address <= last:
            return name
    return ""


def canonical(address):
    return address >> 47 in (0, 0x1FFFF)


def register(name, frame=None):
    """A register of frame, by default of the processor, as a number."""
    return int((frame or gdb.newest_frame()).read_register(name)) & MASK64


def read(address, size):
    """Bytes of virtual memory. Errors: gdb.MemoryError."""
    return bytes(gdb.selected_inferior().read_memory(address, size))


def read64(address):
    return int.from_bytes(read(address, 8), "little")


def live():
    """Whether there is a machine, and not a memory image of one."""
    connection = gdb.selected_inferior().connection
    return connection is not None and connection.type in ("remote", "extended-remote")


@contextlib.contextmanager
def _physical():
    """Makes QEMU take addresses for physical ones."""
    answer = gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
    if 'received: "OK"' not in answer:
        raise gdb.GdbError("this is no QEMU that reads physical memory (4.2 or newer does)")
    try:
        yield
    finally:
        gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)


def read_physical(address, size):
    """Bytes of physical memory; of a memory image, through the direct map."""
    if not live():
        return read(DIRECT_MAP + address, size)
    with _physical():
        return read(address, size)


def monitor(line):
    """What QEMU's monitor answers."""
    return gdb.execute("monitor " + line, to_string=True)


def table_register(name):
    """Base and limit in GDTR or IDTR, whose name is 'GDT' or 'IDT'. GDB knows
    neither; QEMU's monitor does."""
    found = re.search(r"^%s=\s*([0-9a-f]+) ([0-9a-f]+)" % name, monitor("info registers"), re.MULTILINE)
    if not found:
        raise gdb.GdbError("QEMU's monitor does not tell %s" % name)
    return int(found.group(1), 16), int(found.group(2), 16)


def code_size():
    """16, 32 or 64: how the processor decodes instructions now."""
    found = re.search(r"^CS =.*\bCS(16|32|64)\b", monitor("info registers"), re.MULTILINE)
    return int(found.group(1)) if found else 64
