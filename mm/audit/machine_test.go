//go:build tamago

package audit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/start"
	"vitrine/mm"
	"vitrine/mm/audit"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// The test binary is a kernel of its own, and package start brings it up: here
// its own memory is under audit.

func auditMachine() audit.Report {
	return audit.Run(&start.Frames, audit.Space{Name: "kernel", Tables: &start.Space, Regions: &start.Regions})
}

func TestThisMachineKeepsItsPromises(t *testing.T) {
	r := auditMachine()
	require.Empty(t, r.Violations)
	require.Equal(t, start.Text().Size(), r.Executable)
	require.Positive(t, r.Guards)
	require.Positive(t, r.Tables)
	require.Greater(t, r.Frames, r.Executable/mm.PageSize)
}

func TestWhatIsPlantedInThisMachineIsSeen(t *testing.T) {
	const page, rw = mm.PageSize, paging.Writable | paging.NoExecute
	at := mm.ScratchBase + 7*page
	f, err := start.Frames.Alloc()
	require.NoError(t, err)
	defer func() { require.NoError(t, start.Frames.Free(f)) }()
	plant := func(v mm.VirtAddr, p mm.PhysAddr, flags paging.Entry) {
		t.Helper()
		require.NoError(t, start.Space.Map(v, p, page, flags, paging.Pages4K))
		r := auditMachine()
		require.NoError(t, start.Space.Unmap(v, page))
		require.Equal(t, 1, r.Found, "%v", r.Violations)
		require.Equal(t, v, r.Violations[0].Address)
		require.Equal(t, p, r.Violations[0].Phys)
		t.Log(r.Violations[0])
	}
	t.Log("a user page in the kernel's own space")
	plant(0x40_0000, f.Addr(), rw|paging.User)
	t.Log("the kernel's code, writable")
	code, err := start.Space.Translate(start.Text().Start)
	require.NoError(t, err)
	plant(at, code, rw)
	t.Log("a guard page")
	guard := mm.VirtRange{Start: at, End: at + page}
	require.NoError(t, start.Regions.Add(region.Region{Range: guard, Kind: region.Guard, Flags: paging.NoExecute, Name: "guard page"}))
	plant(at, f.Addr(), rw)
	require.NoError(t, start.Regions.Remove(&start.Space, &start.Frames, at))
	t.Log("a page table")
	plant(at, start.Space.Root().Addr(), rw)
	require.Empty(t, auditMachine().Violations)
}

func TestAuditsDoNotMindAMachineAtWork(t *testing.T) {
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
			}
			f, _ := start.Frames.Alloc()
			_ = start.Space.Map(mm.ScratchBase, f.Addr(), mm.PageSize, paging.Writable|paging.NoExecute, paging.Pages4K)
			_ = start.Space.Unmap(mm.ScratchBase, mm.PageSize)
			_ = start.Frames.Free(f)
		}
	}()
	for range 20 {
		require.Empty(t, auditMachine().Violations)
	}
	close(done)
	<-stopped
}
