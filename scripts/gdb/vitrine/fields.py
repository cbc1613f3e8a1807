"""The kernel's and the runtime's structures, by the names of their fields.

Where a field is, the debugging information says: the structures may grow, and
differ between Go releases. What must not happen is that a field that is gone
is taken for another one, so its absence is an error that names it.
"""

import gdb

from . import machine, program


def get(value, path):
    """The field of a structure, or of what a pointer points to: get(c, "TSS.ist")."""
    for name in path.split("."):
        try:
            value = value[name]
        except gdb.error:
            raise gdb.GdbError("%s has no field %s (any longer): scripts/gdb and the kernel that is being "
                               "debugged are of different versions" % (value.type, name))
    return value


def number(value, path=""):
    """A field that is a number, also one in a wrapper: those of package
    sync/atomic have, besides fields without a name, one that counts."""
    value = get(value, path) if path else value
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        names = [f.name for f in value.type.strip_typedefs().fields() if f.name not in ("_", "noCopy")]
        if len(names) != 1:
            raise gdb.GdbError("%s is not a number (any longer): scripts/gdb and the kernel that is being "
                               "debugged are of different versions" % value.type)
        value = value[names[0]]
    return int(value)


def has(value, name):
    """Whether a structure, or what a pointer points to, has a field."""
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_PTR:
        kind = kind.target().strip_typedefs()
    return any(f.name == name for f in kind.fields())


def text(value, path=""):
    """A field that is a string."""
    return program.go_string(get(value, path) if path else value)


def elements(value, path=""):
    """The elements of a slice or an array."""
    value = get(value, path) if path else value
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_ARRAY:
        first, last = kind.range()
        return [value[i] for i in range(first, last + 1)]
    return [value["array"][i] for i in range(int(value["len"]))]


def words(value, path=""):
    """The numbers of a []uint64 or []uint32, read at once."""
    value = get(value, path) if path else value
    n, size = int(value["len"]), value["array"].type.target().sizeof
    return memoryview(machine.read(int(value["array"]), size * n)).cast({4: "I", 8: "Q"}[size])


class Words:
    """The numbers of a []uint64 or []uint32, each read when it is asked for."""

    def __init__(self, value, path=""):
        value = get(value, path) if path else value
        self._at, self._size = int(value["array"]), value["array"].type.target().sizeof
        self._len = int(value["len"])

    def __len__(self):
        return self._len

    def __getitem__(self, i):
        if not 0 <= i < self._len:
            raise IndexError(i)
        return int.from_bytes(machine.read(self._at + i * self._size, self._size), "little")


def at(address, name):
    """The structure of a type at an address."""
    try:
        kind = gdb.lookup_type(name)
    except gdb.error:
        raise gdb.GdbError("the kernel has no type %s (any longer): scripts/gdb and the kernel that is being "
                           "debugged are of different versions" % name)
    return gdb.Value(address).cast(kind.pointer()).dereference()


def pointee(interface):
    """What the pointer in an interface points to, None for nil. The interface
    must hold a pointer."""
    from . import gotypes

    found = gotypes.dynamic(interface)
    if found is None:
        return None
    kind = found.type()
    if kind is None:
        raise gdb.GdbError("GDB does not know the type %s" % found.full_name())
    return interface["data"].cast(kind).dereference()


def variable(name):
    """A variable of ours: "interrupts.CPUs"."""
    full = name if name.startswith(("runtime.", "internal/")) else "vitrine/" + name
    try:
        return program.variable(full)
    except gdb.error:
        raise gdb.GdbError("the kernel has no variable %s (any longer): scripts/gdb and the kernel that is being "
                           "debugged are of different versions" % full)
