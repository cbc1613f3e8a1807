"""ELF files: what of them GDB does not tell Python, and writing small ones.

ELF-64 Object File Format, "Sections"; System V ABI, "Sections" for ELF32.
"""

import struct
import zlib

PT_LOAD = 1
SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB, SHT_NOBITS = 1, 2, 3, 8
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_COMPRESSED = 1, 2, 4, 0x800
STT_FUNC = 2
GLOBAL_FUNCTION = 1 << 4 | STT_FUNC

_header = {1: "<16xHHIIIIIHHHHHH", 2: "<16xHHIQQQIHHHHHH"}
_section = {1: "<IIIIIIIIII", 2: "<IIQQQQIIQQ"}


class Section:
    def __init__(self, name, kind, flags, address, data, size=None):
        self.name, self.kind, self.flags, self.address = name, kind, flags, address
        self.data, self.size = data, len(data) if size is None else size


class Segment:
    """A part of an ELF64 that is loaded. flags: 4 readable, 2 writable, 1 executable."""

    def __init__(self, address, size, flags):
        self.address, self.size, self.flags = address, size, flags


class File:
    """An ELF file, 32 or 64 bits, little-endian."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as f:
            self._bytes = f.read()
        if self._bytes[:4] != b"\x7fELF":
            raise ValueError("%s is not an ELF file" % path)
        self._class = self._bytes[4]
        fields = struct.unpack_from(_header[self._class], self._bytes)
        offset, size, count, names = fields[5], fields[10], fields[11], fields[12]
        raw = [struct.unpack_from(_section[self._class], self._bytes, offset + i * size) for i in range(count)]
        table = raw[names]
        self.sections = []
        for s in raw:
            name = self._string(table[4] + s[0])
            data = b"" if s[1] == SHT_NOBITS else self._bytes[s[4] : s[4] + s[5]]
            self.sections.append(Section(name, s[1], s[2], s[3], data, s[5]))
        self._symbols = None

    def segments(self):
        """What of an ELF64 is loaded."""
        offset, = struct.unpack_from("<Q", self._bytes, 32)
        size, count = struct.unpack_from("<HH", self._bytes, 54)
        raw = [struct.unpack_from("<IIQQQQQQ", self._bytes, offset + i * size) for i in range(count)]
        return [Segment(s[3], s[6], s[1]) for s in raw if s[0] == PT_LOAD and s[6]]

    def _string(self, at):
        return self._bytes[at : self._bytes.index(b"\0", at)].decode()

    def section(self, name):
        """The bytes of a section, unpacked; None if there is none."""
        for s in self.sections:
            if s.name == name:
                if s.flags & SHF_COMPRESSED:
                    return zlib.decompress(s.data[24 if self._class == 2 else 12 :])
                return s.data
        return None

    def symbols(self):
        """{name: (address, size, index of its section, info)}; info is the
        binding and the kind. Of several with one name, the first."""
        if self._symbols is None:
            self._symbols = {}
            for name, symbol in self._read_symbols():
                self._symbols.setdefault(name, symbol)
        return self._symbols

    def _read_symbols(self):
        table, strings = self.section(".symtab") or b"", self.section(".strtab")
        form = "<IIIBBH" if self._class == 1 else "<IBBHQQ"
        for fields in struct.iter_unpack(form, table):
            if self._class == 1:
                name, value, size, info, _, section = fields
            else:
                name, info, _, section, value, size = fields
            if name and info & 15 <= STT_FUNC:
                yield strings[name : strings.index(b"\0", name)].decode(), (value, size, section, info)


def write64(path, sections, symbols):
    """Write an ELF64 with sections and symbols [(name, address, index of its
    section in sections, info)]."""
    strings, table = bytearray(b"\0"), bytearray(24)
    symbols = sorted(symbols, key=lambda symbol: symbol[3] >> 4)  # local ones first
    first_global = 1 + sum(symbol[3] >> 4 == 0 for symbol in symbols)
    for name, address, section, info in symbols:
        table += struct.pack("<IBBHQQ", len(strings), info, 0, section + 1, address, 0)
        strings += name.encode() + b"\0"
    sections = [Section("", 0, 0, 0, b"")] + sections
    sections.append(Section(".symtab", SHT_SYMTAB, 0, 0, bytes(table)))
    sections.append(Section(".strtab", SHT_STRTAB, 0, 0, bytes(strings)))
    names, at = bytearray(), []
    for s in sections + [Section(".shstrtab", 0, 0, 0, b"")]:
        at.append(len(names))
        names += s.name.encode() + b"\0"
    sections.append(Section(".shstrtab", SHT_STRTAB, 0, 0, bytes(names)))

    body, headers = bytearray(64), bytearray()
    for name, s in zip(at, sections):
        body += b"\0" * (-len(body) % 16)
        link, entry = (len(sections) - 2, 24) if s.kind == SHT_SYMTAB else (0, 0)
        headers += struct.pack("<IIQQQQIIQQ", name, s.kind, s.flags, s.address, len(body), s.size, link,
                               first_global if entry else 0, 16, entry)
        body += s.data
    body += b"\0" * (-len(body) % 16)
    body[:64] = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, len(body), 0, 64, 56, 0, 64, len(sections), len(sections) - 1)
    with open(path, "wb") as f:
        f.write(body + headers)
