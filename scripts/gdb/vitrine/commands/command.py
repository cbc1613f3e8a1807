"""What the commands have in common."""

import gdb

from .. import machine


class Prefix(gdb.Command):
    """Look at the kernel's and the processor's data structures.

None of these commands runs code in the machine or writes to it."""

    def __init__(self):
        super().__init__("vit", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Command(gdb.Command):
    """A command `vit NAME`. Its doc string is its help; run gets the words
    after its name."""

    name = ""

    def __init__(self):
        super().__init__("vit " + self.name, gdb.COMMAND_DATA)

    def complete(self, text, word):
        return gdb.COMPLETE_NONE

    def invoke(self, argument, from_tty):
        try:
            self.run(gdb.string_to_argv(argument))
        except gdb.MemoryError as e:
            raise gdb.GdbError("vit %s: %s" % (self.name, e))

    def run(self, words):
        raise NotImplementedError

    def usage(self):
        raise gdb.GdbError("see: help vit " + self.name)


def complete_expression(word, text):
    """Completions of an address: a register after $, else GDB's."""
    if not text.split(" ")[-1].startswith("$"):
        return gdb.COMPLETE_EXPRESSION
    names = [r.name for r in gdb.selected_inferior().architecture().registers()]
    return [name for name in names if name.startswith(word.lstrip("$"))]


def number(expression):
    """The value of an expression of the user's, as an unsigned number."""
    return int(gdb.parse_and_eval(expression)) & machine.MASK64


def flags(value, names):
    """The names of the bits that are set; names is {bit: name}."""
    return " ".join(name for bit, name in names.items() if value >> bit & 1)
