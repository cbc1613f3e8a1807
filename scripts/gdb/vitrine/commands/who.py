"""vit who, vit frame."""

import gdb

from .. import who
from .command import Command, complete_expression, number

FRAME_BITS = 40  # a physical address has at most 52


class Who(Command):
    """Tell whose an address is: vit who ADDR

Its part of the memory map and its region; the function with file and line, or
the variable; the object of the Go heap, with its type where the runtime knows
it; the stack of which goroutine, thread or processor; then the physical memory
behind it, and who has that: page tables, devices, other mappings.
ADDR is any expression: vit who $rsp, vit who frame.(*Allocator).Alloc."""

    name, expression = "who", True

    def complete(self, text, word):
        return complete_expression(text, word)

    def run(self, words):
        if not words:
            self.usage()
        address = number(words[0])
        print("%#018x" % address)
        for line in who.describe(address):
            print("  " + line)


class Frame(Command):
    """Tell who has a frame of physical memory: vit frame PFN

PFN is the frame's number, the physical address divided by 4096. Its state in
the frame allocator, what it is reserved for, the page table in it, and where it
is mapped besides the direct map. See also: vit who ADDR, vit frames."""

    name, expression = "frame", True

    def complete(self, text, word):
        return complete_expression(text, word)

    def run(self, words):
        if not words:
            self.usage()
        n = number(words[0])
        if n >> FRAME_BITS:
            raise gdb.GdbError("vit frame: a frame's number has at most %d bits; `vit who` takes addresses" % FRAME_BITS)
        print("physical %#x to %#x" % (n << 12, (n << 12) + 4095))
        for line in who.frame(n):
            print("  " + line)


def register():
    Who()
    Frame()
