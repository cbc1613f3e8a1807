"""The code at which other processors begin, boot/trampoline.S, where it runs.

It is linked with the stub and copied to a page below 1 MiB. There it begins in
real mode, where the instruction pointer counts from the start of that page: 0,
1, ... In 64-bit mode, which it enters next, it is the whole address. So its
symbols are loaded twice, for the page and for address 0, as long as a processor
is in it: later, whatever is nil would be called trampoline.
"""

import gdb

from . import companions, fields, machine, program

_page = None


def size():
    return program.address("trampoline_end") - program.address("trampoline")


def contains(address):
    """Whether an address is in the copy, as a processor there may have it."""
    return _page is not None and (address < size() or _page <= address < _page + size())


def linear(address):
    """The whole address of one in the copy."""
    return _page + address if _page is not None and address < size() else address


def _load(page):
    global _page
    _page = page
    for at in (page, 0):
        companions.load_trampoline(at)


def _unload():
    global _page
    for at in (_page, 0):
        gdb.execute("remove-symbol-file -a %#x" % at, to_string=True)
    _page = None


class _Placed(gdb.Breakpoint):
    """Stops nowhere: when smp.place begins, the page is known."""

    def __init__(self, arrival):
        super().__init__("smp.place", type=machine.breakpoint_type(), internal=True)
        self.arrival = arrival

    def stop(self):
        self.arrival.arm(fields.number(fields.variable("kernel/start.LowPage")))
        return False


class _Arrival(gdb.Breakpoint):
    """Stops the first processor that begins. QEMU compares whole addresses, so
    what stops it is a breakpoint at the page, which GDB is not told of, as it
    would not recognize it: GDB sees the instruction pointer, 0, and takes this
    breakpoint for the reason."""

    def __init__(self):
        super().__init__("*0", type=machine.breakpoint_type(), internal=True)
        self.placed, self.at = _Placed(self), None
        gdb.events.stop.connect(self.stopped)

    def arm(self, at):
        self.at = at
        machine.breakpoint(at, True)

    def stopped(self, event):
        if self in getattr(event, "breakpoints", ()):
            machine.breakpoint(self.at, False)
            self.placed.delete()
            self.enabled = False
            _load(self.at)
        elif _page is not None and not contains(machine.register("rip")):
            _unload()
            gdb.events.stop.disconnect(self.stopped)
            self.delete()


def stop_there():
    """Stop at the first instruction of the next processor. Errors: GdbError, if
    there is none, or all have begun."""
    if machine.live() and len(gdb.selected_inferior().threads()) < 2:
        raise gdb.GdbError("trampoline: this machine has one processor; `make debug SMP=2` makes one with more")
    try:
        begun = fields.number(fields.variable("kernel/smp.starter"), "tab") != 0
    except gdb.MemoryError:  # no page tables yet
        begun = False
    if begun:
        raise gdb.GdbError("the other processors have begun already")
    _Arrival()
