"""What the commands have in common."""

import re

import gdb

from .. import machine, program, tables


_line = re.compile(r"[\w./-]+\.\w+:\d+")  # kernel/main.go:46


class Prefix(gdb.Command):
    """Look at the kernel's and the processor's data structures.

None of these commands runs code in the machine or writes to it. Most need
memory only, and work on a core, too."""

    def __init__(self):
        super().__init__("vit", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Command(gdb.Command):
    """A command `vit NAME`. Its doc string is its help; run gets the words
    after its name."""

    name = ""
    most = 0  # how many words it takes
    expression = False  # or: all that is typed is one expression

    def __init__(self):
        super().__init__("vit " + self.name, gdb.COMMAND_DATA)

    def complete(self, text, word):
        return gdb.COMPLETE_NONE

    def invoke(self, argument, from_tty):
        if self.expression:
            words = [argument] if argument.strip() else []
        else:
            words = gdb.string_to_argv(argument)
        if len(words) > (1 if self.expression else self.most):
            self.usage()
        try:
            self.run(words)
        except gdb.MemoryError as e:
            why = "; paging is off, and so the kernel is not mapped yet" if tables.state() == "off" else ""
            raise gdb.GdbError("vit %s: %s%s" % (self.name, e, why))
        except gdb.error as e:  # an expression that means nothing, for one
            raise gdb.GdbError("vit %s: %s" % (self.name, e))

    def run(self, words):
        raise NotImplementedError

    def usage(self):
        raise gdb.GdbError("see: help vit " + self.name)


def complete(names, text, word, otherwise=gdb.COMPLETE_NONE):
    """Those of names that go on with what has been typed; if none does, what
    GDB completes by itself. GDB asks twice, first without a word: that decides
    whose words are meant."""
    typed = text.split(" ")[-1]
    found = [name for name in names if name.startswith(typed)] if typed else []
    if word is None or not found:
        return [] if found else otherwise
    cut = len(typed) - len(word)  # a word begins after a colon or a point
    return [name[cut:] for name in found]


def complete_expression(text, word):
    """Completions of an address: a register, a function of ours, else GDB's."""
    registers = ["$" + r.name for r in gdb.selected_inferior().architecture().registers()]
    return complete(registers + program.functions(), text, word, gdb.COMPLETE_EXPRESSION)


def number(expression):
    """The value of an expression of the user's, as an unsigned number. What is
    none may be a location, frame.(*Allocator).Alloc, kernel/main.go:46, or the
    short name of a variable, interrupts.CPUs. (A line is no expression for sure:
    GDB 13 ends some time after it has tried.)"""
    try:
        if _line.fullmatch(expression.strip()):
            raise gdb.error("There is no line %s." % expression.strip())
        value = gdb.parse_and_eval(expression)
    except gdb.error:
        at = program.location(expression)
        if at is not None:
            return at
        value = program.named(expression.strip())
        if value is None:
            raise
    kind = value.type.strip_typedefs().code
    if kind in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_ARRAY):
        value = value.address  # a name stands for where it is
    if value is None or kind == gdb.TYPE_CODE_FLT:
        raise gdb.GdbError("%s is neither an address nor a whole number" % expression)
    return int(value) & machine.MASK64


def flags(value, names):
    """The names of the bits that are set; names is {bit: name}."""
    return " ".join(name for bit, name in names.items() if value >> bit & 1)


def table(header, rows):
    """Print rows in columns. A column whose header begins with > is aligned to
    the right. A header without any text is not printed."""
    right = [h.startswith(">") for h in header]
    header = [h.lstrip(">") for h in header]
    rows = [[str(cell) for cell in row] for row in rows]
    lines = ([header] if any(header) else []) + rows
    widths = [max((len(line[i]) for line in lines), default=0) for i in range(len(header))]
    for line in lines:
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right)]
        print("  ".join(cells).rstrip())


def size(n):
    """A number of bytes, as the shell writes it: 2.6 MiB."""
    units = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
    i, v = 0, float(n)
    while v >= 1024 and i < len(units) - 1:
        v, i = v / 1024, i + 1
    return "%.0f %s" % (v, units[i]) if v == int(v) or v >= 100 else "%.1f %s" % (v, units[i])
