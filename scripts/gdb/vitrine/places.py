"""Where one may want to stop: the places that `make debug AT=` and `vit at` know.

    AT=kernel.Main            any location of GDB's: a function, file.go:12, *ADDR
    AT=interrupt:33           the first instruction of a vector's entry
    AT=fault  AT=fault:14     the handler of exceptions; of one of them
    AT=trampoline             the first instruction of another processor
    AT=chapter:paging         where a chapter of the book (docs/book) begins to act
"""

import gdb

from . import machine, program, trampoline

# For each chapter: names, the first of which is that of its file; where it
# begins to act; and what is there to be seen. A stop that comes by itself, in a
# machine as `make debug` starts it.
CHAPTERS = (
    (("01-a-machine-wakes-up", "boot", "wakes"), "_start",
     "the stub's first instruction: 32-bit code, paging off. Go on with: stepi, tbreak long_mode"),
    (("02-go-without-an-operating-system", "go", "runtime"), "start.Hwinit0",
     "the runtime has a stack and nothing else, and asks the kernel for the rest. Go on with: bt, "
     "tbreak start.Hwinit1"),
    (("03-saying-hello", "hello", "console"), "kernel.(*machine).startSerial",
     "the serial line gets its rate and its interrupt. Go on with: next, tbreak uart.(*Port).Write"),
    (("04-when-things-go-wrong", "exceptions", "wrong", "faults"), "interrupts.(*CPU).Start",
     "descriptor tables, so that a mistake makes a report. Go on with: finish, vit idt 14, vit tss, vit gdt"),
    (("05-being-interrupted", "interrupts", "interrupted"), "interrupts.deliver",
     "the first interrupt of a device. Go on with: bt, vit trapframe, vit irq"),
    (("06-the-keyboard", "keyboard"), "ps2.(*Controller).Interrupt",
     "the top half: the 8042 has a byte. Go on with: bt, vit kbd, tbreak ps2.(*Decoder).Feed"),
    (("07-physical-memory", "frames", "memory"), "frame.(*Allocator).Init",
     "bitmaps for all of memory, none of it given away yet. Go on with: bt, finish, vit frames"),
    (("08-virtual-memory", "paging", "virtual"), "start.startSpace",
     "the kernel's own page tables are about to be made; CR3 has the stub's. Go on with: vit maps, "
     "tbreak cpu.SetCR3, continue, finish, vit maps"),
    (("09-the-heap-and-the-collector", "heap", "collector", "gc"), "start.grow",
     "the Go heap wants its first memory. Go on with: bt, info args, finish, vit who $r14"),
    (("10-time", "time"), "start.startClock",
     "the counters are found and the time-stamp counter is measured. Go on with: next, tbreak thread.SetTimer"),
    (("11-many-processors", "processors", "smp"), "kernel.(*machine).startProcessors",
     "one processor runs still (make debug SMP=4). Go on with: vit cpus, vit at trampoline, thread apply all bt"),
    (("12-a-shell-and-seeing-inside", "shell"), "shell.(*Session).Run",
     "everything is up; the prompt comes. Go on with: vit goroutines, vit kbd, continue and type"),
)


class Place:
    """A place to stop: where, under which condition, and what is to be seen."""

    def __init__(self, location, condition=None, text="", prepare=None):
        self.location, self.condition, self.text, self.prepare = location, condition, text, prepare

    def stop_once(self):
        """Set a breakpoint there that deletes itself. Of hardware, if there is a
        machine, as the code may not be in memory yet."""
        if self.prepare:
            self.prepare()
            return
        before = len(gdb.breakpoints())
        gdb.execute(("thbreak " if machine.live() else "tbreak ") + self.location, to_string=True)
        if len(gdb.breakpoints()) == before:
            raise gdb.GdbError("%s: there is no such function or line" % self.location)
        if self.condition:
            max(gdb.breakpoints(), key=lambda b: b.number).condition = self.condition


def find(name):
    """The Place of that name. Errors: gdb.GdbError, which lists what there is."""
    kind, _, rest = name.partition(":")
    if kind == "chapter":
        return _chapter(rest)
    if kind == "interrupt":
        vector = _number(name, rest, "vectors", 256)
        entry = program.function("vitrine/interrupts.vectors")[0] + 16 * vector
        text = "the first instruction of vector %d. Go on with: bt, stepi, vit trapframe" % vector
        return Place("*%#x" % entry, text=text)
    if name == "fault":
        return Place("interrupts.exception", text="an exception. Go on with: bt, vit trapframe")
    if kind == "fault":
        vector = _number(name, rest, "exceptions", 32)
        text = "exception %d. Go on with: bt, vit trapframe" % vector
        return Place("interrupts.exception", "f.Vector == %d" % vector, text)
    if name == "trampoline":
        return Place("", prepare=trampoline.stop_there,
                     text="another processor begins, in real mode. Go on with: set scheduler-locking step, "
                          "x/5i $pc, stepi")
    if name.startswith("*"):
        try:
            gdb.parse_and_eval(name[1:])
        except gdb.error as e:
            raise gdb.GdbError("%s: %s\n%s" % (name, str(e).rstrip("."), possible()))
        return Place(name)
    for location in [name] + program.full_names(name):
        if program.location(location) is not None:
            return Place(location)
    raise gdb.GdbError("%s: there is no such function or line\n%s" % (name, possible()))


def _number(name, text, what, count):
    try:
        n = int(text, 0)
    except ValueError:
        n = -1
    if not 0 <= n < count:
        raise gdb.GdbError("%s: %s are 0 to %d\n%s" % (name, what, count - 1, possible()))
    return n


def _chapter(name):
    for number, (names, location, text) in enumerate(CHAPTERS, 1):
        if name.removesuffix(".md") in names + (names[0][3:], str(number), "%02d" % number):
            return Place(location, text=text)
    raise gdb.GdbError("the book has no chapter '%s'\n%s" % (name, possible()))


def possible():
    """The list of all kinds of places."""
    chapters = ("    chapter:%-12s %s" % (names[1], names[0]) for names, _, _ in CHAPTERS)
    return """Where to stop can be:
    kernel.Main          any function; also file.go:12, boot.S:230, *ADDRESS
    interrupt:33         the first instruction of a vector, 0 to 255
    fault, fault:14      any exception, or one of 0 to 31
    trampoline           the first instruction of another processor (SMP=2 and more)
""" + "\n".join(chapters)


def names():
    """All names but GDB's own, for completion."""
    return (["fault", "trampoline", "interrupt:", "fault:"]
            + ["chapter:" + n for names_, _, _ in CHAPTERS for n in (names_[1], names_[0])])
