package multiboot

import "vitrine/mm"

// The Multiboot 2 information: total size, a reserved word, then tags, each
// aligned to 8 bytes ("Boot information format"):
//
//	 0      4      8                size
//	| type | size | ... contents ...|
//
// size counts the eight bytes of type and size. Offsets below count from the
// start of the tag.
const (
	tagEnd         uint32 = 0
	tagCommandLine uint32 = 1
	tagLoader      uint32 = 2
	tagModule      uint32 = 3  // 8 start, 12 end, 16 string
	tagMemory      uint32 = 4  // 8 lower, 12 upper
	tagMap         uint32 = 6  // 8 entry size, 12 version, 16 entries
	tagFramebuffer uint32 = 8  // 8 address, 16 pitch, ..., 29 type, 32 colours
	tagEFI32       uint32 = 11 // 8 system table
	tagEFI64       uint32 = 12 // 8 system table
	tagRSDP1       uint32 = 14 // 8 copy of the ACPI 1.0 root pointer
	tagRSDP2       uint32 = 15 // 8 copy of the ACPI 2.0 root pointer
	tagEFIMap      uint32 = 17 // 8 entry size, 12 version, 16 entries
	tagEFIServices uint32 = 18 // boot services not ended
	tagEFIImage32  uint32 = 19 // 8 image handle
	tagEFIImage64  uint32 = 20 // 8 image handle

	headerSize2   = 8
	tagHeader     = 8
	maxSize2      = 1 << 20 // of all; real ones have a few KiB
	minEntrySize2 = 20      // base, length, type
	minEFIEntry   = 32      // type, -, physical, virtual, pages
)

// fallback remembers the tags that matter only if there is no memory map.
type fallback struct {
	efiMap       record
	lower, upper uint32
}

func (i *Info) decode2(addr mm.PhysAddr, mem Reader) error {
	b, ok := mem.Bytes(addr, headerSize2)
	if !ok {
		return ErrOutside
	}
	total := uint64(record(b).u32(0))
	if total < headerSize2 || total > maxSize2 {
		return ErrSize
	}
	if b, ok = mem.Bytes(addr, total); !ok {
		return ErrOutside
	}
	i.Protocol = 2
	i.occupy(addr, total)

	var fb fallback
	rest := record(b).from(headerSize2)
	for n := 0; len(rest) >= tagHeader; n++ {
		kind, size := rest.u32(0), uint64(rest.u32(4))
		if kind == tagEnd {
			break
		}
		if size < tagHeader || size > uint64(len(rest)) {
			i.Flaws |= BadTag // and where the next one is, nobody knows
			break
		}
		if n == maxEntries {
			i.Flaws |= TooManyEntries
			break
		}
		i.tag(kind, rest[:size], &fb)
		rest = rest.from(int((size + 7) &^ 7))
	}

	if i.entries.n == 0 {
		i.mapEFI(fb.efiMap)
	}
	if i.entries.n == 0 {
		i.Flaws |= NoMap
		i.addBasicMemory(fb.lower, fb.upper)
	}
	return nil
}

// tag takes what the kernel wants from one tag.
func (i *Info) tag(kind uint32, t record, fb *fallback) {
	switch kind {
	case tagCommandLine:
		i.commandLine.n = i.string2(i.commandLine.b[:], t.from(8), LongCommandLine)
	case tagLoader:
		i.loader.n = i.string2(i.loader.b[:], t.from(8), LongName)
	case tagModule:
		var name text64
		name.n = i.string2(name.b[:], t.from(16), LongName)
		i.addModule(t.u32(8), t.u32(12), &name)
	case tagMemory:
		fb.lower, fb.upper = t.u32(8), t.u32(12)
	case tagMap:
		i.map2(t)
	case tagFramebuffer:
		i.setFramebuffer(t.from(8), 24)
	case tagEFI32:
		i.EFI.Bits, i.EFI.SystemTable = 32, mm.PhysAddr(t.u32(8))
	case tagEFI64:
		i.EFI.Bits, i.EFI.SystemTable = 64, mm.PhysAddr(t.u64(8))
	case tagRSDP1:
		if i.rsdpLen == 0 { // the newer one is better
			i.rsdpLen = copy(i.rsdp[:20], t.from(8))
		}
	case tagRSDP2:
		i.rsdpLen = copy(i.rsdp[:], t.from(8))
	case tagEFIMap:
		fb.efiMap = t
	case tagEFIServices:
		i.EFI.BootServices = true
	case tagEFIImage32:
		i.EFI.ImageHandle = mm.PhysAddr(t.u32(8))
	case tagEFIImage64:
		i.EFI.ImageHandle = mm.PhysAddr(t.u64(8))
	}
}

// string2 copies the string in src to dst and returns its length.
func (i *Info) string2(dst []byte, src record, long Flaw) int {
	n, whole := copyString(dst, src)
	if !whole {
		i.Flaws |= long
	}
	return n
}

// entriesOf calls add for each entry of the map in t, a tag that tells the
// size of its entries.
func (i *Info) entriesOf(t record, least uint32, add func(*Info, record)) {
	size := t.u32(8)
	if size < least {
		i.Flaws |= BadMap
		return
	}
	entries := t.from(16)
	for n := 0; uint64(len(entries)) >= uint64(size); n++ {
		if n == maxEntries {
			i.Flaws |= TooManyEntries
			return
		}
		add(i, entries[:size])
		entries = entries.from(int(size))
	}
}

// map2 reads the memory map.
func (i *Info) map2(t record) { i.entriesOf(t, minEntrySize2, addEntry2) }

func addEntry2(i *Info, e record) {
	i.addEntry(e.u64(0), e.u64(8), kindOf(e.u32(16)))
}

// mapEFI reads the firmware's own memory map, if there is one.
func (i *Info) mapEFI(t record) {
	if t != nil {
		i.entriesOf(t, minEFIEntry, addEntryEFI)
	}
}

func addEntryEFI(i *Info, e record) {
	pages := e.u64(24)
	if pages > maxPhys>>mm.PageShift {
		i.Flaws |= BadMap
		return
	}
	i.addEntry(e.u64(8), pages<<mm.PageShift, kindOfEFI(e.u32(0)))
}
