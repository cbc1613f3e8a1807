"""The Go heap: spans, and the objects in them (runtime/mheap.go).

The heap is cut into spans of whole pages. A span holds objects of one size, or
one large object, or is a stack. What type an object has is recorded only where
the collector needs it: of objects of more than 512 bytes that hold pointers.
"""

import bisect

import gdb

from . import fields, gotypes, machine, program

DEAD, IN_USE, MANUAL = 0, 1, 2  # mSpanState
WITH_HEADER = 512  # objects beyond this size begin with their type


def constant(*names):
    """A constant of the runtime's; its package has changed between releases."""
    for name in names:
        try:
            return int(gdb.parse_and_eval("'%s'" % name))
        except gdb.error:
            pass
    raise gdb.GdbError("the Go runtime has no constant %s (any longer)" % " or ".join(names))


class Span:
    def __init__(self, value, page):
        self.value = value
        self.start = fields.number(value, "startAddr")
        self.end = self.start + fields.number(value, "npages") * page
        self.state = fields.number(value, "state")
        self.size = fields.number(value, "elemsize")
        self.count = fields.number(value, "nelems")
        kind = fields.number(value, "spanclass")
        self.size_class, self.no_pointers = kind >> 1, bool(kind & 1)

    def header(self):
        """How many bytes before each object tell its type."""
        return 8 if self.size > WITH_HEADER and not self.no_pointers and self.size_class else 0

    def object(self, address):
        """(number, start) of the slot that address lies in; None behind the last
        one."""
        if self.size == 0:
            return None
        index = (address - self.start) // self.size
        return (index, self.start + index * self.size) if index < self.count else None

    def allocated(self, index):
        """Whether an object is in use, as far as the last collection knows: what
        is dead and not yet swept counts as in use."""
        if index < fields.number(self.value, "freeindex"):
            return True
        bits = int(self.value["allocBits"])
        return bool(bits and machine.read(bits + index // 8, 1)[0] >> index % 8 & 1)

    def type(self, start):
        """The type of the object in the slot at start as text, if it is recorded."""
        if self.size_class == 0 and not self.no_pointers:
            address = int(fields.get(self.value, "largeType"))
        elif self.header():
            address = machine.read64(start)
        else:
            return ""
        return gotypes.Descriptor(address).full_name() if is_type(address) else ""


def is_type(address):
    """Whether a type descriptor can be at an address."""
    module = program.variable("runtime.firstmoduledata")
    return fields.number(module, "types") <= address < fields.number(module, "etypes")


def _spans():
    """(start, address of the mspan) of all spans, upwards."""
    pointers = fields.words(program.variable("runtime.mheap_"), "allspans")
    kind = gdb.lookup_type("runtime.mspan")
    offset = next(f.bitpos // 8 for f in kind.fields() if f.name == "startAddr")
    return sorted((machine.read64(p + offset), p) for p in pointers)


def find(address):
    """The span that an address lies in, or None."""
    found = _spans()
    page = constant("runtime.pageSize", "internal/runtime/gc.PageSize", "runtime._PageSize")
    at = bisect.bisect_right([s for s, _ in found], address)
    for _, pointer in reversed(found[max(0, at - 4) : at]):  # dead ones may overlap
        span = Span(fields.at(pointer, "runtime.mspan"), page)
        if span.state != DEAD and span.start <= address < span.end:
            return span
    return None
