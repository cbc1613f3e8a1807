//go:build tamago

package start

import (
	"sync/atomic"

	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/kernel/crash"
	"vitrine/mm"
)

// reporter writes the last page.
var reporter = crash.Reporter{
	Put: put, Detail: put, Control: controlRegisters, Trace: traceInReport,
	CPU: thisCPU, Others: otherCPU, Stack: stackOwner, Frames: &Frames,
}

func controlRegisters() [4]uint64 {
	return [4]uint64{cpu.CR0(), cpu.CR2(), cpu.CR3(), cpu.CR4()}
}

func thisCPU() int { return int(interrupts.Current().Index) }

// otherCPU returns where the i-th processor has been stopped; ok is false if
// there is none, or if it is this one.
func otherCPU(i int) (f *interrupts.Frame, stopped, ok bool) {
	if i >= interrupts.Online() || i == thisCPU() {
		return nil, false, false
	}
	f, stopped = interrupts.CPUs[i].Stopped()
	return f, stopped, true
}

// stackOwner returns the processor that has an interrupt stack ending at top.
func stackOwner(top uint64) (int, bool) {
	for i := range interrupts.Online() {
		for n := range interrupts.Stacks {
			if interrupts.CPUs[i].TSS.Stack(n+1) == mm.VirtAddr(top) {
				return i, true
			}
		}
	}
	return 0, false
}

// SetDetail tells where the parts of the report go that are too long for a
// screen: to the outputs that keep what scrolls away.
//
// Context: goroutines.
func SetDetail(put func(c byte)) { reporter.Detail = put }

// SetLastEvents tells how the report gets at the last trace events, and how the
// log writes what nobody has seen. Both must work in a handler.
//
// Context: goroutines.
func SetLastEvents(event func(i int) (crash.Event, bool), log func()) {
	reporter.Event, reporter.Log = event, log
}

// ReportLine writes a line of the log into the report.
//
// Context: within the function log of SetLastEvents.
func ReportLine(b []byte) { reporter.Line(b) }

// inReport says that what the runtime prints belongs into the report.
var inReport bool

// traceInReport has the runtime print its stack traces.
func traceInReport(g, pc, sp uintptr) bool {
	inReport = true
	ok := traceback(g, pc, sp)
	inReport = false
	return ok
}

// dying counts how deep the report itself has fallen; dyingCPU is 1 plus the
// index of the processor that writes it.
var (
	dying    int
	dyingCPU uint32
)

// stopping tells NMI handlers what the NMI means, and whether it is this processor
// that reports.
func stopping() (stopping, mine bool) {
	by := atomic.LoadUint32(&dyingCPU)
	return by != 0, by == uint32(thisCPU())+1
}

// die makes this processor the one that reports. A second one that wants to stops:
// at the exception f of goroutine g; or, if f is nil, where the NMI finds it by
// which the first stops it. (In the handler of an NMI none finds it.)
//
// Context: interrupts off.
func die(f *interrupts.Frame, g uintptr) {
	me := uint32(thisCPU()) + 1
	if !atomic.CompareAndSwapUint32(&dyingCPU, 0, me) && atomic.LoadUint32(&dyingCPU) != me {
		if f != nil {
			interrupts.Stop(f, g)
		}
		cpu.Halt()
	}
	dying++
	interrupts.StopOthers()
}

// fatal reports f and stops. A fault inside the report ends only the section in
// which it happens; when there have been more faults than sections, there is
// nothing left to try.
//
// Context: a handler.
func fatal(f *interrupts.Frame, g uintptr) {
	die(f, g)
	if interrupts.Current().BorrowM(g, gmOffset()) {
		reporter.Symbols = true
	}
	switch {
	case dying == 1:
		reporter.Exception(f, g)
	case dying <= crash.Sections:
		inReport = false
		reporter.Resume(f)
	}
	Stop(3)
}
