//go:build tamago

package start

import (
	"unsafe"

	"vitrine/mm"
	"vitrine/mm/paging"
)

// The image begins with its own ELF header and program headers: the linker
// makes them part of the first segment. They say which rights each part of the
// image is to have. The builder (tools/image) has checked them.

type segment struct {
	Range          mm.VirtRange // whole pages
	write, execute bool
}

func (s segment) flags() paging.Entry {
	f := paging.Global
	if s.write {
		f |= paging.Writable
	}
	if !s.execute {
		f |= paging.NoExecute
	}
	return f
}

// elfHeader is the part of an ELF64 header that counts here.
type elfHeader struct {
	_              [32]byte
	programHeaders uint64 // offset in the file, and so in memory
	_              [16]byte
	count          uint16
	_              [6]byte
}

type programHeader struct {
	kind, flags uint32
	_           uint64
	virtual     uint64
	_, _        uint64
	size        uint64
	_           uint64
}

const (
	ptLoad = 1
	pfX    = 1
	pfW    = 2
)

func headers() (h *elfHeader, p []programHeader) {
	at := mm.ImageBase + mm.VirtAddr(goStart)
	h = (*elfHeader)(at.Pointer())
	return h, unsafe.Slice((*programHeader)((at + mm.VirtAddr(h.programHeaders)).Pointer()), h.count)
}

// segmentCount returns how many segments are loaded; segmentAt returns the
// i-th of them, in ascending order.
func segmentCount() (n int) {
	_, p := headers()
	for i := range p {
		if p[i].kind == ptLoad && p[i].size != 0 {
			n++
		}
	}
	return n
}

func segmentAt(i int) segment {
	_, p := headers()
	for j := range p {
		if p[j].kind != ptLoad || p[j].size == 0 {
			continue
		}
		if i == 0 {
			start := mm.VirtAddr(p[j].virtual)
			return segment{
				Range: mm.VirtRange{
					Start: start.AlignDown(mm.PageSize),
					End:   (start + mm.VirtAddr(p[j].size)).AlignUp(mm.PageSize),
				},
				write:   p[j].flags&pfW != 0,
				execute: p[j].flags&pfX != 0,
			}
		}
		i--
	}
	return segment{}
}

// imagePhys returns where the image's address v lies in physical memory.
func imagePhys(v mm.VirtAddr) mm.PhysAddr { return mm.PhysAddr(v - mm.ImageBase) }

func findImageEnd() (end mm.PhysAddr) {
	for i := range segmentCount() {
		end = max(end, imagePhys(segmentAt(i).Range.End))
	}
	return end
}

func wordsAt(a mm.PhysAddr, n int) []uint64 {
	return unsafe.Slice((*uint64)(a.Direct().Pointer()), n)
}

// Text returns the range of the kernel's code.
func Text() mm.VirtRange {
	for i := range segmentCount() {
		if s := segmentAt(i); s.execute {
			return s.Range
		}
	}
	return mm.VirtRange{}
}
