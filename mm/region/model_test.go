package region_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/region"
)

// play runs the operations that data stands for, three bytes each, on a set
// and on a model of it: for each page, the number of its region, and whether
// it has a frame. Then it removes all regions and looks for frames that are
// left.
func play(t *testing.T, data []byte) {
	const n = 64 // pages
	m, s, set := world(t, 40)
	var owner [n]int
	var mapped [n]bool
	kinds := map[int]region.Kind{}
	for number := 1; len(data) >= 3; number, data = number+1, data[3:] {
		at, size := int(data[1])%n, int(data[2])%8+1
		size = min(size, n-at)
		switch v := base + mm.VirtAddr(at*page); data[0] % 4 {
		case 0:
			free := true
			for i := range size {
				free = free && owner[at+i] == 0
			}
			kind := region.Kind(data[2] / 8 % 3)
			err := set.Add(region.Region{Range: pages(uint64(at), uint64(size)), Kind: kind, Flags: rw})
			if !free {
				require.Equal(t, region.ErrOverlap, err)
				continue
			}
			require.NoError(t, err)
			kinds[number] = kind
			for i := range size {
				owner[at+i] = number
			}
		case 1:
			number := owner[at]
			err := set.Remove(s, m, v)
			if number == 0 || at > 0 && owner[at-1] == number {
				require.Equal(t, region.ErrNoRegion, err)
				continue
			}
			require.NoError(t, err)
			for i := at; i < n && owner[i] == number; i++ {
				owner[i], mapped[i] = 0, false
			}
		default:
			served, err := set.Fault(s, m, v+mm.VirtAddr(data[2]), region.Write)
			kind, known := kinds[owner[at]]
			switch {
			case !known || owner[at] == 0:
				require.Equal(t, region.ErrNoRegion, err)
			case kind == region.Guard:
				require.Equal(t, region.ErrGuard, err)
			case kind == region.Fixed:
				require.Equal(t, region.ErrFixed, err)
			case m.Budget == 0:
				require.Equal(t, region.ErrNoMemory, err)
			default:
				require.NoError(t, err)
				mapped[at] = true
			}
			require.Equal(t, err == nil, served)
		}
		frames := 0
		for i := range n {
			v := base + mm.VirtAddr(i*page)
			_, err := s.Translate(v)
			require.Equal(t, mapped[i], err == nil, "page %d", i)
			_, ok := set.Find(v)
			require.Equal(t, owner[i] != 0, ok, "page %d", i)
			if mapped[i] {
				frames++
			}
		}
		require.Equal(t, frames, m.InUse)
	}
	for set.Len() > 0 {
		set.Visit(func(r region.Region) bool {
			require.NoError(t, set.Remove(s, m, r.Range.Start))
			return true
		})
	}
	require.Zero(t, m.InUse)
}

func TestRandomOperationsAgreeWithTheModel(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		data := make([]byte, 3*100)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		play(t, data)
	}
}

func FuzzOperationsAgreeWithTheModel(f *testing.F) {
	f.Add([]byte{0, 0, 7, 2, 0, 0, 2, 7, 9, 0, 8, 15, 2, 8, 0, 0, 4, 1, 1, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		play(t, data[:min(len(data), 3*100)])
	})
}
