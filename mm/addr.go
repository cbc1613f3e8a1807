// Package mm names the two kinds of address and the units of memory.
//
// A processor with paging on knows two kinds of number that both look like an
// address. A virtual address is what a program uses. A physical address is
// what appears on the memory bus. The page tables (package mm/paging) turn the
// first into the second. Mixing them up is the classic kernel bug, so here
// they are different types, and every conversion is written out:
//
//	VirtAddr --(page tables: paging.Space.Translate)--> PhysAddr
//	PhysAddr --(the direct map: PhysAddr.Direct)------> VirtAddr
//
// Both are handed out in units of 4 KiB: a page of virtual memory, a frame of
// physical memory. A Frame is the frame's number, its address divided by 4096.
//
// layout.go has the map of the kernel's virtual memory.
//
// This package is pure: no state, no allocation, usable before the Go runtime
// is up.
package mm

// PhysAddr is a physical address in bytes.
type PhysAddr uint64

// VirtAddr is a virtual address in bytes.
type VirtAddr uint64

// PageShift is the base-2 logarithm of the size of a page.
const PageShift = 12

// Sizes in bytes. A page-table entry of a higher level may map a large page
// (2 MiB) or a huge one (1 GiB) at once.
const (
	PageSize      = 1 << PageShift
	LargePageSize = 2 << 20
	HugePageSize  = 1 << 30
)

// Frame is the number of a 4 KiB unit of physical memory.
type Frame uint64

// Page is the number of a 4 KiB unit of virtual memory: the upper 52 bits of
// its address.
type Page uint64

// Frame returns the frame that holds a.
func (a PhysAddr) Frame() Frame { return Frame(a >> PageShift) }

// Addr returns the address of the frame's first byte.
func (f Frame) Addr() PhysAddr { return PhysAddr(f) << PageShift }

// Page returns the page that holds v.
func (v VirtAddr) Page() Page { return Page(v >> PageShift) }

// Addr returns the address of the page's first byte.
func (p Page) Addr() VirtAddr { return VirtAddr(p) << PageShift }

// Canonical tells whether bits 63 to 47 of v are all alike. The processor
// refuses any other address with #GP (SDM Vol. 1, "Canonical Addressing").
func (v VirtAddr) Canonical() bool {
	top := int64(v) >> 47
	return top == 0 || top == -1
}

// AlignDown rounds a down to a multiple of size, a power of two.
func (a PhysAddr) AlignDown(size uint64) PhysAddr { return a &^ PhysAddr(size-1) }

// AlignUp rounds a up to a multiple of size, a power of two. It wraps to 0 in
// the last unit of the address space.
func (a PhysAddr) AlignUp(size uint64) PhysAddr { return (a + PhysAddr(size-1)) &^ PhysAddr(size-1) }

// AlignDown rounds v down to a multiple of size, a power of two.
func (v VirtAddr) AlignDown(size uint64) VirtAddr { return v &^ VirtAddr(size-1) }

// AlignUp rounds v up to a multiple of size, a power of two. It wraps to 0 in
// the last unit of the address space.
func (v VirtAddr) AlignUp(size uint64) VirtAddr { return (v + VirtAddr(size-1)) &^ VirtAddr(size-1) }

// PhysRange is the physical memory from Start up to, not including, End.
type PhysRange struct{ Start, End PhysAddr }

// Size returns the length of r in bytes; 0 if it is empty or upside down.
func (r PhysRange) Size() uint64 {
	if r.End <= r.Start {
		return 0
	}
	return uint64(r.End - r.Start)
}

// Contains tells whether a lies in r.
func (r PhysRange) Contains(a PhysAddr) bool { return r.Start <= a && a < r.End }

// Overlaps tells whether r and o have a byte in common.
func (r PhysRange) Overlaps(o PhysRange) bool {
	return r.Size() > 0 && o.Size() > 0 && r.Start < o.End && o.Start < r.End
}

// Frames returns the frames that lie wholly in r: first, and how many.
func (r PhysRange) Frames() (first Frame, n uint64) {
	if r.Size() == 0 || r.Start > ^PhysAddr(0)-PageSize {
		return 0, 0
	}
	first = r.Start.AlignUp(PageSize).Frame()
	if end := r.End.Frame(); end > first {
		n = uint64(end - first)
	}
	return first, n
}

// VirtRange is the virtual memory from Start up to, not including, End.
type VirtRange struct{ Start, End VirtAddr }

// Size returns the length of r in bytes; 0 if it is empty or upside down.
func (r VirtRange) Size() uint64 {
	if r.End <= r.Start {
		return 0
	}
	return uint64(r.End - r.Start)
}

// Contains tells whether v lies in r.
func (r VirtRange) Contains(v VirtAddr) bool { return r.Start <= v && v < r.End }

// Overlaps tells whether r and o have a byte in common.
func (r VirtRange) Overlaps(o VirtRange) bool {
	return r.Size() > 0 && o.Size() > 0 && r.Start < o.End && o.Start < r.End
}

// Error is an error of the memory packages. A constant string needs no
// initialiser and no allocation, so it can be returned where neither is to be
// had: before the runtime is up, and from a fault handler.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }
