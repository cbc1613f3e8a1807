package frame

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

func TestVerifyFindsWhatAStrayWriteDoes(t *testing.T) {
	const top = 8192 + 100
	for want, damage := range map[error]func(a *Allocator){
		nil:       func(*Allocator) {},
		ErrStray:  func(a *Allocator) { a.free.levels[0][0] |= 1 },
		ErrCounts: func(a *Allocator) { a.free.levels[0][70] &^= 1 << 9 },
		ErrTree:   func(a *Allocator) { a.free.levels[1][1] &^= 1 << 8 },
		ErrHint:   func(a *Allocator) { a.hint = uint64(len(a.ram)) },
		ErrOwned:  func(a *Allocator) { a.owners[7000]++ },
		ErrCaches: func(a *Allocator) { a.caches[0].frames[1] = 7000 },
	} {
		a := new(Allocator)
		a.Init(make([]uint64, StorageWords(top)), top)
		a.AddRange(mm.PhysRange{Start: 0, End: mm.Frame(top).Addr()})
		a.Reserve(mm.PhysRange{Start: 0x5000, End: 0x9000})
		a.StartCaches(make([]Cache, 2))
		g, err := a.Alloc() // and some are in the cache
		require.NoError(t, err)
		require.NoError(t, a.Free(g))
		f, err := a.AllocContiguous(300, 1, 0)
		require.NoError(t, err)
		require.NoError(t, a.FreeContiguous(f+50, 20))
		damage(a)
		require.Equal(t, want, a.Verify())
	}
}

func TestVerifyCountsEachTotal(t *testing.T) {
	for _, damage := range []func(a *Allocator){
		func(a *Allocator) { a.total++ },
		func(a *Allocator) { a.held++ },
		func(a *Allocator) { a.pooled++ },
		func(a *Allocator) { a.shares++ },
	} {
		a := new(Allocator)
		a.Init(make([]uint64, StorageWords(100)), 100)
		a.AddRange(mm.PhysRange{Start: 0, End: mm.Frame(100).Addr()})
		require.NoError(t, a.Verify())
		damage(a)
		require.Equal(t, ErrCounts, a.Verify())
	}
}
