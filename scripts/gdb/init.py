"""Teaches GDB about Vitrine. From the top folder of the repository:

    gdb -x scripts/gdb/init.py -ex 'vit attach'

`make debug` does this for you. What it loads, and where each part is:

    vitrine/__init__.py     the order
    vitrine/companions.py   symbols of the 32-bit stub; short names (kernel.Main)
    vitrine/unwind/         backtraces through interrupts and stack switches
    vitrine/goroutines.py   info goroutines, goroutine N COMMAND
    vitrine/printers.py     channels and interfaces
    vitrine/disassemble.py  16- and 32-bit code
    vitrine/commands/       vit pagewalk, vit idt, ...

Everything reads the guest's memory and registers and writes to neither.
"""

import os
import sys

sys.dont_write_bytecode = True  # leave the source folders as they are
HERE = os.path.dirname(os.path.abspath(__file__))
if HERE not in sys.path:
    sys.path.insert(0, HERE)

import vitrine  # noqa: E402

vitrine.setup(os.path.dirname(os.path.dirname(HERE)))
