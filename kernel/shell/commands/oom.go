package commands

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"vitrine/kernel/shell"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// frameRun is frames in a row.
type frameRun struct {
	first mm.Frame
	n     uint64
}

// hoard takes all frames there are, as far as list has room.
func (m *Machine) hoard(list []frameRun) (taken []frameRun, n uint64) {
	taken = list[:0]
	for len(taken) < cap(taken) {
		first, got, err := m.Frames.AllocRun(1 << 40)
		if err != nil {
			break
		}
		taken, n = append(taken, frameRun{first, got}), n+got
	}
	return taken, n
}

// settle lets the heap give back what it does not need (what a collection finds
// the next one frees), and returns how many frames are free, and how many are in
// use by others than the heap.
func (m *Machine) settle() (free, others uint64) {
	for range 3 {
		runtime.GC()
		debug.FreeOSMemory()
	}
	s := m.Frames.Stats()
	free, others = s.Free, s.Used
	if m.Heap != nil {
		mapped, returned := m.Heap()
		others -= (mapped - returned) / mm.PageSize
	}
	return free, others
}

// outOfMemory takes all memory, looks at what those get who ask for more, and gives
// it back.
func (m *Machine) outOfMemory(sh *shell.Env) error {
	if m.Frames == nil || m.Space == nil || m.Regions == nil || m.Scratch.Size() < 2*mm.LargePageSize {
		return errAbsent("memory to run out of")
	}
	list := make([]frameRun, 0, 1<<14)
	freeBefore, othersBefore := m.settle()
	taken, n := m.hoard(list)
	_, frame := m.Frames.Alloc()
	_, table := m.askForTable()
	page := m.askForPage()
	growHeap()
	keepPointer(nil)
	var failed error
	for _, r := range taken {
		if err := m.Frames.FreeContiguous(r.first, r.n); err != nil {
			failed = err
		}
	}
	freeAfter, othersAfter := m.settle()
	runtime.KeepAlive(list) // or it would have come back, too

	t := sh.Table("WHO ASKS", "GETS")
	t.Row("for all frames", fmt.Sprintf("%d, in %d runs", n, len(taken)))
	t.Row("for one more frame", outcome(frame))
	t.Row("for a page table, by mapping a page", outcome(table))
	t.Row("by touching a page of a demand-zero region", outcome(page))
	t.Row("for a MiB of the Go heap", "it, of what the heap has or of its reserve")
	t.Print()
	sh.Printf("frames free before: %d, after: %d; used without the heap's, before: %d, after: %d\n",
		freeBefore, freeAfter, othersBefore, othersAfter)
	return failed
}

// outcome says what somebody got.
func outcome(err error) string {
	if err == nil {
		return "it: somebody has given memory back meanwhile"
	}
	return "the error '" + err.Error() + "'"
}

// askForTable maps a page where there is no table yet.
func (m *Machine) askForTable() (ok bool, err error) {
	at := m.Scratch.End - mm.PageSize
	if err = m.Space.Map(at, m.Space.Root().Addr(), mm.PageSize, paging.NoExecute, paging.Pages4K); err == nil {
		err = m.Space.Unmap(at, mm.PageSize)
		return true, err
	}
	return false, err
}

// askForPage does what a page fault does.
func (m *Machine) askForPage() error {
	r := region.Region{Range: m.Scratch, Kind: region.DemandZero, Flags: paging.Writable | paging.NoExecute, Name: "fault oom"}
	r.Range.End = r.Range.Start + mm.PageSize
	if err := m.Regions.Add(r); err != nil {
		return err
	}
	_, err := m.Regions.Fault(m.Space, m.Frames, r.Range.Start, region.Write)
	if e := m.Regions.Remove(m.Space, m.Frames, r.Range.Start); e != nil {
		return e
	}
	return err
}

// growHeap allocates 1 MiB.
func growHeap() { keepPointer((*[64]byte)(make([]byte, 1<<20))) }
