package frame_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
	"vitrine/mm/frame"
)

// model is the allocator as anybody would write it first: the state of each
// frame, and a look at all of them for everything.
type model struct {
	ram, reserved, used []bool
}

const lowFrames = int(frame.LowEnd / mm.PageSize)

func newModel(top int) *model {
	m := &model{make([]bool, top), make([]bool, top), make([]bool, top)}
	m.reserved[0] = true
	return m
}

func (m *model) state(f int) frame.State {
	switch {
	case f >= len(m.ram) || !m.ram[f]:
		return frame.NotRAM
	case m.reserved[f]:
		return frame.Reserved
	case m.used[f]:
		return frame.Used
	}
	return frame.Free
}

// run returns the first run of n free frames that begins in [from, to) and
// ends before end.
func (m *model) run(from, to, end, n, align int) (int, bool) {
	for f := (from + align - 1) / align * align; f < to && f+n <= end; f += align {
		i := 0
		for i < n && m.state(f+i) == frame.Free {
			i++
		}
		if i == n {
			return f, true
		}
	}
	return 0, false
}

func (m *model) alloc(n, align, end int) (int, error) {
	f, ok := m.run(lowFrames, end, end, n, align)
	if !ok {
		f, ok = m.run(0, lowFrames, end, n, align)
	}
	if !ok {
		return 0, frame.ErrNoMemory
	}
	for i := range n {
		m.used[f+i] = true
	}
	return f, nil
}

// take notes that somebody else has chosen frames, which must be free, or has
// found none.
func (m *model) take(t *testing.T, f mm.Frame, n uint64, err error) {
	if err != nil {
		_, ok := m.run(0, top, top, 1, 1)
		require.False(t, ok, "there is a free frame")
		return
	}
	for i := range n {
		require.Equal(t, frame.Free, m.state(int(f)+int(i)))
		m.used[int(f)+int(i)] = true
	}
}

func (m *model) free(f, n int) error {
	for i := range n {
		switch m.state(f + i) {
		case frame.Free:
			return frame.ErrDoubleFree
		case frame.Used:
		default:
			return frame.ErrNotManaged
		}
	}
	for i := range n {
		m.used[f+i] = false
	}
	return nil
}

func (m *model) stats() (s frame.Stats) {
	for f := range m.ram {
		switch m.state(f) {
		case frame.Free:
			s.Free++
			if f < lowFrames {
				s.LowFree++
			}
		case frame.Used:
			s.Used++
		case frame.Reserved:
			s.Reserved++
		}
	}
	s.Total = s.Free + s.Used + s.Reserved
	return s
}

// top is a little over 16 MiB, so that there is memory on both sides.
const top = 4096 + 3*64 + 17

// play runs the operations that data stands for, four bytes each, on an
// allocator and on the model, and compares what they say. With caches single
// frames need not be the lowest ones, and so the model is told which they are.
func play(t *testing.T, data []byte, caches int) {
	defer on(0)
	a, m := machine(mm.Frame(top).Addr()), newModel(top)
	a.StartCaches(make([]frame.Cache, caches))
	for ; len(data) >= 4; data = data[4:] {
		operation, n := data[0], int(data[1])
		on(n % (caches + 1))
		at := lowFrames - 512 + (int(data[2])<<8|int(data[3]))%(top-lowFrames+520)
		start, end := mm.Frame(at).Addr(), mm.Frame(at+n).Addr()
		switch operation % 8 {
		case 0: // a range of RAM, not of whole frames
			a.AddRange(mm.PhysRange{Start: start + 1, End: end + 1})
			for f := at + 1; f < at+n && f < top; f++ {
				m.ram[f] = true
			}
		case 1:
			a.Reserve(mm.PhysRange{Start: start + 1, End: start + mm.PhysAddr(n)*64})
			if n > 0 {
				for f := at; f <= at+(n*64-1)/mm.PageSize && f < top; f++ {
					m.reserved[f], m.used[f] = true, false
				}
			}
		case 3:
			n = n%100 + 1
			f, got, err := a.AllocRun(uint64(n))
			if caches > 0 {
				m.take(t, f, got, err)
				break
			}
			want, wantErr := m.alloc(1, 1, top)
			require.Equal(t, wantErr, err)
			require.EqualValues(t, want, f)
			run := 0
			for err == nil && run < n && (run == 0 || m.state(want+run) == frame.Free) {
				m.used[want+run] = true
				run++
			}
			require.EqualValues(t, run, got)
		case 2:
			f, err := a.Alloc()
			if caches > 0 {
				m.take(t, f, 1, err)
				break
			}
			want, wantErr := m.alloc(1, 1, top)
			require.Equal(t, wantErr, err)
			require.EqualValues(t, want, f)
		case 4:
			n, align := n%100+1, 1<<(n%7)
			limit, stop := mm.PhysAddr(0), top
			if data[3]&1 != 0 {
				limit, stop = start, min(at, top)
			}
			f, err := a.AllocContiguous(uint64(n), uint64(align), limit)
			if caches > 0 {
				if err != nil { // then no cache has the missing part
					_, err = m.alloc(n, align, stop)
					require.Error(t, err)
					break
				}
				require.Zero(t, uint64(f)%uint64(align))
				require.LessOrEqual(t, int(f)+n, stop)
				m.take(t, f, uint64(n), nil)
				break
			}
			want, wantErr := m.alloc(n, align, stop)
			require.Equal(t, wantErr, err)
			require.EqualValues(t, want, f)
		case 5, 6:
			require.Equal(t, m.free(at, 1), a.Free(mm.Frame(at)))
		case 7:
			if want := m.free(at, n%16+1); want == nil {
				require.NoError(t, a.FreeContiguous(mm.Frame(at), uint64(n%16+1)))
			} else {
				require.Error(t, a.FreeContiguous(mm.Frame(at), uint64(n%16+1)))
			}
		}
	}
	require.NoError(t, a.Verify())
	got, want := a.Stats(), m.stats()
	require.GreaterOrEqual(t, got.Peak, got.Used)
	require.LessOrEqual(t, got.Cached, got.Free)
	got.Peak, got.Allocs, got.Frees, got.Cached = 0, 0, 0, 0
	require.Equal(t, want, got)
	longest := uint64(0)
	for f, run := 0, uint64(0); f <= top; f++ {
		if want, got := m.state(f), a.State(mm.Frame(f)); want != got {
			require.Failf(t, "wrong state", "frame %#x is %v instead of %v", f, got, want)
		}
		if run++; m.state(f) != frame.Free {
			run = 0
		}
		longest = max(longest, run)
	}
	first, n := a.LargestRun()
	require.Equal(t, longest, n)
	if n > 0 {
		require.NoError(t, func() error { _, err := a.AllocContiguous(n, 1, (first + mm.Frame(n)).Addr()); return err }())
	}
}

func TestRandomOperationsAgreeWithTheModel(t *testing.T) {
	random, rounds := rand.New(rand.NewPCG(1, 2)), 30
	if testing.Short() {
		rounds = 5
	}
	for range rounds {
		data := make([]byte, 4*random.IntN(1000))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		play(t, data, 0)
		play(t, data, 3)
	}
}

func FuzzOperationsAgreeWithTheModel(f *testing.F) {
	f.Add([]byte{0, 255, 1, 0, 2, 0, 0, 0, 4, 64, 1, 1, 5, 0, 2, 8, 7, 3, 2, 8, 1, 128, 1, 80})
	f.Fuzz(func(t *testing.T, data []byte) {
		play(t, data[:min(len(data), 4000)], 0)
		play(t, data[:min(len(data), 4000)], 2)
	})
}
