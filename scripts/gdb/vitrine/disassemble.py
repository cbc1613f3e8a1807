"""16- and 32-bit code, disassembled as such.

QEMU calls the machine 64-bit from the first instruction on, and so GDB
decodes everything as 64-bit code. The stub is 32-bit code up to the label
long_mode, and after no_long_mode; firmware below it is whatever mode the
processor is in.

GDB 13 or newer; with an older one, `monitor x/8i $pc` asks QEMU.
"""

import gdb

try:
    import gdb.disassembler as api
except ImportError:
    api = None

from . import machine, program

_architectures = {}


def learn_architectures():
    """Take hold of GDB's decoders for 16 and 32 bits. They are to be had only
    while no 64-bit machine is attached."""
    for bits, name in ((16, "i8086"), (32, "i386")):
        try:
            gdb.execute("set architecture " + name, to_string=True)
            _architectures[bits] = gdb.selected_inferior().architecture()
        except gdb.error:
            pass
    gdb.execute("set architecture auto", to_string=True)


def code_size(address):
    """How wide code at an address is, in bits."""
    if program.stub is not None:
        symbols = program.stub.symbols()
        start, end = symbols["mb1_header"][0], symbols["text_end"][0]
        if start <= address < end:
            narrow = address < symbols["long_mode"][0] or address >= symbols["no_long_mode"][0]
            return 32 if narrow else 64
        if address < start or 0xFFFE0000 <= address < 1 << 32:
            return machine.code_size() if machine.live() else 64
    return 64


def register():
    if api is None or not _architectures:
        return

    class Narrow(api.Disassembler):
        def __init__(self):
            super().__init__("vitrine")

        def __call__(self, info):
            # A decoder that is asked below comes here, too.
            if info.address >= 1 << 32 or info.architecture.name() != "i386:x86-64":
                return None
            decoder = _architectures.get(code_size(info.address))
            if decoder is None:
                return None
            step = decoder.disassemble(info.address, count=1)[0]
            return api.DisassemblerResult(step["length"], step["asm"])

    api.register_disassembler(Narrow())
