package log

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain takes away the hooks that the kernel has set, where there is one.
func TestMain(m *testing.M) {
	Now, InterruptsOff, InterruptsRestore, Wake = nil, nil, nil, nil
	os.Exit(m.Run())
}

func records(r *Ring) []string {
	var out []string
	var rec Record
	d := r.Reader()
	for d.Next(&rec) {
		out = append(out, fmt.Sprintf("%s %s: %s", rec.Level, rec.Source(), rec.Text()))
	}
	return out
}

func TestARecordComesBackAsItWasWritten(t *testing.T) {
	var r Ring
	r.Write(Info, "ps2", "keyboard ready")
	r.Write(Warn, "", "")
	r.Write(Error, "mm", "grüße")
	require.Equal(t, []string{"info ps2: keyboard ready", "warn : ", "error mm: grüße"}, records(&r))
}

func TestAValueIsWrittenInHexadecimal(t *testing.T) {
	var r Ring
	r.WriteValue(Debug, "pic", "spurious", 0)
	r.WriteValue(Debug, "pic", "spurious", 0x27)
	r.WriteValue(Debug, "pic", strings.Repeat("x", 2*MaxText), ^uint64(0))
	require.Equal(t, []string{
		"debug pic: spurious 0x0",
		"debug pic: spurious 0x27",
		"debug pic: " + strings.Repeat("x", MaxText-19) + " 0xffffffffffffffff",
	}, records(&r))
}

func TestWhatIsTooLongIsCut(t *testing.T) {
	var r Ring
	r.Write(Info, strings.Repeat("s", 300), strings.Repeat("t", 3000))
	require.Equal(t, []string{"info " + strings.Repeat("s", MaxSource) + ": " + strings.Repeat("t", MaxText)}, records(&r))
}

func TestOldRecordsGiveWayAndReadersAreToldHowMany(t *testing.T) {
	var r Ring
	d := r.Reader()
	var rec Record
	r.Write(Info, "a", "first")
	require.True(t, d.Next(&rec))

	const n = 5000
	for i := range n {
		r.Write(Info, "a", fmt.Sprintf("record %d, of some length", i))
	}
	s := r.Stats()
	require.EqualValues(t, n+1, s.Written)
	require.Less(t, s.Kept, s.Written)
	require.LessOrEqual(t, s.Bytes, uint64(Size))
	require.Greater(t, s.Bytes, uint64(Size-100))

	require.True(t, d.Next(&rec))
	lost := d.Lost()
	require.Equal(t, s.Overwritten()-1, lost)
	require.Equal(t, lost+1, rec.Number)
	for i := int(lost); i < n; i++ {
		require.Equal(t, fmt.Sprintf("record %d, of some length", i), rec.Text())
		require.Equal(t, i < n-1, d.Next(&rec))
	}
	require.Zero(t, d.Lost())
}

func TestWritingAndReadingDoNotAllocate(t *testing.T) {
	r := new(Ring)
	d := r.Reader()
	rec := new(Record)
	buf := make([]byte, 0, 1024)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		r.Write(Info, "timer", "tick")
		r.WriteValue(Info, "timer", "tick", 0x1122334455667788)
		for d.Next(rec) {
			buf = rec.Append(buf[:0], true)
		}
	}))
}

func TestAWriterThatInterruptedTheHolderDropsItsRecord(t *testing.T) {
	var r Ring
	flags, ok := r.acquire()
	require.True(t, ok)
	r.Write(Error, "nmi", "no time to wait")
	r.release(flags)
	require.Empty(t, records(&r))
	require.EqualValues(t, 1, r.Stats().Dropped)
}

func TestTheHooksSurroundEachRecord(t *testing.T) {
	var calls []string
	Now = func() int64 { return 7 }
	InterruptsOff = func() uint64 { calls = append(calls, "off"); return 0x202 }
	InterruptsRestore = func(f uint64) { calls = append(calls, fmt.Sprintf("restore %#x", f)) }
	Wake = func() { calls = append(calls, "wake") }
	defer func() { Now, InterruptsOff, InterruptsRestore, Wake = nil, nil, nil, nil }()
	var r Ring
	r.Write(Info, "a", "b")
	require.Equal(t, []string{"off", "restore 0x202", "wake"}, calls)
	var rec Record
	d := r.Reader()
	require.True(t, d.Next(&rec))
	require.EqualValues(t, 7, rec.Time)
}

// On a host, who holds the lock may lose the processor for longer than the others
// wait. Then their records are dropped; but never silently, and never out of order.
func TestManyWritersLoseNothingUncounted(t *testing.T) {
	var r Ring
	var wg sync.WaitGroup
	const writers, each = 4, 200
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				r.Write(Info, fmt.Sprint(w), fmt.Sprint(i))
			}
		})
	}
	wg.Wait()
	kept, next := 0, map[string]int{}
	var rec Record
	for d := r.Reader(); d.Next(&rec); kept++ {
		var i int
		_, err := fmt.Sscan(rec.Text(), &i)
		require.NoError(t, err)
		require.GreaterOrEqual(t, i, next[rec.Source()], "writer %s", rec.Source())
		next[rec.Source()] = i + 1
	}
	s := r.Stats()
	require.EqualValues(t, kept, s.Written)
	require.EqualValues(t, writers*each, s.Written+s.Dropped)
	require.Len(t, next, writers)
}

func FuzzRecordsComeBack(f *testing.F) {
	f.Add("a", "b", uint16(3))
	f.Add(strings.Repeat("s", 40), strings.Repeat("t", 1500), uint16(200))
	f.Fuzz(func(t *testing.T, source, text string, n uint16) {
		var r Ring
		for range n % 512 {
			r.Write(Warn, source, text)
		}
		r.Write(Error, text, source)
		want := fmt.Sprintf("warn %s: %s", source[:min(len(source), MaxSource)], text[:min(len(text), MaxText)])
		got := records(&r)
		for _, g := range got[:len(got)-1] {
			require.Equal(t, want, g)
		}
		last := fmt.Sprintf("error %s: %s", text[:min(len(text), MaxSource)], source[:min(len(source), MaxText)])
		require.Equal(t, last, got[len(got)-1])
	})
}
