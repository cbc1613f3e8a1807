"""GDB for Vitrine. setup() is called once, by init.py."""

import os

import gdb

from . import companions, disassemble, elf, frames, goroutines, printers, program, unwind
from .commands import register as register_commands


def setup(top):
    """Load the kernel's symbols, unless a program is loaded already, and
    install everything."""
    gdb.execute("set print thread-events off")
    gdb.execute("set confirm off")
    gdb.execute("set print demangle off")  # it makes interrupts[Boot] of interrupts.Boot
    gdb.execute("set max-value-size 4194304")  # of 64 KiB; the kernel has rings and tables
    # What belongs to the runtime's own script has to be allowed by name.
    name = (gdb.current_progspace().filename or os.environ.get("VITRINE_DEBUG_ELF")
            or os.path.join(top, "build", "vitrine.debug.elf"))
    if not os.path.exists(name):
        raise gdb.GdbError("%s is not there: `make build` makes it" % name)
    kernel = elf.File(name)
    script = runtime_script(kernel)
    if script:
        gdb.execute("add-auto-load-safe-path " + script)
    disassemble.learn_architectures()
    if gdb.current_progspace().filename is None:
        gdb.execute("file " + name, to_string=True)
    if script and not printers.runtime_loaded():
        gdb.execute("source " + script)
    program.top = top
    program.use(kernel)
    program.Go()
    companions.load(kernel)
    unwind.register()
    frames.register()
    printers.register()
    goroutines.register()
    disassemble.register()
    register_commands()


def runtime_script(kernel):
    """The file that Go's linker names for GDB: runtime-gdb.py of the GOROOT
    that the kernel was built with; None if it is not there."""
    data = kernel.section(".debug_gdb_scripts")
    if not data:
        return None
    # A kind byte (1: a Python file), then the name.
    script = data[1:].split(b"\0")[0].decode()
    return script if os.path.exists(script) else None
