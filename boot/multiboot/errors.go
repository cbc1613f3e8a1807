package multiboot

// Error says why there is no boot information. A constant string needs no
// initialiser and no allocation.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// Errors of Decode.
const (
	ErrMagic   Error = "not started by a Multiboot loader"
	ErrOutside Error = "the boot information lies outside of memory"
	ErrSize    Error = "the boot information has an impossible size"
)

// Flaw is a set of things that were wrong with the boot information.
type Flaw uint32

// The flaws. The first group is room that ran out here, the second damage.
const (
	LongCommandLine Flaw = 1 << 0 // more than MaxCommandLine bytes: cut
	LongName        Flaw = 1 << 1 // of the loader or a module, more than MaxName bytes: cut
	TooManyRegions  Flaw = 1 << 2 // more than MaxRegions: usable memory left out
	TooManyModules  Flaw = 1 << 3 // more than MaxModules: the others are unknown
	TooManyEntries  Flaw = 1 << 4 // decoding stopped at the limit of work

	BadString      Flaw = 1 << 8  // outside of memory
	BadMap         Flaw = 1 << 9  // a memory map entry that cannot be: left out
	NoMap          Flaw = 1 << 10 // no memory map: only the basic memory sizes, if those
	BadModule      Flaw = 1 << 11 // a module that cannot be: left out
	BadFramebuffer Flaw = 1 << 12 // a framebuffer that cannot be: ignored
	BadTag         Flaw = 1 << 13 // a Multiboot 2 tag that cannot be: it and the rest ignored
)

// Split returns the single flaws of a set, for the log. It allocates.
func (f Flaw) Split() []Flaw {
	var each []Flaw
	for one := Flaw(1); one != 0; one <<= 1 {
		if f&one != 0 {
			each = append(each, one)
		}
	}
	return each
}

// String returns a single flaw as part of a sentence: "the boot loader gave ...".
func (f Flaw) String() string {
	switch f {
	case 0:
		return "nothing wrong"
	case LongCommandLine:
		return "a command line of more than 1024 bytes, which was cut"
	case LongName:
		return "a name of more than 64 bytes, which was cut"
	case TooManyRegions:
		return "more than 128 memory regions; the usable ones among the rest are not used"
	case TooManyModules:
		return "more than 16 modules; the rest cannot be found"
	case TooManyEntries:
		return "more than 4096 entries; the rest was not read"
	case BadString:
		return "a text that lies outside of memory"
	case BadMap:
		return "an impossible memory map entry, which was left out"
	case NoMap:
		return "no memory map, only the sizes of low and high memory"
	case BadModule:
		return "an impossible module, which was left out"
	case BadFramebuffer:
		return "an impossible framebuffer, which is not used"
	case BadTag:
		return "an impossible tag; what follows it was not read"
	}
	return "several things wrong"
}
