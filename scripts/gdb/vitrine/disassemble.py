"""16- and 32-bit code, disassembled as such.

QEMU calls the machine 64-bit from the first instruction on, and so GDB
decodes everything as 64-bit code. In the stub, the source says what it is:
.code16, .code32 or .code64, and so it does in the trampoline's copies. Other
code below 1 MiB, the firmware's, is taken for what the processor is executing
now. In real mode an instruction pointer counts from the start of its segment,
which is added here.

GDB 13 or newer; with an older one, `monitor x/8i $pc` asks QEMU.
"""

import re

import gdb

try:
    import gdb.disassembler as api
except ImportError:
    api = None

from . import machine, program, trampoline

_architectures = {}
_directives = {}


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
    if program.stub is None:
        return 64
    text = next(s for s in program.stub.sections if s.name == ".text")
    if text.address <= address < text.address + text.size or trampoline.contains(address):
        line = gdb.find_pc_line(address)
        if line.symtab is not None:
            return _directive(line.symtab.fullname(), line.line)
    elif 0x100000 <= address < 0xFFFE0000 or not machine.live():
        return 64
    return machine.code_segment()[0]


def linear(address, bits):
    """Where the code is that the processor has at an address: in real mode the
    code segment's base is to be added."""
    if trampoline.contains(address):
        return trampoline.linear(address)
    if bits != 16 or address >= 0x10000 or not machine.live():
        return address
    bits, base = machine.code_segment()
    return base + address if bits == 16 else address


def _directive(path, line):
    """What the last .code16, .code32 or .code64 before a line of assembly
    says."""
    if path not in _directives:
        with open(path, encoding="utf-8") as source:
            found = [(number, re.match(r"\s*\.code(16|32|64)\b", text)) for number, text in enumerate(source, 1)]
        _directives[path] = [(number, int(match.group(1))) for number, match in found if match]
    bits = 64
    for number, size in _directives[path]:
        if number < line:
            bits = size
    return bits


def register():
    if api is None or not _architectures:
        return

    class Narrow(api.Disassembler):
        def __init__(self):
            super().__init__("vitrine")

        def __call__(self, info):
            address = info.address & machine.MASK64  # the upper half is negative in GDB 16
            # A decoder that is asked below comes here, too.
            if address >= 1 << 32 or info.architecture.name() != "i386:x86-64":
                return None
            bits = code_size(address)
            at = linear(address, bits)
            decoder = _architectures.get(bits)
            if decoder is None and at != address:
                decoder = info.architecture
            if decoder is None:
                return None
            step = decoder.disassemble(at, count=1)[0]
            return api.DisassemblerResult(step["length"], step["asm"])

    api.register_disassembler(Narrow())
