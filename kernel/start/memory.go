//go:build tamago

package start

import (
	"vitrine/boot/multiboot"
	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/frame"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// The memory of the machine, owned by this package until package kernel takes
// it over.
var (
	Frames  frame.Allocator
	Space   paging.Space
	Regions region.Set
)

var frameLock, spaceLock, regionLock spin

var frameCaches [interrupts.MaxCPUs]frame.Cache

// physical reads physical memory through the direct map.
type physical struct{}

// Physical reads the machine's physical memory, for decoders of tables.
var Physical physical

// mapped is how much of physical memory the direct map reaches: at first the
// 4 GiB of the stub's tables.
var mapped mm.PhysAddr = 4 << 30

// Bytes implements multiboot.Reader.
func (physical) Bytes(a mm.PhysAddr, n uint64) ([]byte, bool) {
	if a >= mapped || n > uint64(mapped-a) {
		return nil, false
	}
	return a.Direct().Bytes(n), true
}

// Table implements paging.Memory.
func (physical) Table(f mm.Frame) *paging.Table {
	return (*paging.Table)(f.Addr().Direct().Pointer())
}

// translations implements paging.TLB for all processors.
type translations struct{}

func (translations) Invalidate(v mm.VirtAddr) { cpu.InvalidatePage(uintptr(v)) }
func (translations) InvalidateAll()           { interrupts.FlushOwn() }
func (translations) InvalidateOthers()        { interrupts.FlushOthers() }

const (
	stubStart mm.PhysAddr = 1 << 20
	goStart   mm.PhysAddr = 2 << 20 // boot/boot.S and the linker flags agree
)

// imageEnd is the physical end of the Go image.
var imageEnd mm.PhysAddr

// busy lists what must not be given away while the machine starts.
func busy(i int) (r mm.PhysRange, ok bool) {
	if i == 0 {
		return mm.PhysRange{Start: stubStart, End: imageEnd}, true
	}
	i--
	if ranges := Info.InfoRanges(); i < len(ranges) {
		return ranges[i], true
	} else {
		i -= len(ranges)
	}
	if modules := Info.Modules(); i < len(modules) {
		return modules[i].Range, true
	}
	return mm.PhysRange{}, false
}

// findRoom returns n bytes of usable memory below limit that hold nothing.
func findRoom(n uint64, limit mm.PhysAddr) (mm.PhysAddr, bool) {
	for _, r := range Info.Regions() {
		if r.Kind != multiboot.Usable || r.Range.End <= stubStart {
			continue
		}
		at := max(r.Range.Start, stubStart).AlignUp(mm.PageSize)
		for i := 0; ; i++ {
			b, ok := busy(i)
			if !ok {
				break
			}
			if b.Overlaps(mm.PhysRange{Start: at, End: at + mm.PhysAddr(n)}) {
				at = b.End.AlignUp(mm.PageSize)
				i = -1 // moved up: ask all again
			}
		}
		if end := at + mm.PhysAddr(n); end <= r.Range.End && end <= limit && end > at {
			return at, true
		}
	}
	return 0, false
}

// startFrames gives the free memory to the frame allocator, less what busy
// lists. Hwinit0 adds what is not needed any longer.
func startFrames() {
	imageEnd = findImageEnd()
	top := mm.PhysAddr(0)
	for _, r := range Info.Regions() {
		if r.Kind == multiboot.Usable {
			top = max(top, r.Range.End)
		}
	}
	words := frame.StorageWords(top.Frame())
	bytes := mm.PhysAddr(words * 8).AlignUp(mm.PageSize)
	at, ok := findRoom(uint64(bytes), mapped)
	if !ok {
		tooLittle(bytes)
	}
	storage := wordsAt(at, words)
	Frames.Init(storage, top.Frame())
	Frames.Reserve(mm.PhysRange{Start: at, End: at + bytes})
	Frames.Reserve(mm.PhysRange{Start: goStart, End: imageEnd})
	for _, m := range Info.Modules() {
		Frames.Reserve(m.Range)
	}
	for _, r := range Info.Regions() {
		if r.Kind == multiboot.Usable {
			addUnlessBusy(r.Range)
		}
	}
	// Other processors begin below 1 MiB. On a small machine the heap would take
	// all of that before they are started.
	if f, err := Frames.AllocContiguous(1, 1, 1<<20); err == nil {
		LowPage = f.Addr()
	}
	Frames.Locker = &frameLock
	Frames.StartCaches(frameCaches[:])
	if Frames.Stats().Free<<mm.PageShift < minFree {
		tooLittle(bytes)
	}
}

// tooLittle ends the start: there is too little memory beside the boot modules,
// which stay where they are, and the allocator's bitmaps.
func tooLittle(bitmaps mm.PhysAddr) {
	modules := uint64(0)
	for _, m := range Info.Modules() {
		modules += m.Range.Size()
	}
	const mega = 1<<20 - 1 // makes a division round up
	needed := (uint64(imageEnd+bitmaps) + modules + minFree + mega) >> 20
	print("\nvitrine: too little memory: ")
	printDecimal(needed)
	print(" MiB needed")
	if modules > 0 {
		print(", ")
		printDecimal((modules + mega) >> 20)
		print(" of them by boot modules")
	}
	print(", ")
	printDecimal(Info.UsableBytes() >> 20)
	print(" MiB present (qemu: -m ")
	printDecimal((needed + 63) &^ 63)
	print(")\n")
	stop()
}

// LowPage is a page below 1 MiB for whoever starts other processors, who frees it
// then; 0 if there is none.
var LowPage mm.PhysAddr

// minFree is what the runtime, its heap and the page tables need to start, in
// bytes. (boot/boot.S has the number too.)
const minFree = 8 << 20

// addUnlessBusy adds r to the free memory, without the parts that busy lists.
func addUnlessBusy(r mm.PhysRange) {
	for r.Size() > 0 {
		next := r // up to the first busy range, from here
		hole := mm.PhysRange{Start: r.End, End: r.End}
		for i := 0; ; i++ {
			b, ok := busy(i)
			if !ok {
				break
			}
			if b.Overlaps(r) && b.Start < hole.Start {
				hole = b
			}
		}
		next.End = min(next.End, max(hole.Start, next.Start))
		Frames.AddRange(next)
		r.Start = max(hole.End, r.Start)
	}
}

// reclaim adds what the start itself needed: the stub with its tables and
// stack, and the loader's information.
//
// Context: on g0, with the final page tables.
func reclaim() {
	for _, r := range Info.Regions() {
		if r.Kind == multiboot.Usable {
			Frames.AddRange(r.Range)
		}
	}
}

// startSpace makes the kernel's page tables and loads them. (mm/layout.go has
// the map.) From here on no page is writable and executable, in any mapping.
func startSpace() {
	space, err := paging.Create(physical{}, &Frames, translations{})
	if err != nil {
		Die("page tables", err)
	}
	Space = space
	Space.HugePages = Features.HugePages
	must(mapImage())
	must(mapDirect())
	cpu.SetCR3(uint64(Space.Root().Addr()))
	interrupts.FlushOwn()
	Space.Locker = &spaceLock
	Regions.Locker = &regionLock
	reporter.Space, reporter.Regions = &Space, &Regions
}

func must(err error) {
	if err != nil {
		Die("page tables", err)
	}
}

// mapImage maps each segment of the image where it is linked, with the rights
// that the ELF header says.
func mapImage() error {
	for i := range segmentCount() {
		s := segmentAt(i)
		if err := Space.Map(s.Range.Start, imagePhys(s.Range.Start), s.Range.Size(), s.flags(), paging.Pages4K); err != nil {
			return err
		}
	}
	return nil
}

// mapDirect maps all of physical memory, never executable. The image's pages
// have the same rights there as where they are linked; what is not RAM below
// 4 GiB is taken for devices and not cached.
func mapDirect() error {
	const (
		ram    = paging.Writable | paging.NoExecute | paging.Global
		device = ram | paging.CacheDisable | paging.WriteThrough
	)
	low, high := mm.PhysAddr(0), mm.PhysAddr(0) // ends of RAM, below and above 4 GiB
	for _, r := range Info.Regions() {
		if r.Range.End <= 4<<30 && r.Kind != multiboot.Reserved {
			low = max(low, r.Range.End)
		}
	}
	low = min(low.AlignUp(mm.LargePageSize), 4<<30)
	at := mm.PhysAddr(0)
	for i := range segmentCount() {
		s := segmentAt(i)
		start := imagePhys(s.Range.Start)
		if err := direct(at, start, ram); err != nil {
			return err
		}
		at = start + mm.PhysAddr(s.Range.Size())
		if err := direct(start, at, s.flags()|paging.NoExecute); err != nil {
			return err
		}
	}
	if err := direct(at, low, ram); err != nil {
		return err
	}
	if err := direct(low, 4<<30, device); err != nil {
		return err
	}
	for _, r := range Info.Regions() {
		if r.Range.Start >= 4<<30 && r.Kind == multiboot.Usable {
			start := max(r.Range.Start.AlignDown(mm.LargePageSize), 4<<30, high)
			high = r.Range.End.AlignUp(mm.LargePageSize)
			if err := direct(start, high, ram); err != nil {
				return err
			}
		}
	}
	mapped = max(4<<30, high)
	return nil
}

func direct(from, to mm.PhysAddr, flags paging.Entry) error {
	if from >= to {
		return nil
	}
	return Space.Map(from.Direct(), from, uint64(to-from), flags, paging.Pages1G)
}
