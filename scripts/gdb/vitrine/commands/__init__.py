"""The commands that begin with vit. Each has a file; `help vit` lists them."""

from . import attach, idt, log, pagewalk, panic, trapframe
from .command import Prefix


def register():
    Prefix()
    for module in (attach, idt, log, pagewalk, panic, trapframe):
        module.register()
