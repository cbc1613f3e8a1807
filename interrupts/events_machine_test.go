//go:build tamago

package interrupts_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/mm"
)

// What happens to ordinary Go code when the real processor objects.

// panicOf returns what f panics with.
func panicOf(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

var sink byte

//go:noinline
func load(v mm.VirtAddr) { sink = *(*byte)(v.Pointer()) }

//go:noinline
func store(v mm.VirtAddr) { *(*byte)(v.Pointer()) = 1 }

// call calls the code at v: a func value points at a pointer to code.
//
//go:noinline
func call(v mm.VirtAddr) {
	p := unsafe.Pointer(&v)
	(*(*func())(unsafe.Pointer(&p)))()
}

//go:noinline
func divide(a, b int) int { return a / b }

func TestNilPointersPanicAsOnAnySystem(t *testing.T) {
	before := interrupts.Count(interrupts.PageFault)
	err, ok := panicOf(func() { load(0x10) }).(runtime.Error)
	require.True(t, ok)
	require.ErrorContains(t, err, "nil pointer dereference")
	require.Equal(t, before+1, interrupts.Count(interrupts.PageFault))
}

func TestDivisionByZeroPanics(t *testing.T) {
	zero := 0
	err, ok := panicOf(func() { sink = byte(divide(1, zero)) }).(runtime.Error)
	require.True(t, ok)
	require.ErrorContains(t, err, "integer divide by zero")
}

// addressOf returns the address that a recovered fault tells.
func addressOf(t *testing.T, v any) uintptr {
	e, ok := v.(interface{ Addr() uintptr })
	require.True(t, ok, "%v", v)
	return e.Addr()
}

func TestBadAddressesPanicWithTheAddress(t *testing.T) {
	text, data := start.Text().Start, mm.VirtAddr(uintptr(unsafe.Pointer(&sink)))
	for _, c := range []struct {
		name string
		at   mm.VirtAddr
		do   func(mm.VirtAddr)
	}{
		{"read of user space", 0x7fff_0000_0000, load},
		{"read of the stub's former place", 0x10_0000, load},
		{"write to text", text, store},
		{"write to text in the direct map", (mm.DirectMapBase + text - mm.ImageBase), store},
		{"execution of data", data, call},
		{"execution in the direct map", (mm.DirectMapBase + text - mm.ImageBase), call},
	} {
		require.EqualValues(t, c.at, addressOf(t, panicOf(func() { c.do(c.at) })), c.name)
	}
}

func TestAddressesThatAreNotCanonicalPanic(t *testing.T) {
	require.NotNil(t, panicOf(func() { load(0x1234_5678_9abc_def0) }))
}

func TestGuardPagesLieBelowStacks(t *testing.T) {
	top := interrupts.CPUs[0].TSS.Stack(interrupts.StackInterrupt)
	load(top - 8)
	guarded := false
	for v := top - mm.PageSize; v > top-(1<<20); v -= mm.PageSize {
		if panicOf(func() { load(v) }) != nil {
			guarded = true
			break
		}
	}
	require.True(t, guarded, "no unmapped page within 1 MiB below the interrupt stack")
}

func TestAVectorThatNobodyHandlesIsCounted(t *testing.T) {
	before := interrupts.Count(0x80)
	interrupts.Software80()
	require.Equal(t, before+1, interrupts.Count(0x80))
}

func TestTheTimerTicksWhileAGoroutineComputes(t *testing.T) {
	before := interrupts.Info(0).Count
	for end := time.Now().Add(100 * time.Millisecond); time.Now().Before(end); {
	}
	require.Greater(t, interrupts.Info(0).Count, before+2)
}

func TestFloatingPointSurvivesInterrupts(t *testing.T) {
	before := interrupts.Info(0).Count
	sum := 0.0
	for end := time.Now().Add(100 * time.Millisecond); time.Now().Before(end); {
		sum = 0
		for i := 1; i <= 10000; i++ {
			sum += 1 / float64(i)
		}
		require.Equal(t, 9.787606036044348, sum)
	}
	require.Greater(t, interrupts.Info(0).Count, before)
}

func TestNoWakeUpIsLost(t *testing.T) {
	event, err := interrupts.NewEvent("test")
	require.NoError(t, err)
	for i := range 2000 {
		event.Raise()
		select {
		case <-event.Fired():
		case <-time.After(2 * time.Second):
			t.Fatalf("wake-up %d is lost", i)
		}
	}
}

func TestSleepIsAccurateToAMillisecond(t *testing.T) {
	for _, d := range []time.Duration{time.Millisecond, 7 * time.Millisecond, 60 * time.Millisecond} {
		begin := time.Now()
		time.Sleep(d)
		late := time.Since(begin) - d
		require.GreaterOrEqual(t, late, time.Duration(0))
		t.Logf("sleep of %v: %v late", d, late)
	}
}

func TestTwiceTheSameLineIsRefused(t *testing.T) {
	_, err := interrupts.Register(0, "again", nil)
	require.ErrorIs(t, err, interrupts.ErrInUse)
	_, err = interrupts.Register(2, "cascade", nil)
	require.ErrorIs(t, err, interrupts.ErrNoLine)
	_, err = interrupts.Register(16, "beyond", nil)
	require.ErrorIs(t, err, interrupts.ErrNoLine)
}

func TestGarbageCollectionUnderInterrupts(t *testing.T) {
	before := interrupts.Info(0).Count
	keep := map[int][]byte{}
	for i := 0; interrupts.Info(0).Count < before+20; i++ {
		keep[i%64] = make([]byte, 1000+i%5000)
		keep[i%64][7] = byte(i)
		if i%500 == 0 {
			runtime.GC()
		}
	}
	debug.FreeOSMemory()
}

func TestTheTablesAreTheProcessors(t *testing.T) {
	var idt, gdt [10]byte
	cpu.StoreIDT(&idt)
	cpu.StoreGDT(&gdt)
	require.EqualValues(t, 256*16-1, uint16(idt[0])|uint16(idt[1])<<8)
	require.EqualValues(t, 7*8-1, uint16(gdt[0])|uint16(gdt[1])<<8)
	require.EqualValues(t, 0x28, cpu.StoreTR())
	for v := range 256 {
		require.True(t, start.Text().Contains(interrupts.GateOf(uint8(v)).Handler()), "vector %d", v)
	}
}
