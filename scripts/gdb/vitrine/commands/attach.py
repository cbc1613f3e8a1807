import os

import gdb

from .. import machine, program
from .command import Command

RESET_VECTOR = 0xFFF0


class Attach(Command):
    """Connect to a machine that waits: vit attach [SOCKET [LOCATION]]

SOCKET is where QEMU serves GDB, a file or host:port; without it,
build/gdb.sock of `make debug-server`. A machine that has not begun goes on to
LOCATION, or to the first instruction of the boot stub."""

    name = "attach"

    def complete(self, text, word):
        return gdb.COMPLETE_FILENAME if " " not in text.lstrip() else gdb.COMPLETE_LOCATION

    def run(self, words):
        if len(words) > 2:
            self.usage()
        socket = words[0] if words else os.path.join(program.top, "build", "gdb.sock")
        gdb.execute("with suppress-cli-notifications on -- target remote " + socket, to_string=True)
        if machine.register("rip") == RESET_VECTOR:
            location = words[1] if len(words) > 1 else "*%#x" % program.address("_start")
            # Of hardware, as the code is not in memory yet.
            gdb.execute("thbreak " + location, to_string=True)
            gdb.execute("continue")


def register():
    Attach()
