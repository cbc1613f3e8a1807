"""The program being debugged: where its functions and variables are.

Functions are looked up in the ELF file's symbol table rather than through
GDB, because that tells assembly (name.abi0) from the Go code that calls it.
"""

import re

import gdb

kernel = None  # elf.File
stub = None
top = ""  # the repository
_functions = None  # what functions returns

# vitrine/kernel/thread.Idle, vitrine/drivers/uart.(*Port).Read
_ours = re.compile(r"vitrine/(?:[\w-]+/)*([\w-]+\.(?!\.).*)")
_made = re.compile(r"-fm$|\.(func|gowrap|deferwrap)\d|-range\d|[{;, ]")


def use(file):
    global kernel
    kernel = file


def use_stub(file):
    global stub
    stub = file


def function(name):
    """The range (start, end) of a function's code; assembly before the Go
    wrapper of that name. (0, 0) if the kernel has none."""
    symbols = kernel.symbols()
    for candidate in (name + ".abi0", name):
        if candidate in symbols:
            address, size = symbols[candidate][:2]
            return address, address + size
    return 0, 0


def location(name):
    """The address of a location of GDB's, a function or a line; None if there is
    no such. (Not *ADDR: GDB 13 comes to harm if that cannot be evaluated.)"""
    try:
        found = None if name.lstrip().startswith("*") else gdb.decode_line(name)[1]
    except gdb.error:
        return None
    return found[0].pc if found else None


def full_names(name):
    """The full names that a short one of ours can have. Functions that are
    everywhere part of their callers have no symbol, and so only full names."""
    package = name.split(".")[0]
    paths = {symbol[: symbol.index(".", symbol.rindex("/"))] for symbol in kernel.symbols()
             if symbol.startswith("vitrine/") and "." in symbol[symbol.rindex("/") :]}
    return [path + name[len(package) :] for path in sorted(paths) if path.endswith("/" + package)]


def short_name(symbol):
    """frame.(*Allocator).Alloc of vitrine/mm/frame.(*Allocator).Alloc; None of a
    symbol that is not ours."""
    found = _ours.fullmatch(symbol)
    return found.group(1) if found else None


def functions():
    """The short names of our functions, in order, but those that the compiler
    makes."""
    global _functions
    if _functions is None:
        text = next(s for s in kernel.sections if s.name == ".text")
        names = (short_name(name.removesuffix(".abi0")) for name, (_, _, section, _) in kernel.symbols().items()
                 if kernel.sections[section] is text)
        _functions = sorted({name for name in names if name and not _made.search(name)})
    return _functions


def in_code(address):
    """Whether there is code of the kernel's at an address."""
    text = next(s for s in kernel.sections if s.name == ".text")
    return text.address <= address < text.address + text.size


def variable(name):
    """A Go variable, by its full name: 'vitrine/kernel/log.kernel'."""
    return gdb.parse_and_eval("'%s'" % name)


def named(name):
    """What has a short or a full name, kernel.theMachine; None if nothing has.
    Errors: gdb.GdbError if several have."""
    found = [full for full in kernel.symbols() if full == name or full.endswith("/" + name)]
    ours = [full for full in found if full.startswith("vitrine/")] or found
    if len(ours) > 1:
        raise gdb.GdbError("%s: which of %s?" % (name, ", ".join(ours)))
    return variable(ours[0]) if ours else None


class Go(gdb.Function):
    """A global variable by its short name: $go("kernel.theMachine")

It is 'vitrine/kernel.theMachine', whose name GDB wants in full."""

    def __init__(self):
        super().__init__("go")

    def invoke(self, name):
        found = named(name.string())
        if found is None:
            raise gdb.GdbError("there is no variable %s" % name.string())
        return found


def address(name):
    """The address of a symbol of the kernel or the stub."""
    for file in (kernel, stub):
        if file and name in file.symbols():
            return file.symbols()[name][0]
    raise gdb.GdbError("no symbol %s" % name)


def symbol(address):
    """'kernel.Main+12', or None."""
    try:
        found = gdb.execute("info symbol %#x" % address, to_string=True)
    except gdb.error:
        return None
    if found.startswith("No symbol"):
        return None
    return found.split(" in section")[0].strip().replace(".abi0", "").replace(" + ", "+")


def describe(pc):
    """'0xffffffff8033c67e <vitrine/kernel.Main+12> kernel/main.go:41', as far as
    it is known."""
    out = "%#x" % pc
    name = symbol(pc)
    if name:
        out += " <%s>" % name
    line = gdb.find_pc_line(pc)
    if line.symtab and line.line:
        out += " %s:%d" % (short_path(line.symtab.filename), line.line)
    return out


def short_path(path):
    """A file's path without the folder that it was built in."""
    if path.startswith(top + "/"):
        return path[len(top) + 1 :]
    at = path.rfind("/src/")  # of a GOROOT
    return path[at + 5 :] if at >= 0 else path


_LONGEST = 1 << 24


def is_length(n):
    """Whether a string may be so long."""
    return 0 <= n <= _LONGEST


def go_string(value):
    """The text of a Go string. Errors: gdb.MemoryError."""
    length = int(value["len"])
    if not is_length(length):
        raise gdb.MemoryError("this is no string: it would have %d bytes" % length)
    if length == 0:
        return ""
    data = gdb.selected_inferior().read_memory(int(value["str"]), length)
    return bytes(data).decode("utf-8", "replace")
