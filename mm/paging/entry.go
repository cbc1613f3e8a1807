package paging

import "vitrine/mm"

// Table is a page table of any level: one frame, 512 entries.
type Table [512]Entry

// Entry is one entry of a table (SDM Vol. 3A, "4-Level Paging and 5-Level
// Paging", the figure "Formats of CR3 and Paging-Structure Entries with 4-Level
// Paging and 5-Level Paging"):
//
//	 63  62    52 51              12 11    9 8  7  6 5  4   3  2 1 0
//	| NX | free  | physical address | free |G|PS|D|A|PCD|PWT|U|W|P|
//
// The free bits are the kernel's to use. In an entry that maps a large page
// the address is that of the page, and its lower bits are zero.
type Entry uint64

// Flags of an entry.
const (
	Present      Entry = 1 << 0 // P: without it the other bits mean nothing
	Writable     Entry = 1 << 1 // R/W
	User         Entry = 1 << 2 // U/S: ring 3 may use it
	WriteThrough Entry = 1 << 3 // PWT: write-through caching; but see WriteCombining
	CacheDisable Entry = 1 << 4 // PCD: no caching, for device registers
	Accessed     Entry = 1 << 5 // A: set by the processor at each use
	Dirty        Entry = 1 << 6 // D: set by the processor at each write
	Large        Entry = 1 << 7 // PS: a page of 2 MiB or 1 GiB, in a PD or PDPT
	Global       Entry = 1 << 8 // G: stays in the TLB when CR3 is loaded

	Software1 Entry = 1 << 9 // free for the kernel
	Software2 Entry = 1 << 10
	Software3 Entry = 1 << 11

	NoExecute Entry = 1 << 63 // XD, or NX
)

// WriteCombining is for memory that is written in long rows and hardly read,
// such as a framebuffer: not cached, but writes are gathered and sent in bursts.
//
// PWT and PCD are an index into a table of memory types, the PAT (SDM Vol. 3A,
// "Page Attribute Table"). Package kernel/start changes its entry 1, which is
// write-through when the processor starts, to this type. On a processor
// without a PAT it stays write-through, which is right, too, and slower.
const WriteCombining = WriteThrough

const (
	addressMask Entry = 0x000f_ffff_ffff_f000

	// settable are the flags that Map and Protect take.
	settable = Writable | User | WriteThrough | CacheDisable | Global |
		Software1 | Software2 | Software3 | NoExecute

	// tracked are the flags that the processor sets by itself.
	tracked = Accessed | Dirty
)

// Has tells whether all of flags are set.
func (e Entry) Has(flags Entry) bool { return e&flags == flags }

// Flags returns e without the address.
func (e Entry) Flags() Entry { return e &^ addressMask }

// Frame returns the frame that e points to: of a table, or of a page's start.
func (e Entry) Frame() mm.Frame { return mm.PhysAddr(e & addressMask).Frame() }

// letters has a flag's short name, in the order of Entry.String.
var letters = [...]struct {
	flag Entry
	name string
}{
	{Present, "P"},
	{Writable, "W"},
	{User, "U"},
	{WriteThrough, "T"},
	{CacheDisable, "C"},
	{Accessed, "A"},
	{Dirty, "D"},
	{Large, "L"},
	{Global, "G"},
	{NoExecute, "NX"},
}

// String returns the flags in the order P W U T C A D L G NX (present,
// writable, user, write-through, cache-disable, accessed, dirty, large,
// global, no-execute), with a dash for each that is not set:
//
//	P W - - - A D - G NX
func (e Entry) String() string {
	return string(e.Append(make([]byte, 0, 24)))
}

// Append appends String to b. It allocates only if b has no room for the 20
// characters.
func (e Entry) Append(b []byte) []byte {
	for i := range letters {
		l := &letters[i]
		if i > 0 {
			b = append(b, ' ')
		}
		if e.Has(l.flag) {
			b = append(b, l.name...)
		} else {
			b = append(b, "--"[:len(l.name)]...)
		}
	}
	return b
}

// link returns the entry that points to the table in f, on the way to v. It
// gives every right that v's half allows: the entry that maps the page decides.
func link(f mm.Frame, v mm.VirtAddr) Entry {
	e := Entry(f.Addr()) | Present | Writable
	if !upper(v) {
		e |= User
	}
	return e
}

// leaf returns the entry of a table of the level that maps the page at p.
func leaf(p mm.PhysAddr, level Level, flags Entry) Entry {
	e := Entry(p) | flags | Present
	if level > PT {
		e |= Large
	}
	return e
}
