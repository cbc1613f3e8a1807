package frame_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/frame"
)

func BenchmarkAllocFree(b *testing.B) {
	a := allRAM(8 << 30)
	for b.Loop() {
		f, _ := a.Alloc()
		_ = a.Free(f)
	}
}

// BenchmarkAllocFreeFragmented has every other frame of 8 GiB in use.
func BenchmarkAllocFreeFragmented(b *testing.B) {
	a := fragmented(b, 8<<30)
	for b.Loop() {
		f, _ := a.Alloc()
		g, _ := a.Alloc()
		_ = a.Free(f)
		_ = a.Free(g)
	}
}

// BenchmarkAllocContiguousFragmented looks for 2 MiB in the same memory, and
// finds none.
func BenchmarkAllocContiguousFragmented(b *testing.B) {
	a := fragmented(b, 8<<30)
	for b.Loop() {
		_, _ = a.AllocContiguous(512, 512, 0)
	}
}

func fragmented(b *testing.B, size mm.PhysAddr) *frame.Allocator {
	a := allRAM(size)
	var kept []mm.Frame
	for {
		f, err := a.Alloc()
		if err != nil {
			break
		}
		if f%2 == 0 {
			kept = append(kept, f)
		}
	}
	for _, f := range kept {
		require.NoError(b, a.Free(f))
	}
	return a
}

func BenchmarkInit(b *testing.B) {
	const size = 8 << 30
	a := &frame.Allocator{}
	storage := make([]uint64, frame.StorageWords(mm.PhysAddr(size).Frame()))
	for b.Loop() {
		a.Init(storage, mm.PhysAddr(size).Frame())
		a.AddRange(mm.PhysRange{Start: 0, End: size})
	}
}
