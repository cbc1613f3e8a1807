"""What type a value in an interface has: the type descriptors that the
compiler puts into the kernel (internal/abi/type.go)."""

import gdb

from . import machine, program

UNCOMMON, EXTRA_STAR, NAMED, DIRECT = 1 << 0, 1 << 1, 1 << 2, 1 << 5
POINTER = 22

# The descriptors that are longer than abi.Type, by kind.
_LONGER = {17: "ArrayType", 18: "ChanType", 19: "FuncType", 20: "InterfaceType", 21: "MapType", 22: "PtrType",
           23: "SliceType", 25: "StructType"}


class Descriptor:
    """The type descriptor at an address."""

    def __init__(self, address):
        self.address = address
        value = _at(address, "Type")
        self.kind, self.flags = int(value["Kind_"]) & 31, int(value["TFlag"])
        self.text = _name(int(value["Str"]))
        if self.flags & EXTRA_STAR:
            self.text = self.text[1:]

    def direct(self):
        """Whether an interface holds the value itself, not its address."""
        return bool(self.flags & DIRECT)

    def element(self):
        """What a pointer points to."""
        return Descriptor(int(_at(self.address, "PtrType")["Elem"]))

    def full_name(self):
        """The name with the whole path of the package, as GDB knows it."""
        if self.kind == POINTER and not self.flags & NAMED:
            return "*" + self.element().full_name()
        if not self.flags & NAMED or not self.flags & UNCOMMON or "." not in self.text:
            return self.text
        size = gdb.lookup_type("internal/abi." + _LONGER.get(self.kind, "Type")).sizeof
        path = _name(int(_at(self.address + size, "UncommonType")["PkgPath"]))
        return path + self.text[self.text.index(".") :]

    def type(self):
        """The gdb.Type, or None if GDB does not know it."""
        name, stars = self.full_name(), 0
        while name.startswith("*"):
            name, stars = name[1:], stars + 1
        try:
            found = gdb.lookup_type(name)
        except gdb.error:
            return None
        for _ in range(stars):
            found = found.pointer()
        return found


def _at(address, name):
    kind = gdb.lookup_type("internal/abi." + name)
    return gdb.Value(address).cast(kind.pointer()).dereference()


def _name(offset):
    """A name in the descriptors' table: flags, length, bytes."""
    if offset == 0:
        return ""
    at = int(program.variable("runtime.firstmoduledata")["types"]) + offset + 1
    length = shift = 0
    while True:
        b = machine.read(at, 1)[0]
        at += 1
        length |= (b & 0x7F) << shift
        shift += 7
        if b < 0x80:
            return machine.read(at, length).decode("utf-8", "replace")


def dynamic(value):
    """The Descriptor of what an interface value holds; None for nil."""
    fields = [f.name for f in value.type.strip_typedefs().fields()]
    if fields[0] == "tab":
        tab = int(value["tab"])
        return Descriptor(int(_at(tab, "ITab")["Type"])) if tab else None
    address = int(value["_type"])
    return Descriptor(address) if address else None
