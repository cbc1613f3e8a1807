package region

// ErrorCode is what the processor pushes at a page fault (SDM Vol. 3A,
// "Interrupt 14-Page-Fault Exception (#PF)"):
//
//	 31    16 15  14    7  6  5  4    3   2   1 0
//	|  zero  |SGX| zero |SS|PK|I/D|RSVD|U/S|W/R|P|
type ErrorCode uint64

// The bits of an error code.
const (
	Present       ErrorCode = 1 << 0  // P: there is a page, but it does not allow this; else there is none
	Write         ErrorCode = 1 << 1  // W/R: a write; else a read
	User          ErrorCode = 1 << 2  // U/S: from ring 3; else from the kernel
	Reserved      ErrorCode = 1 << 3  // RSVD: a reserved bit is set in an entry on the way
	Fetch         ErrorCode = 1 << 4  // I/D: an instruction fetch
	ProtectionKey ErrorCode = 1 << 5  // PK: forbidden by the page's protection key
	ShadowStack   ErrorCode = 1 << 6  // SS: a shadow-stack access
	Enclave       ErrorCode = 1 << 15 // SGX: forbidden by SGX, not by the page tables
)

// Has tells whether all of bits are set.
func (c ErrorCode) Has(bits ErrorCode) bool { return c&bits == bits }

// String says what happened: "read of a page that is not present, from the
// kernel".
func (c ErrorCode) String() string {
	return string(c.Append(make([]byte, 0, 96)))
}

// Append appends String to b. It allocates only if b has no room for the 96
// characters at most.
func (c ErrorCode) Append(b []byte) []byte {
	switch {
	case c.Has(Fetch):
		b = append(b, "instruction fetch from a page "...)
	case c.Has(Write):
		b = append(b, "write to a page "...)
	default:
		b = append(b, "read of a page "...)
	}
	switch {
	case c.Has(Enclave):
		b = append(b, "that SGX protects"...)
	case c.Has(Reserved):
		b = append(b, "whose tables have a reserved bit set"...)
	case c.Has(ProtectionKey):
		b = append(b, "whose protection key forbids it"...)
	case c.Has(ShadowStack):
		b = append(b, "that is wrong for a shadow stack"...)
	case c.Has(Present):
		b = append(b, "that does not allow it"...)
	default:
		b = append(b, "that is not present"...)
	}
	if c.Has(User) {
		return append(b, ", from user mode"...)
	}
	return append(b, ", from the kernel"...)
}
