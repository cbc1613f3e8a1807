"""What bt shows of the frames that there are.

Three kinds of frames exist for GDB's sake only and are left out: the caller of
code that nobody has called, whose pc is 0; under `goroutine N`, the
processor's real frame; and those of unwind/switch.py. And an interrupted function that was stopped at its
very first instruction gets its own name: GDB looks at the byte before. Files
are shown by their path in the repository or in Go's library.
"""

import gdb
from gdb.FrameDecorator import FrameDecorator

from . import program
from .unwind import switch, view
from .unwind.interrupt import interrupted


class Tidy:
    """A frame filter (GDB manual, "Filtering Frames")."""

    name, enabled, priority = "vitrine", True, 100

    def filter(self, frames):
        for decorator in frames:
            frame = decorator.inferior_frame()
            if frame.level() == 0 and view.active():
                continue
            if frame.level() > 0 and (frame.pc() == 0 or switch.is_stand_in(frame.pc())):
                continue
            yield AtEntry(decorator) if at_entry(frame) else Short(decorator)


def at_entry(frame):
    """Whether frame was interrupted at the first instruction of a function."""
    if not interrupted or frame.level() == 0:
        return False
    pc = frame.pc()
    if (pc, int(frame.read_register("rsp")) & (1 << 64) - 1) not in interrupted:
        return False
    block = gdb.block_for_pc(pc)
    while block is not None and block.function is None:
        block = block.superblock
    return block is not None and block.start == pc


class Short(FrameDecorator):
    """Shows a file without the folder that it was built in."""

    def function(self):
        found = super().function()
        # A number: GDB is to look for a symbol there, and if there is none
        # would print nothing.
        return "??" if isinstance(found, int) and program.symbol(found) is None else found

    def filename(self):
        name = super().filename()
        return program.short_path(name) if name else name


class AtEntry(FrameDecorator):
    """A frame at the first instruction of its function."""

    def _line(self):
        return gdb.find_pc_line(self.inferior_frame().pc())

    def function(self):
        block = gdb.block_for_pc(self.inferior_frame().pc())
        while block.function is None:
            block = block.superblock
        return block.function.name

    def filename(self):
        symtab = self._line().symtab
        return program.short_path(symtab.filename) if symtab else None

    def line(self):
        return self._line().line

    def frame_args(self):
        return []


def register():
    tidy = Tidy()
    gdb.frame_filters[tidy.name] = tidy
