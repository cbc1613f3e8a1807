"""info goroutines, and goroutine N COMMAND.

They take the place of the commands in Go's runtime-gdb.py, which look for
running goroutines among the threads of an operating system, and set registers
to look at the others.
"""

import contextlib
import re

import gdb

from . import goruntime, machine, waits
from .unwind import view
from .unwind.interrupt import interrupted


class InfoGoroutines(gdb.Command):
    """List all goroutines: number, state, where it is.

A star marks those that run now. For one that waits it says why, the innermost
function outside of the runtime, and what exactly it waits for: a channel and
who sends to it, a lock, a time."""

    def __init__(self):
        super().__init__("info goroutines", gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        rows = sorted((int(g["goid"]), goruntime.status(g) == goruntime.RUNNING) + row(g)
                      for g in goruntime.goroutines())
        if not rows:
            print("There are no goroutines yet: the runtime is not up.")
        width = max((len(r[3]) for r in rows), default=0)
        for goid, running, why, where, what in rows:
            print(("%s %-3d %-25s %-*s  %s" % ("*" if running else " ", goid, why, width, where, what)).rstrip())


def row(g):
    """(state, where, what it waits for) of a goroutine. What another processor
    is just changing cannot be followed, and is left out."""
    try:
        what = waits.what(g)
    except gdb.error:
        what = ""
    return goruntime.why(g), place(g), what


# The ends of all goroutines, and what the compiler puts around a go statement.
_NO_PLACE = re.compile(r"runtime\.goexit|.*\.gowrap\d+")
# Packages whose functions are ways to wait.
_WAITING = ("runtime", "sync", "internal/sync", "sync/atomic", "time", "internal/poll")


def place(g):
    """The function that g is in: the innermost that is not a way of the
    library's to wait; of the runtime's own goroutines, the outermost."""
    if goruntime.status(g) == goruntime.RUNNING:
        with frames_of(g) as frames:
            pcs = [frame.pc() for frame in frames]
    else:
        pc, _, bp = goruntime.saved(g)
        pcs = goruntime.callers(pc, bp)
    everything = [name for pc in pcs for name in goruntime.functions(pc)]
    names = [name for name in everything if not _NO_PLACE.fullmatch(name)]
    for name in names:
        if name.split(".")[0] not in _WAITING or name == "runtime.main":
            return name
    return names[-1] if names else everything[0] if everything else ""


@contextlib.contextmanager
def frames_of(g):
    """The frames on g's stack, of the processor (GDB calls it a thread) that
    runs g; it is selected meanwhile."""
    # The bounds first: a processor that has not begun sees none of this memory.
    bounds = goruntime.stack(g)
    selected = gdb.selected_thread()
    frames = []
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        frames = list(_frames_in(bounds))
        if frames:
            break
    try:
        yield frames
    finally:
        selected.switch()


def _frames_in(bounds):
    try:
        frame = gdb.newest_frame()
        while frame is not None:
            if machine.register("rsp", frame) in bounds:
                yield frame
            frame = frame.older()
    except gdb.error:  # the stack is no stack yet
        pass


class Goroutine(gdb.Command):
    """Run a GDB command in a goroutine: goroutine N COMMAND

N is a number that `info goroutines` lists, or all:

    goroutine 1 bt
    goroutine all bt 3
    goroutine 5 info locals

The frames of a goroutine that does not run are numbered from 1; 1 is selected.
Nothing is written to the machine."""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK)

    def complete(self, text, word):
        if " " in text.lstrip():
            return gdb.COMPLETE_COMMAND
        numbers = [str(int(g["goid"])) for g in goruntime.goroutines()] + ["all"]
        return [n for n in numbers if n.startswith(word)]

    def invoke(self, argument, from_tty):
        words = argument.split(None, 1)
        if len(words) != 2:
            raise gdb.GdbError("usage: goroutine N COMMAND, as in: goroutine 1 bt")
        if words[0] == "all":
            for goid in sorted(int(g["goid"]) for g in goruntime.goroutines()):
                g = goruntime.find(goid)
                state, _, what = row(g)
                print(("Goroutine %d (%s): %s" % (goid, state, what)).rstrip())
                run_in(g, words[1], from_tty)
                print()
            return
        try:
            goid = int(gdb.parse_and_eval(words[0]))
        except gdb.error as e:
            raise gdb.GdbError("goroutine %s: %s" % (words[0], e))
        g = goruntime.find(goid)
        if g is None:
            raise gdb.GdbError("no goroutine %d; `info goroutines` lists them" % goid)
        run_in(g, words[1], from_tty)


def run_in(g, command, from_tty):
    """Run a command with a frame of g selected."""
    if goruntime.status(g) == goruntime.RUNNING:
        level = gdb.selected_frame().level()
        with frames_of(g) as frames:
            if not frames:  # on its way to or from a processor
                print("It is said to run, but no processor is on its stack.")
                return
            frames[0].select()
            gdb.execute(command, from_tty)
        gdb.execute("select-frame level %d" % level, to_string=True)
        return
    pc, sp, bp = goruntime.saved(g)
    interrupted[pc, sp] = True  # one that has never run stands at its first instruction
    with view.looking_at(pc, sp, bp):
        gdb.newest_frame().older().select()
        gdb.execute(command, from_tty)


def register():
    InfoGoroutines()
    Goroutine()
