package multiboot

import "vitrine/mm"

// The Multiboot 1 information: a word of flags that says which of the fields
// are valid ("Boot information format").
//
//	 0 flags          44 mmap_length
//	 4 mem_lower      48 mmap_addr
//	 8 mem_upper      64 boot_loader_name
//	16 cmdline        88 framebuffer: addr (8 bytes), pitch, width, height,
//	20 mods_count        bpp and type (1 byte each), colours
//	24 mods_addr     116 end
const (
	flagMemory      uint32 = 1 << 0
	flagCommandLine uint32 = 1 << 2
	flagModules     uint32 = 1 << 3
	flagMap         uint32 = 1 << 6
	flagLoader      uint32 = 1 << 9
	flagFramebuffer uint32 = 1 << 12

	size1            = 116 // of the whole struct
	size1WithoutFB   = 88  // of the older one, which QEMU writes
	framebufferBase1 = 88
	moduleSize1      = 16 // start, end, string, reserved
	minEntrySize1    = 20 // base, length, type
	maxEntrySize1    = 128
)

func (i *Info) decode1(addr mm.PhysAddr, mem Reader) error {
	size := uint64(size1)
	b, ok := mem.Bytes(addr, size)
	if !ok {
		size = size1WithoutFB
		if b, ok = mem.Bytes(addr, size); !ok {
			return ErrOutside
		}
	}
	i.Protocol = 1
	head := record(b)
	flags := head.u32(0)
	if flags&flagFramebuffer == 0 {
		size = size1WithoutFB
	}
	i.occupy(addr, size)

	if flags&flagCommandLine != 0 {
		i.commandLine.n = i.string1(i.commandLine.b[:], head.u32(16), LongCommandLine, mem)
	}
	if flags&flagLoader != 0 {
		i.loader.n = i.string1(i.loader.b[:], head.u32(64), LongName, mem)
	}
	if flags&flagMap != 0 {
		i.map1(head.u32(48), head.u32(44), mem)
	}
	if i.entries.n == 0 {
		i.Flaws |= NoMap
		if flags&flagMemory != 0 {
			i.addBasicMemory(head.u32(4), head.u32(8))
		}
	}
	if flags&flagModules != 0 {
		i.modules1(head.u32(24), head.u32(20), mem)
	}
	if flags&flagFramebuffer != 0 {
		i.setFramebuffer(head.from(framebufferBase1), 22)
	}
	return nil
}

// string1 copies the string at addr to dst and returns its length.
func (i *Info) string1(dst []byte, addr uint32, long Flaw, mem Reader) int {
	n, whole, inside := readString(dst, mm.PhysAddr(addr), mem)
	switch {
	case !inside:
		i.Flaws |= BadString
	case !whole:
		i.Flaws |= long
	default:
		i.occupy(mm.PhysAddr(addr), uint64(n)+1)
		return n
	}
	i.occupy(mm.PhysAddr(addr), uint64(n))
	return n
}

// map1 reads the memory map. Each entry begins with its own size, which does
// not count itself, so that entries can grow.
func (i *Info) map1(addr, length uint32, mem Reader) {
	at, end := uint64(addr), uint64(addr)+uint64(length)
	for n := 0; at+4+minEntrySize1 <= end; n++ {
		if n == maxEntries {
			i.Flaws |= TooManyEntries
			break
		}
		b, ok := mem.Bytes(mm.PhysAddr(at), 4+minEntrySize1)
		e := record(b)
		size := e.u32(0)
		if !ok || size < minEntrySize1 || size > maxEntrySize1 {
			i.Flaws |= BadMap // and where the next one is, nobody knows
			break
		}
		i.addEntry(e.u64(4), e.u64(12), kindOf(e.u32(20)))
		at += 4 + uint64(size)
	}
	i.occupy(mm.PhysAddr(addr), at-uint64(addr))
}

// modules1 reads the list of modules.
func (i *Info) modules1(addr, count uint32, mem Reader) {
	for n := uint32(0); n < count; n++ {
		if n == maxEntries {
			i.Flaws |= TooManyEntries
			return
		}
		a := mm.PhysAddr(addr) + mm.PhysAddr(n)*moduleSize1
		b, ok := mem.Bytes(a, moduleSize1)
		if !ok {
			i.Flaws |= BadModule
			return
		}
		if i.numModules == len(i.modules) {
			i.Flaws |= TooManyModules
			return
		}
		i.occupy(a, moduleSize1)
		m := record(b)
		start, end, text := m.u32(0), m.u32(4), m.u32(8)
		var name text64
		if text != 0 && start <= end {
			name.n = i.string1(name.b[:], text, LongName, mem)
		}
		i.addModule(start, end, &name)
	}
}
