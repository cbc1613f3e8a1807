import gdb

from .. import machine, program
from .command import Command


class Panic(Command):
    """Show the report of the panic that has stopped the kernel: vit panic

It is the text that kernel/crash keeps for when no output works."""

    name = "panic"

    def run(self, words):
        length = int(program.variable("vitrine/kernel/crash.TextLen"))
        if length == 0:
            print("The kernel has not panicked.")
            return
        gdb.write(machine.read(program.address("vitrine/kernel/crash.Text"), length).decode("utf-8", "replace"))


def register():
    Panic()
