package multiboot

import (
	"encoding/binary"

	"vitrine/mm"
)

// memory is physical memory that begins at base.
type memory struct {
	base mm.PhysAddr
	b    []byte
}

func (m memory) Bytes(a mm.PhysAddr, n uint64) ([]byte, bool) {
	if a < m.base || n > uint64(len(m.b)) || uint64(a-m.base) > uint64(len(m.b))-n {
		return nil, false
	}
	return m.b[a-m.base:][:n], true
}

// at is where the tests put their information.
const at mm.PhysAddr = 0x9000

var le = binary.LittleEndian

func u32s(v ...uint32) []byte {
	var b []byte
	for _, x := range v {
		b = le.AppendUint32(b, x)
	}
	return b
}

// entry is one entry of a memory map as both versions of Multiboot write it.
func entry(base, length uint64, kind uint32) []byte {
	b := le.AppendUint64(nil, base)
	b = le.AppendUint64(b, length)
	return le.AppendUint32(b, kind)
}

// info1 builds Multiboot 1 information: the struct at at, the rest behind it.
type info1 struct {
	head [116]byte
	rest []byte
}

func (i *info1) set(offset int, v uint32) { le.PutUint32(i.head[offset:], v) }

func (i *info1) flag(f uint32) { i.set(0, le.Uint32(i.head[:])|f) }

// put appends b to the rest and returns its address.
func (i *info1) put(b []byte) uint32 {
	a := uint32(at) + uint32(len(i.head)+len(i.rest))
	i.rest = append(i.rest, b...)
	return a
}

func (i *info1) text(s string) uint32 { return i.put(append([]byte(s), 0)) }

func (i *info1) commandLine(s string) {
	i.flag(flagCommandLine)
	i.set(16, i.text(s))
}

func (i *info1) loader(s string) {
	i.flag(flagLoader)
	i.set(64, i.text(s))
}

func (i *info1) memoryMap(entries ...[]byte) {
	i.flag(flagMap)
	var b []byte
	for _, e := range entries {
		b = append(le.AppendUint32(b, uint32(len(e))), e...)
	}
	i.set(44, uint32(len(b)))
	i.set(48, i.put(b))
}

func (i *info1) memory() memory {
	return memory{at, append(append([]byte(nil), i.head[:]...), i.rest...)}
}

func (i *info1) decode() (Info, error) {
	var info Info
	err := info.Decode(Magic1, at, i.memory())
	return info, err
}

// tag2 builds one Multiboot 2 tag.
func tag2(kind uint32, contents ...[]byte) []byte {
	b := u32s(kind, 0)
	for _, c := range contents {
		b = append(b, c...)
	}
	le.PutUint32(b[4:], uint32(len(b)))
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}

// info2 builds Multiboot 2 information from tags.
func info2(tags ...[]byte) memory {
	b := u32s(0, 0)
	for _, t := range tags {
		b = append(b, t...)
	}
	b = append(b, tag2(tagEnd)...)
	le.PutUint32(b, uint32(len(b)))
	return memory{at, b}
}

func decode2(tags ...[]byte) (Info, error) {
	var info Info
	err := info.Decode(Magic2, at, info2(tags...))
	return info, err
}

func region(start, end mm.PhysAddr, kind Kind) Region {
	return Region{mm.PhysRange{Start: start, End: end}, kind}
}
