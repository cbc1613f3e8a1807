import contextlib
import os

import gdb

from .. import machine, places, program
from .command import Command

RESET_VECTOR = 0xFFF0


class Attach(Command):
    """Connect to a machine that waits: vit attach [SOCKET [LOCATION]]

SOCKET is where QEMU serves GDB, a file or host:port; without it,
build/gdb.sock of `make debug-server`. A machine that has not begun goes on to
LOCATION, a place as in `help vit at`, or to the first instruction of the boot
stub."""

    name, most = "attach", 2

    def complete(self, text, word):
        return gdb.COMPLETE_FILENAME if " " not in text.lstrip() else gdb.COMPLETE_LOCATION

    def run(self, words):
        if machine.live():
            raise gdb.GdbError("vit attach: this GDB has a machine already (`kill` ends it)")
        if gdb.selected_inferior().connection is not None:  # even an attempt would close it
            raise gdb.GdbError("vit attach: this GDB has a core (`core-file` without a name closes it)")
        socket = words[0] if words else os.path.join(program.top, "build", "gdb.sock")
        try:
            place = places.find(words[1] if len(words) > 1 else "*%#x" % program.address("_start"))
        except gdb.GdbError as e:
            give_up(e)
        quietly("target remote " + socket)
        if machine.register("rip") == RESET_VECTOR:
            try:
                place.stop_once()
            except gdb.GdbError as e:
                give_up(e)
            gdb.execute("continue")
            if place.text:
                print(place.text)


def give_up(error):
    """Raise error, a place that is none; of `make debug AT=` it is the end, as
    there is nothing to debug then."""
    if "VITRINE_AT" not in os.environ:
        raise error
    gdb.write("AT=%s\n" % error, gdb.STDERR)
    gdb.execute("quit 2")


def quietly(command):
    """Runs a command without a word about where the machine is stopped, if
    this GDB can do that (12 or newer)."""
    try:
        gdb.execute("set suppress-cli-notifications on")
    except gdb.error:
        gdb.execute(command)
        return
    try:
        gdb.execute(command, to_string=True)
    finally:
        gdb.execute("set suppress-cli-notifications off")


def end_machine(event):
    """GDB is about to end, and would let the machine go on."""
    if machine.live():
        with contextlib.suppress(gdb.error):  # it may end without an answer
            gdb.execute("kill", to_string=True)


def register():
    Attach()
    # `make debug` has started the machine for this GDB alone. (GDB 12 or newer.)
    if "VITRINE_MACHINE" in os.environ and hasattr(gdb.events, "gdb_exiting"):
        gdb.events.gdb_exiting.connect(end_machine)
