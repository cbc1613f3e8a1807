package commands

import (
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"vitrine/mm"
)

// collectorNeeds is the memory that must be free: the live heap, what becomes
// garbage before the next collection, and some.
const collectorNeeds = 192 << 20

// collectorBenchmarks measure the garbage collector while 64 MiB of objects live
// and as much garbage is made between two collections.
func (m *Machine) collectorBenchmarks() []benchmark {
	if !onMachine || m.Frames == nil || m.Frames.Stats().Free*mm.PageSize < collectorNeeds {
		return nil
	}
	const long = 10 * time.Second
	return []benchmark{
		{name: "gc.stop", what: "a collection's two stops together, with 64 MiB alive", begin: fillHeap, most: 8, long: long, sample: collectOnce},
		{name: "gc.gap", what: "the longest time that one loop that allocates waits for anything, in a collection", begin: fillHeap, most: 8, long: long, sample: collectWatched},
		{name: "gc.share", what: "the collector's part of a second of computing and allocating, with 64 MiB alive", begin: fillHeap, timed: collectorShare, most: 1},
	}
}

// node is an object of 64 bytes with a pointer for the collector to follow.
type node struct {
	next *node
	_    [7]uint64
}

// newest is what a benchmark has allocated last; alive is what it keeps.
var (
	newest atomic.Pointer[node]
	alive  *node
)

// fillHeap makes 64 MiB of objects, all of which live until the end.
func fillHeap() (end func(), err error) {
	for range (64 << 20) / 64 {
		alive = &node{next: alive}
	}
	runtime.GC()
	return func() {
		newest.Store(nil)
		alive = nil
	}, nil
}

// collectOnce makes garbage until there has been a collection, and returns for
// how long that stopped the world.
func collectOnce() (time.Duration, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for after.NumGC = before.NumGC; after.NumGC == before.NumGC; runtime.ReadMemStats(&after) {
		makeGarbage(4 << 20)
	}
	return time.Duration(after.PauseTotalNs-before.PauseTotalNs) / time.Duration(after.NumGC-before.NumGC), nil
}

func makeGarbage(bytes int) {
	for range bytes / 64 {
		newest.Store(&node{})
	}
}

// collectWatched makes garbage until there has been a collection, and returns
// the longest time between two looks at the clock: the stops, work that the
// allocator does for the collector (assists), and what the collector's own
// goroutine takes of this processor at a time.
func collectWatched() (longest time.Duration, err error) {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	for before := s.NumGC; s.NumGC == before; runtime.ReadMemStats(&s) {
		last := time.Now()
		for range (4 << 20) / 1024 {
			makeGarbage(1024)
			now := time.Now()
			longest = max(longest, now.Sub(last))
			last = now
		}
	}
	return longest, nil
}

// collectorShare returns which part of a second of processor time the collector
// takes, by the runtime's own account, over some collections.
func collectorShare(int) (time.Duration, error) {
	work := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/idle:cpu-seconds"}, {Name: "/cpu/classes/total:cpu-seconds"}}
	read := func() (collector, all float64) {
		runtime.GC() // the numbers are as of the last collection
		metrics.Read(work)
		return work[0].Value.Float64(), work[2].Value.Float64() - work[1].Value.Float64()
	}
	collector, all := read()
	makeGarbage(256 << 20)
	collector2, all2 := read()
	return time.Duration((collector2 - collector) / (all2 - all) * float64(time.Second)), nil
}
