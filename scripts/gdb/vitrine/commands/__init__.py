"""The commands that begin with vit. Each has a file; `help vit` lists them."""

from . import (at, attach, audit, cpus, frames, goroutines, idt, irq, kbd, log, maps, pagewalk, panic, segments,
               trapframe, who)
from .command import Prefix


def register():
    Prefix()
    for module in (at, attach, audit, cpus, frames, goroutines, idt, irq, kbd, log, maps, pagewalk, panic, segments,
                   trapframe, who):
        module.register()
