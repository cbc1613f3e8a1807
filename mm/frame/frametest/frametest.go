// Package frametest has the suite that every allocator of frames must pass, in
// an array on the host and on the memory of the machine it runs.
package frametest

import "vitrine/mm"

// Frames under test. *frame.Allocator is one.
type Frames interface {
	Alloc() (mm.Frame, error)
	AllocContiguous(n, align uint64, limit mm.PhysAddr) (mm.Frame, error)
	Free(mm.Frame) error
	FreeContiguous(f mm.Frame, n uint64) error
}

// T is how the suite complains. *testing.T is one, and so is whatever a
// kernel's shell makes of it.
type T interface {
	Errorf(format string, args ...any)
	FailNow()
}

// Run runs the suite on a, which needs a few hundred free frames, of which 64
// are in a row. Others may use a meanwhile. What Run takes it gives back.
func Run(t T, a Frames) {
	framesDiffer(t, a)
	freedFramesComeBack(t, a)
	aFrameIsFreedOnce(t, a)
	runsAreAligned(t, a)
	runsEndBelowTheLimit(t, a)
	runsCanBeFreedInParts(t, a)
	badRequestsAreRefused(t, a)
}

// check complains, and stops, unless ok.
func check(t T, ok bool, format string, args ...any) {
	if !ok {
		t.Errorf(format, args...)
		t.FailNow()
	}
}

func framesDiffer(t T, a Frames) {
	var got [200]mm.Frame
	for i := range got {
		f, err := a.Alloc()
		check(t, err == nil, "frame %d of %d: %v", i, len(got), err)
		check(t, f != 0, "frame 0 was handed out")
		for j, other := range got[:i] {
			check(t, f != other, "allocations %d and %d are both frame %#x", i, j, f)
		}
		got[i] = f
	}
	for _, f := range got {
		err := a.Free(f)
		check(t, err == nil, "free frame %#x: %v", f, err)
	}
}

// freedFramesComeBack takes more frames than a small machine has.
func freedFramesComeBack(t T, a Frames) {
	for range 20_000 {
		f, err := a.Alloc()
		check(t, err == nil, "alloc: %v", err)
		err = a.Free(f)
		check(t, err == nil, "free frame %#x: %v", f, err)
	}
}

func aFrameIsFreedOnce(t T, a Frames) {
	f, err := a.AllocContiguous(2, 1, 0)
	check(t, err == nil, "alloc: %v", err)
	check(t, a.Free(f) == nil, "the first free of frame %#x", f)
	// Somebody may have taken it in between, but not its neighbour.
	check(t, a.Free(f+1) == nil, "the first free of frame %#x", f+1)
	check(t, a.Free(0) != nil, "frame 0, which is nobody's, was freed")
	check(t, a.Free(1<<40) != nil, "a frame beyond all memory was freed")
}

func runsAreAligned(t T, a Frames) {
	for align := uint64(1); align <= 32; align *= 2 {
		for _, n := range [...]uint64{1, 3, 32} {
			f, err := a.AllocContiguous(n, align, 0)
			check(t, err == nil, "%d frames, aligned to %d: %v", n, align, err)
			check(t, uint64(f)%align == 0, "frame %#x is not aligned to %d", f, align)
			err = a.FreeContiguous(f, n)
			check(t, err == nil, "free %d frames: %v", n, err)
		}
	}
}

func runsEndBelowTheLimit(t T, a Frames) {
	f, err := a.AllocContiguous(4, 1, 0)
	check(t, err == nil, "alloc: %v", err)
	limit := (f + 4).Addr()
	err = a.FreeContiguous(f, 4)
	check(t, err == nil, "free: %v", err)
	for _, l := range [...]mm.PhysAddr{limit, limit + 1} {
		f, err := a.AllocContiguous(4, 1, l)
		if err != nil {
			continue // somebody was faster
		}
		check(t, (f+4).Addr() <= l, "frames %#x to %#x end above the limit %#x", f, f+3, l)
		err = a.FreeContiguous(f, 4)
		check(t, err == nil, "free: %v", err)
	}
	_, err = a.AllocContiguous(1, 1, mm.PageSize)
	check(t, err != nil, "a frame below %#x, where only frame 0 is", mm.PageSize)
}

func runsCanBeFreedInParts(t T, a Frames) {
	f, err := a.AllocContiguous(64, 1, 0)
	check(t, err == nil, "alloc: %v", err)
	check(t, a.FreeContiguous(f, 31) == nil, "free the first 31 of 64")
	check(t, a.Free(f+31) == nil, "free the 32nd of 64")
	check(t, a.FreeContiguous(f+32, 32) == nil, "free the rest of 64")
}

func badRequestsAreRefused(t T, a Frames) {
	_, err := a.AllocContiguous(0, 1, 0)
	check(t, err != nil, "a run of no frames")
	_, err = a.AllocContiguous(1, 3, 0)
	check(t, err != nil, "an alignment to 3 frames")
	_, err = a.AllocContiguous(1<<40, 1, 0)
	check(t, err != nil, "more frames than there are addresses")
	_, err = a.AllocContiguous(^uint64(0), 1<<63, 0)
	check(t, err != nil, "more frames than there are numbers")
	check(t, a.FreeContiguous(1, 0) != nil, "free a run of no frames")
	check(t, a.FreeContiguous(1, ^uint64(0)) != nil, "free everything")
}
