package crash

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// recorder collects a report.
func recorder() (*Reporter, *strings.Builder) {
	var b strings.Builder
	b.Grow(16 << 10)
	return &Reporter{
		Put:     func(c byte) { b.WriteByte(c) },
		Control: func() [4]uint64 { return [4]uint64{0x8001_0033, 0x7fff_0000_1234, 0x10_3000, 0x6a0} },
		Regions: &region.Set{},
		Symbols: true,
		CPU:     func() int { return 3 },
	}, &b
}

func TestAPageFaultIsToldInWords(t *testing.T) {
	r, out := recorder()
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault, Error: 2, AX: 0x1122_3344_5566_7788, IP: 0x1000}, 0)
	for _, want := range []string{
		"#PF page fault (vector 14, error code 0x2)",
		"write", "not present",
		"address 00007fff00001234: user space, empty in the kernel's tables",
		"RAX 1122334455667788",
		"CR3 0000000000103000",
	} {
		require.Contains(t, out.String(), want)
	}
}

func TestTheInstructionIsNamed(t *testing.T) {
	r, out := recorder()
	f := TestTheInstructionIsNamed
	pc := **(**uintptr)(unsafe.Pointer(&f))
	r.Exception(&interrupts.Frame{Vector: interrupts.InvalidOpcode, IP: uint64(pc) + 1}, 0)
	require.Contains(t, out.String(), "#UD invalid opcode (vector 6)\n")
	require.Contains(t, out.String(), "crash.TestTheInstructionIsNamed+0x1")
	require.Contains(t, out.String(), "crash_test.go:")
}

func TestATrapIsNamedAfterTheInstructionBeforeIt(t *testing.T) {
	r, out := recorder()
	f := TestATrapIsNamedAfterTheInstructionBeforeIt
	start := uint64(**(**uintptr)(unsafe.Pointer(&f)))
	for vector, own := range map[uint64]bool{
		interrupts.Breakpoint: false, interrupts.Overflow: false, interrupts.BoundRange: false,
		interrupts.InvalidOpcode: true, interrupts.NMI: true,
	} {
		out.Reset()
		r.Exception(&interrupts.Frame{Vector: vector, IP: start}, 0)
		require.Equal(t, own, strings.Contains(out.String(), "crash.TestATrapIsNamedAfterTheInstructionBeforeIt+0x0"), "%d", vector)
		out.Reset()
		r.Exception(&interrupts.Frame{Vector: vector, IP: start + 1}, 0)
		require.Contains(t, out.String(), "crash.TestATrapIsNamedAfterTheInstructionBeforeIt+0x1")
	}
}

func TestASelectorErrorNamesTheTable(t *testing.T) {
	r, out := recorder()
	r.Exception(&interrupts.Frame{Vector: interrupts.GeneralProtection, Error: 0x80<<3 | 3}, 0)
	require.Contains(t, out.String(), "IDT entry 128, while an external event was delivered")
}

func TestAMissingFPUSaysWhichBit(t *testing.T) {
	r, out := recorder()
	for cr0, want := range map[uint64]string{
		0x8005_003b: "CR0.TS was set: its registers may be another task's.\nat ",
		0x8005_003f: "CR0.EM was set: there is no FPU, or it is to be emulated.\nat ",
		0x8005_0033: "which CR0 says are not to be used.\nat ", // INT 7
	} {
		out.Reset()
		r.Exception(&interrupts.Frame{Vector: interrupts.DeviceNotAvail, Error: cr0, IP: 0x1000}, 0)
		require.Contains(t, out.String(), want)
	}
}

func TestAnExceptionInRing3IsAPrograms(t *testing.T) {
	const says = "It was in ring 3: a program's instruction.\n"
	r, out := recorder()
	r.Exception(&interrupts.Frame{Vector: interrupts.GeneralProtection, CS: 0x23}, 0)
	require.Contains(t, out.String(), says)
	out.Reset()
	r.Exception(&interrupts.Frame{Vector: interrupts.GeneralProtection, CS: 0x08}, 0)
	require.NotContains(t, out.String(), says)
}

func TestGuardPagesAreNamed(t *testing.T) {
	r, out := recorder()
	guard := mm.VirtRange{Start: mm.StackBase, End: mm.StackBase + mm.PageSize}
	require.NoError(t, r.Regions.Add(region.Region{Range: guard, Kind: region.Guard, Flags: paging.NoExecute, Name: "guard page of the test stack"}))
	r.Control = func() [4]uint64 { return [4]uint64{0, uint64(guard.Start) + 8, 0, 0} }
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault}, 0)
	require.Contains(t, out.String(), "guard page of the test stack")
}

func TestAGuardPageIsNamedAfterTheStackAboveIt(t *testing.T) {
	r, out := recorder()
	stack := mm.VirtRange{Start: mm.StackBase + mm.PageSize, End: mm.StackBase + 5*mm.PageSize}
	guard := mm.VirtRange{Start: mm.StackBase, End: stack.Start}
	require.NoError(t, r.Regions.Add(region.Region{Range: guard, Kind: region.Guard, Flags: paging.NoExecute, Name: "guard page"}))
	require.NoError(t, r.Regions.Add(region.Region{Range: stack, Kind: region.Fixed, Flags: paging.NoExecute, Name: "double fault stack"}))
	r.Stack = func(top uint64) (int, bool) { return 1, top == uint64(stack.End) }
	r.Control = func() [4]uint64 { return [4]uint64{0, uint64(guard.Start) + 0xff8, 0, 0} }
	r.Exception(&interrupts.Frame{Vector: interrupts.PageFault, Error: 2}, 0)
	require.Contains(t, out.String(), "The kernel ran into the guard page below the double fault stack of processor 1.\n")
	require.Contains(t, out.String(), "explained in docs/book/08-virtual-memory.md#guard-pages\n")
}

func TestPlacesInMemoryAreNamed(t *testing.T) {
	r, _ := recorder()
	for v, want := range map[mm.VirtAddr]string{
		0:                     "a nil pointer",
		0x1000:                "user space, empty in the kernel's tables",
		0x1234_5678_9abc_def0: "not a canonical address",
		mm.DirectMapBase:      "direct map of physical memory",
		mm.WindowBase:         "kernel window",
		mm.HeapBase:           "Go heap",
		mm.ImageBase:          "kernel image",
		mm.HeapEnd:            "nothing is there",
	} {
		require.Equal(t, want, r.near(v), "%#x", v)
	}
}

func TestTheRuntimesTraceIsAskedFor(t *testing.T) {
	r, out := recorder()
	asked := [3]uintptr{}
	r.Trace = func(g, pc, sp uintptr) bool {
		asked = [3]uintptr{g, pc, sp}
		return true
	}
	r.Exception(&interrupts.Frame{Vector: interrupts.Debug, IP: 0x111, SP: 0x222}, 0x333)
	require.Equal(t, [3]uintptr{0x333, 0x111, 0x222}, asked)
	require.Contains(t, out.String(), "called by:")
}

func TestAWildFramePointerEndsTheTrace(t *testing.T) {
	r, out := recorder()
	for _, bp := range []uint64{0, 1, 0x1000, 0x1234_5678_9abc_def0, ^uint64(7)} {
		r.Exception(&interrupts.Frame{Vector: interrupts.Debug, BP: bp}, 0)
	}
	require.Contains(t, out.String(), "The machine is halted.")
}

func TestAPanicWithoutExceptionSaysSo(t *testing.T) {
	r, out := recorder()
	r.Panic(2, nil)
	require.Contains(t, out.String(), "KERNEL STOPPED BY A GO PANIC")
	require.Contains(t, out.String(), "exit code 2")
}

func TestAPanicShowsTheExceptionBehindIt(t *testing.T) {
	r, out := recorder()
	r.Panic(2, &interrupts.LastPanic{Valid: true, Address: 0x10, Frame: interrupts.Frame{Vector: interrupts.PageFault, BX: 0xabcd}})
	require.Contains(t, out.String(), "address 0000000000000010: a nil pointer")
	require.Contains(t, out.String(), "RBX 000000000000abcd")
}

func TestTheReportIsKeptForTheDebugger(t *testing.T) {
	r, out := recorder()
	r.Exception(&interrupts.Frame{}, 0)
	require.Equal(t, out.String(), string(Text[:TextLen]))
	TextLen = 0
	for _, c := range []byte("panic: it hurts") {
		Keep(c)
	}
	out.Reset()
	r.Panic(2, nil)
	require.Equal(t, "panic: it hurts"+out.String(), string(Text[:TextLen]))
	TextLen = 0
	out.Reset()
	r.Panic(2, nil)
	require.Equal(t, out.String(), string(Text[:TextLen]))
	for range 1000 {
		r.string(strings.Repeat("x", 100))
	}
	require.Equal(t, len(Text), TextLen, "cut, not overrun")
}

func TestAReportAllocatesNothing(t *testing.T) {
	r, _ := recorder()
	r.Put = func(byte) {}
	f := interrupts.Frame{Vector: interrupts.PageFault, Error: 2}
	require.Zero(t, testing.AllocsPerRun(10, func() { r.Exception(&f, 0) }))
}

func TestNumbers(t *testing.T) {
	r, out := recorder()
	for _, v := range []uint64{0, 9, 10, 1234567890, ^uint64(0)} {
		r.decimal(v)
		r.string(" ")
	}
	for _, v := range []uint64{0, 15, 16, 0xabc, ^uint64(0)} {
		r.hex(v)
		r.string(" ")
	}
	require.Equal(t, "0 9 10 1234567890 18446744073709551615 0x0 0xf 0x10 0xabc 0xffffffffffffffff ", out.String())
}
