// Package multiboot reads what the boot loader left behind.
//
// A kernel wakes up knowing nothing about the machine: not how much memory
// there is, not what is already in it. The boot loader asked the firmware
// while it still could, wrote the answers down in memory, and passes two
// numbers in registers: a magic number that says by which convention it wrote
// (EAX), and where (EBX).
//
//	0x2badb002  Multiboot 1: one struct of flags and pointers to the rest
//	0x36d76289  Multiboot 2: one block of tags, each with its type and size
//
// QEMU's -kernel speaks Multiboot 1; GRUB speaks both, and on a UEFI machine
// only Multiboot 2 tells where the ACPI tables are.
//
// Decode copies everything the kernel wants into an Info, which has a fixed
// size, and keeps no reference to the loader's memory. That memory lies
// somewhere in RAM that the map calls usable: it must not be given away before
// Decode has returned (InfoRanges names it), the modules not even then.
//
// Nothing in that memory is believed unseen. A length that is too long, an
// entry that ends before it begins, a string without an end: what can be used
// is used, what cannot is left out, and Info.Flaws tells of it, so that the
// kernel log can. Whatever the input, the work is bounded.
//
// Read Info.Decode first, then multiboot1.go or multiboot2.go, then
// regions.go, which turns the loader's list of memory into one without
// overlaps. In GDB: break multiboot.(*Info).Decode.
//
// Context: everything here except the methods that return a string, and
// words.go, runs before the Go runtime is up: no allocation, no package
// initialisers, no writes but to the Info.
//
// Sources: "Multiboot Specification version 0.6.96" and "Multiboot2
// Specification version 2.0", https://www.gnu.org/software/grub/manual/.
package multiboot

import "vitrine/mm"

// What the boot loader leaves in EAX.
const (
	Magic1 uint32 = 0x2bad_b002
	Magic2 uint32 = 0x36d7_6289
)

// Capacities of an Info.
const (
	MaxCommandLine = 4096 // bytes
	MaxName        = 64   // bytes of the loader's name, and of a module's
	MaxRegions     = 128
	MaxModules     = 16
	MaxInfoRanges  = 24
	MaxRSDP        = 36 // bytes: the size of an ACPI 2.0 root pointer
)

// maxEntries bounds how many map entries, tags and modules are looked at.
const maxEntries = 4096

// Reader reads physical memory. Bytes returns the n bytes at a, or false if
// they do not all lie in memory that can be read. The caller does not keep
// the slice, nor write to it.
type Reader interface {
	Bytes(a mm.PhysAddr, n uint64) ([]byte, bool)
}

// Info is the boot information. It holds no pointers.
type Info struct {
	Protocol    int // 1 or 2: the version of Multiboot
	Framebuffer Framebuffer
	EFI         EFI
	Flaws       Flaw // what was damaged or did not fit

	commandLine textLine
	loader      text64
	entries     regionList // as the loader wrote them
	regions     regionList // sorted, without overlaps
	modules     [MaxModules]Module
	numModules  int
	infoRanges  [MaxInfoRanges]mm.PhysRange
	numRanges   int
	rsdp        [MaxRSDP]byte
	rsdpLen     int
}

// EFI is what a UEFI loader tells about the firmware. Bits is 0 if the machine
// was not started by UEFI, else 32 or 64: the width of the system table.
type EFI struct {
	Bits         int
	SystemTable  mm.PhysAddr
	ImageHandle  mm.PhysAddr
	BootServices bool // the loader did not end the boot services
}

// Module is a file that the loader put into memory. Its memory is in use until
// the kernel decides otherwise. An empty file has an empty range.
type Module struct {
	Range mm.PhysRange
	name  text64
}

// Name returns the module's command line, up to MaxName bytes: by convention
// its name and options. It allocates.
func (m *Module) Name() string { return string(m.name.bytes()) }

// NameBytes is Name without allocation; the slice is part of m.
func (m *Module) NameBytes() []byte { return m.name.bytes() }

// Decode fills i from the information at addr, in the format that magic tells.
// What i held before is lost.
//
// Errors:  ErrMagic, ErrOutside, ErrSize: there is nothing to decode, and i is
// empty. Lesser damage is no error; see Flaws.
// Context: before the runtime is up, on a stack of a few KiB. Never allocates.
func (i *Info) Decode(magic uint32, addr mm.PhysAddr, mem Reader) error {
	*i = Info{}
	var err error
	switch magic {
	case Magic1:
		err = i.decode1(addr, mem)
	case Magic2:
		err = i.decode2(addr, mem)
	default:
		return ErrMagic
	}
	if err != nil {
		return err
	}
	if i.Protocol == 1 && isQEMU(i.loader.bytes()) {
		i.commandLine.dropWord()
	}
	i.flatten()
	return nil
}

// isQEMU tells whether QEMU itself loaded the kernel (-kernel). It puts the
// path of the image in front of the command line, which no other loader does;
// a path with a space in it cannot be told from a first word.
func isQEMU(loader []byte) bool { return string(loader) == "qemu" }

// CommandLine returns the kernel's command line, without the image's path. It
// allocates.
func (i *Info) CommandLine() string { return string(i.commandLine.bytes()) }

// CommandLineBytes is CommandLine without allocation; the slice is part of i.
func (i *Info) CommandLineBytes() []byte { return i.commandLine.bytes() }

// Loader returns the boot loader's name, such as "qemu" or "GRUB 2.06-13". It
// allocates.
func (i *Info) Loader() string { return string(i.loader.bytes()) }

// LoaderBytes is Loader without allocation; the slice is part of i.
func (i *Info) LoaderBytes() []byte { return i.loader.bytes() }

// Modules returns the modules in the loader's order; the slice is part of i.
func (i *Info) Modules() []Module { return i.modules[:i.numModules] }

// RSDP returns a copy of the ACPI root pointer, 20 or 36 bytes, or nothing if
// the loader told none. Its checksum has not been looked at. The slice is part
// of i.
func (i *Info) RSDP() []byte { return i.rsdp[:i.rsdpLen] }

// InfoRanges returns the memory that the information itself was read from; the
// slice is part of i. Nothing of it is needed any more.
func (i *Info) InfoRanges() []mm.PhysRange { return i.infoRanges[:i.numRanges] }

// occupy notes that the information has n bytes at a.
func (i *Info) occupy(a mm.PhysAddr, n uint64) {
	if i.numRanges < len(i.infoRanges) && n > 0 {
		i.infoRanges[i.numRanges] = mm.PhysRange{Start: a, End: a + mm.PhysAddr(n)}
		i.numRanges++
	}
}

// addModule appends a module, if its range and the room allow it.
func (i *Info) addModule(start, end uint32, name *text64) {
	switch {
	case end < start:
		i.Flaws |= BadModule
	case i.numModules == len(i.modules):
		i.Flaws |= TooManyModules
	default:
		m := &i.modules[i.numModules]
		m.Range = mm.PhysRange{Start: mm.PhysAddr(start), End: mm.PhysAddr(end)}
		m.name = *name
		i.numModules++
	}
}
