package multiboot

import "vitrine/mm"

// text64 and textLine are strings with a place of their own: they can be
// filled before anything can be allocated.
type (
	text64 struct {
		b [MaxName]byte
		n int
	}
	textLine struct {
		b [MaxCommandLine]byte
		n int
	}
)

func (t *text64) bytes() []byte   { return t.b[:t.n] }
func (t *textLine) bytes() []byte { return t.b[:t.n] }

// dropWord removes the first word and the spaces after it.
func (t *textLine) dropWord() {
	from := 0
	for from < t.n && t.b[from] != ' ' {
		from++
	}
	for from < t.n && t.b[from] == ' ' {
		from++
	}
	t.n = copy(t.b[:], t.b[from:t.n])
}

// copyString copies the string at the start of src, which ends at a zero byte
// or with src, and returns its length. whole is false if it did not fit.
func copyString(dst, src []byte) (n int, whole bool) {
	for _, c := range src {
		if c == 0 {
			return n, true
		}
		if n == len(dst) {
			return n, false
		}
		dst[n] = c
		n++
	}
	return n, true
}

// readString copies the zero-terminated string at a. It reads byte by byte,
// since the string may end right before the end of memory. inside is false if
// memory ends before the string.
func readString(dst []byte, a mm.PhysAddr, mem Reader) (n int, whole, inside bool) {
	for {
		b, ok := mem.Bytes(a+mm.PhysAddr(n), 1)
		if !ok || len(b) == 0 {
			return n, true, false
		}
		if b[0] == 0 {
			return n, true, true
		}
		if n == len(dst) {
			return n, false, true
		}
		dst[n] = b[0]
		n++
	}
}

// record is a piece of the information in which fields are looked up by their
// offset, least significant byte first. A field that lies past its end reads
// as 0: no length has to be checked twice.
type record []byte

func (r record) u8(at int) uint8 {
	if at >= len(r) {
		return 0
	}
	return r[at]
}

func (r record) u16(at int) uint16 { return uint16(r.u8(at)) | uint16(r.u8(at+1))<<8 }
func (r record) u32(at int) uint32 { return uint32(r.u16(at)) | uint32(r.u16(at+2))<<16 }
func (r record) u64(at int) uint64 { return uint64(r.u32(at)) | uint64(r.u32(at+4))<<32 }

// from returns what follows the first n bytes.
func (r record) from(n int) record {
	if n >= len(r) {
		return nil
	}
	return r[n:]
}
