"""Values that Go's runtime-gdb.py cannot print.

Channels, interfaces, and strings and slices of which the compiler has kept a
part only. Whole strings, slices, and maps are left to it.
"""

import gdb

from . import gotypes


def runtime_loaded():
    """Whether Go's own printers are there."""
    return any(o.pretty_printers for o in gdb.objfiles())


class Channel:
    """A channel's type, how full it is, and the values in it, oldest first."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        if int(self.value) == 0:
            return "%s nil" % self.value.type
        size, count = int(self.value["dataqsiz"]), int(self.value["qcount"])
        closed = ", closed" if int(self.value["closed"]) else ""
        return "%s %d of %d%s" % (self.value.type, count, size, closed)

    def children(self):
        if int(self.value) == 0 or int(self.value["qcount"]) == 0:
            return
        # Only the type of what waits to be received tells the element's type.
        first = self.value["recvq"]["first"].type.target()
        pointer = next(f.type for f in first.fields() if f.name == "elem")
        buffer = self.value["buf"].cast(pointer)
        size, at = int(self.value["dataqsiz"]), int(self.value["recvx"])
        for i in range(int(self.value["qcount"])):
            yield "[%d]" % i, (buffer + (at + i) % size).dereference()

    def display_hint(self):
        return "array"


class Partial:
    """A value that is not all there."""

    def __init__(self, value, fields):
        self.value, self.fields = value, fields

    def to_string(self):
        known = ["%s %d" % (name, int(self.value[name])) for name in self.fields
                 if name in ("len", "cap") and not self.value[name].is_optimized_out]
        return "<optimized out%s>" % "".join(", " + k for k in known)


class Interface:
    """An interface's dynamic type and value."""

    def __init__(self, value):
        self.value = value
        self.dynamic = gotypes.dynamic(value)

    def to_string(self):
        if self.dynamic is None:
            return "nil"
        name = self.dynamic.full_name()
        if self.dynamic.direct():
            return "(%s) %#x" % (name, int(self.value["data"]))
        return name

    def children(self):
        if self.dynamic is None or self.dynamic.direct():
            return
        kind = self.dynamic.type()
        if kind is not None:
            yield "value", self.value["data"].cast(kind.pointer()).dereference()


def lookup(value):
    """A pretty-printer lookup function (GDB manual, "Selecting Pretty-Printers")."""
    kind = value.type.strip_typedefs()
    name = str(value.type)
    if kind.code == gdb.TYPE_CODE_PTR:
        return Channel(value) if name.startswith("chan ") else None
    if kind.code != gdb.TYPE_CODE_STRUCT:
        return None
    fields = [f.name for f in kind.fields()]
    if fields in (["str", "len"], ["array", "len", "cap"]):
        if any(value[name].is_optimized_out for name in fields):
            return Partial(value, fields)
    if fields in (["tab", "data"], ["_type", "data"]):
        if any(value[name].is_optimized_out for name in fields):
            return Partial(value, fields)
        return Interface(value)
    return None


def install():
    """Go before the printers of runtime-gdb.py, wherever it has put them."""
    for objfile in gdb.objfiles():
        if objfile.pretty_printers and lookup not in objfile.pretty_printers:
            objfile.pretty_printers.insert(0, lookup)


def register():
    install()
    # An editor may load the program again.
    gdb.events.new_objfile.connect(lambda event: gdb.post_event(install))
