"""Symbols that the kernel's own ELF file does not have, in files beside it.

GDB is to know two more things:

- the stub. It is an ELF32, and GDB does not mix those with a 64-bit target. So
  its sections, debugging information included, go into an ELF64. It is loaded
  twice, for the stub runs at two addresses: where the boot loader puts it,
  and, for its last instructions, in the image window. The trampoline of further
  processors is a third such file (trampoline.py).

- short names, and a name that the unwinder needs. A Go function's name has the whole path of its package:
  vitrine/kernel/thread.Idle. A file with one more symbol for each function,
  thread.Idle, makes `break thread.Idle` work.
"""

import os
import tempfile

import gdb

from . import elf, program
from .unwind import switch

IMAGE_BASE = 0xFFFFFFFF80000000


def load(kernel):
    folder = os.path.dirname(os.path.abspath(kernel.path))
    _add(_companion(folder, "names.debug.elf", kernel.path, lambda out: write_names(kernel, out)))
    stub = os.path.join(folder, "boot.elf")
    if os.path.exists(stub):
        file = elf.File(stub)
        program.use_stub(file)
        name = _companion(folder, "boot.debug.elf", stub, lambda out: write_stub(file, out))
        _add(name)
        _add(name, "-o %#x" % IMAGE_BASE)


def load_trampoline(at):
    """Load the symbols of the trampoline's copy at an address."""
    folder = os.path.dirname(os.path.abspath(program.kernel.path))
    source = os.path.join(folder, "trampoline.elf")
    if os.path.exists(source):
        name = _companion(folder, "trampoline.debug.elf", source, lambda out: write_stub(elf.File(source), out))
        _add(name, "-o %#x" % at)


def _add(name, options=""):
    gdb.execute("add-symbol-file %s %s" % (name, options), to_string=True)


def _companion(folder, name, source, write):
    """The path of a companion, written anew if it is older than what it is
    made of."""
    path = os.path.join(folder, name)
    newest = max(map(os.path.getmtime, (source, __file__, elf.__file__)))
    if os.path.exists(path) and os.path.getmtime(path) > newest:
        return path
    try:
        handle, new = tempfile.mkstemp(dir=folder, prefix=name)
        os.close(handle)
        os.chmod(new, 0o644)
        write(new)
        os.replace(new, path)
    except OSError:  # a build that is not ours to write to
        path = os.path.join(tempfile.mkdtemp(prefix="vitrine"), name)
        write(path)
    return path


def write_names(kernel, path):
    """Write the file with short names. One that a package of the standard
    library has as well stays with that."""
    text = next(s for s in kernel.sections if s.name == ".text")
    taken, symbols = kernel.symbols(), {}
    for name, (address, _, section, _) in taken.items():
        short, assembly = program.short_name(name), False
        if not short or kernel.sections[section] is not text or name.endswith("-fm"):
            continue
        if short.endswith(".abi0"):
            # Assembly; or a way into Go code from there, then not of interest.
            short, assembly = short[: -len(".abi0")], True
        if short not in taken and not (assembly and name[: -len(".abi0")] in taken):
            symbols[short] = address
    empty = elf.Section(".text", elf.SHT_NOBITS, text.flags, text.address, b"", text.size)
    nowhere = elf.Section(".switch", elf.SHT_NOBITS, text.flags, switch.BASE, b"", switch.SIZE)
    entries = [(name, address, 0, elf.GLOBAL_FUNCTION) for name, address in symbols.items()]
    entries.append((switch.NAME, switch.BASE, 1, elf.GLOBAL_FUNCTION))
    elf.write64(path, [empty, nowhere], entries)


def write_stub(stub, path):
    """Write the stub as an ELF64. Its DWARF says by itself that its addresses
    have 32 bits."""
    kept = [s for s in stub.sections if s.kind in (elf.SHT_PROGBITS, elf.SHT_NOBITS)]
    index = {stub.sections.index(s): i for i, s in enumerate(kept)}
    symbols = [(name, address, index[section], info)
               for name, (address, _, section, info) in stub.symbols().items() if section in index]
    elf.write64(path, kept, symbols)
