"""Go's own table of functions, .gopclntab: how much stack a function uses at
each instruction.

The runtime's tracebacks use the same table (runtime/symtab.go, type _func;
internal/abi/symtab.go). It is read from the ELF file.
"""

import bisect
import struct

from . import program


class Table:
    def __init__(self, data, text):
        self._data, self._text = data, text
        if struct.unpack_from("<I", data)[0] != 0xFFFFFFF1:  # since Go 1.20
            raise ValueError("unknown format of .gopclntab")
        count, _, _, _, _, _, self._values, self._functions = struct.unpack_from("<8Q", data, 8)
        pairs = struct.unpack_from("<%dI" % (2 * count + 1), data, self._functions)
        self._starts, self._records = pairs[0::2], pairs[1::2]

    def entry(self, pc):
        """The start of the function that pc lies in, or None."""
        i = self._index(pc)
        return None if i is None else self._text + self._starts[i]

    def _index(self, pc):
        offset = pc - self._text
        if offset < 0 or offset >= self._starts[-1]:
            return None
        return bisect.bisect_right(self._starts, offset) - 1

    def stack(self, pc):
        """How many bytes below its entry SP is at pc; None if not known."""
        i = self._index(pc)
        if i is None:
            return None
        record = self._functions + self._records[i]
        at = struct.unpack_from("<I", self._data, record + 16)[0]  # pcsp
        if at == 0:
            return None
        at += self._values
        value, where = -1, self._text + self._starts[i]
        while True:
            change, at = self._varint(at)
            if change == 0 and where != self._text + self._starts[i]:
                return None
            value += -(change + 1 >> 1) if change & 1 else change >> 1
            length, at = self._varint(at)
            where += length
            if pc < where:
                return value

    def _varint(self, at):
        value = shift = 0
        while True:
            b = self._data[at]
            at += 1
            value |= (b & 0x7F) << shift
            if b < 0x80:
                return value, at
            shift += 7


_table = None


def table():
    global _table
    if _table is None:
        _table = Table(program.kernel.section(".gopclntab"), program.kernel.symbols()["runtime.text"][0])
    return _table
