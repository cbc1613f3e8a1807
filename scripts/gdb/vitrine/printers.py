"""Values that Go's runtime-gdb.py cannot print.

Channels, interfaces, errors, functions, and strings and slices of which the
compiler has kept a part only. Whole strings, slices, and maps are left to it;
those of a type with a name are shown to it without the name. And our own
addresses: numbers.py.
"""

import gdb

from . import gotypes, machine, numbers, program


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
        if int(self.value) == 0 or int(self.value["elemsize"]) == 0:
            return  # of struct {} there is nothing to show
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


class NoString:
    """A string that cannot be one, as in a local variable before its first
    assignment. Go's own printer would read it all, or fail."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "<no string: %d bytes at %#x>" % (int(self.value["len"]), int(self.value["str"]))


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
        if self.dynamic is not None and not self.dynamic.direct():
            yield from self.inside()

    def inside(self):
        """The value that the interface's pointer leads to."""
        kind = self.dynamic.type()
        if kind is not None:
            yield "value", self.value["data"].cast(kind.pointer()).dereference()


class Error(Interface):
    """An error: its type, and what it says, if that is a text in it. To ask its
    method Error would run code in the machine."""

    def held(self):
        """The string, structure, ... that the error is; None if GDB does not
        know its type."""
        pointer = self.dynamic.direct() and self.dynamic.kind == gotypes.POINTER
        kind = (self.dynamic.element() if pointer else self.dynamic).type()
        return None if kind is None else self.value["data"].cast(kind.pointer()).dereference()

    def message(self):
        value = self.held() if self.dynamic is not None else None
        if value is None:
            return None
        kind = value.type.strip_typedefs()
        names = [f.name for f in kind.fields()] if kind.code == gdb.TYPE_CODE_STRUCT else []
        if names == ["str", "len"]:  # a string with a name: mm.Error
            return program.go_string(value)
        for name in ("s", "msg"):  # errors.New, fmt.Errorf
            if name in names and str(value[name].type) == "string":
                return program.go_string(value[name])
        return None

    def to_string(self):
        text = self.message()
        if text is None:
            return super().to_string()
        return '(%s) "%s"' % (self.dynamic.full_name(), text.replace('"', '\\"'))

    def children(self):
        if self.dynamic is None or self.message() is not None:
            return
        value = self.held()
        if value is not None and value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
            for f in value.type.strip_typedefs().fields():
                yield f.name, value[f.name]
        else:
            yield from super().children()


class Function:
    """A function value: the code that it leads to. What it captures comes behind
    the pointer to that, and has no description."""

    def __init__(self, value):
        self.closure = None if value.address is None else machine.read64(int(value.address))

    def to_string(self):
        if self.closure is None:
            return "func, in a register"
        if self.closure == 0:
            return "nil"
        code = machine.read64(self.closure)
        return "func %s" % (program.symbol(code) or "%#x" % code)


_CHANNELS = ("chan ", "<-chan ", "chan<- ")
_PLAIN = ("string", "[]", "map[") + _CHANNELS


def lookup(value):
    """A pretty-printer lookup function (GDB manual, "Selecting Pretty-Printers")."""
    name = str(value.type)
    if name in numbers.PRINTERS:
        return numbers.PRINTERS[name](value)
    plain = _without_name(value.type)
    if plain is not None:
        return gdb.default_visualizer(value.cast(plain))
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_INT and kind.sizeof == 1 and "." in name:
        return numbers.Small(value)  # GDB takes it for a character
    if kind.code == gdb.TYPE_CODE_PTR:
        return Channel(value) if name.startswith(_CHANNELS) else None
    if kind.code == gdb.TYPE_CODE_FUNC:
        return None if value.address is not None and program.in_code(int(value.address)) else Function(value)
    if kind.code != gdb.TYPE_CODE_STRUCT:
        return None
    fields = [f.name for f in kind.fields()]
    if fields in (["str", "len"], ["array", "len", "cap"]):
        if any(value[name].is_optimized_out for name in fields):
            return Partial(value, fields)
    if fields == ["str", "len"] and not program.is_length(int(value["len"])):
        return NoString(value)
    if fields in (["tab", "data"], ["_type", "data"]):
        if any(value[name].is_optimized_out for name in fields):
            return Partial(value, fields)
        return Error(value) if name == "error" else Interface(value)
    return None


def _without_name(kind):
    """Of a type with a name, such as mm.Error, the string, slice, map or channel
    type that it is made of; else None."""
    if kind.code != gdb.TYPE_CODE_TYPEDEF or str(kind).startswith(_PLAIN):
        return None
    while kind.code == gdb.TYPE_CODE_TYPEDEF:
        kind = kind.target()
        if str(kind).startswith(_PLAIN):
            return kind
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
