"""Numbers whose type says how they are read: addresses, frames, page-table
entries, times. `print/r` shows the bare number."""

from . import tables

PAGE_SHIFT = 12


class Number:
    def __init__(self, value):
        self.number = int(value)


class Address(Number):
    def to_string(self):
        return "%#x" % self.number


class Frame(Number):
    def to_string(self):
        return "%#x (address %#x)" % (self.number, self.number << PAGE_SHIFT)


class Entry(Number):
    def to_string(self):
        return "%#x (%s)" % (self.number, tables.letters(self.number))


class Small(Number):
    def to_string(self):
        return str(self.number)


class Duration(Number):
    def to_string(self):
        for unit, name in ((10**9, "s"), (10**6, "ms"), (10**3, "us")):
            if abs(self.number) >= unit:
                return "%g %s" % (self.number / unit, name)
        return "%d ns" % self.number


PRINTERS = {"vitrine/mm.PhysAddr": Address, "vitrine/mm.VirtAddr": Address, "vitrine/mm.Frame": Frame,
            "vitrine/mm.Page": Frame, "vitrine/mm/paging.Entry": Entry, "uintptr": Address,
            "time.Duration": Duration}
