"""Shows another goroutine's stack as if the processor were on it.

GDB's only way to look at a stack other than the current one is to set the
registers, which a memory image does not allow and a running machine should be
spared. Instead, while somebody looks, the innermost frame pretends to have
been called by the goroutine. (frames.py does not show it.)
"""

import contextlib

import gdb

from . import FrameId, Sniffer

_registers = None


def active():
    return _registers is not None


@contextlib.contextmanager
def looking_at(pc, sp, bp):
    """Frame 1 and those above it are of the code at pc with the stack at sp."""
    global _registers
    level = gdb.selected_frame().level()
    _registers = {"rip": pc, "rsp": sp, "rbp": bp}
    gdb.invalidate_cached_frames()
    try:
        yield
    finally:
        _registers = None
        gdb.invalidate_cached_frames()
        gdb.execute("select-frame level %d" % level, to_string=True)


class View(Sniffer):
    def __init__(self):
        super().__init__("vitrine-view")

    def frame(self, pending, register):
        if _registers is None or pending.level() != 0:
            return None
        return FrameId(0, register("rip")), _registers
