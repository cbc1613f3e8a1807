//go:build tamago

package commands

import (
	"errors"
	"sync/atomic"
	"time"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// ReadRegisters reads the system registers of the processor that runs this.
// It is what Machine.Registers wants.
//
// Context: a goroutine.
func ReadRegisters() Registers {
	const (
		msrEFER   = 0xc000_0080
		msrFSBase = 0xc000_0100
		msrGSBase = 0xc000_0101
		osXSave   = 1 << 18
	)
	r := Registers{
		IP: programCounter(), SP: stackPointer(), Flags: cpu.Flags(),
		CR0: cpu.CR0(), CR2: cpu.CR2(), CR3: cpu.CR3(), CR4: cpu.CR4(),
		EFER: cpu.ReadMSR(msrEFER), FSBase: cpu.ReadMSR(msrFSBase), GSBase: cpu.ReadMSR(msrGSBase),
		TR: cpu.StoreTR(),
	}
	if r.CR4&osXSave != 0 {
		r.XCR0 = cpu.XCR0()
	}
	cpu.StoreGDT(&r.GDT)
	cpu.StoreIDT(&r.IDT)
	return r
}

// programCounter returns the address that its caller goes on at.
func programCounter() uint64

// stackPointer returns its caller's stack pointer.
func stackPointer() uint64

// Touch reads the first word at v, which must be mapped or get mapped by a
// page fault. It is what Machine.Touch wants.
func Touch(v mm.VirtAddr) uint64 { return load(v, 8) }

// latency measures how long it takes from an interrupt to its goroutine, on a
// line that no device uses, whose gate it enters by an INT instruction.
type latency struct {
	line *interrupts.Line
	at   atomic.Int64 // when the top half ran
}

// enterLine11 enters the gate of IRQ 11.
func enterLine11()

var errNoWakeUp = errors.New("the goroutine was not woken")

// NewLatency takes IRQ 11 and returns a function that raises an interrupt on
// it, waits for it in a goroutine, and tells how long that took. It is what
// Machine.Latency wants.
//
// Errors: those of interrupts.Register. Context: a goroutine.
func NewLatency() (func() (time.Duration, error), error) {
	l := new(latency)
	line, err := interrupts.Register(11, "bench", func() { l.at.Store(clock.Nanotime()) })
	if err != nil {
		return nil, err
	}
	l.line = line
	return l.sample, nil
}

// sample waits in one goroutine while another one raises the interrupt.
func (l *latency) sample() (time.Duration, error) {
	woken := make(chan int64, 1)
	ready := make(chan struct{})
	go func() {
		close(ready)
		select {
		case <-l.line.Fired():
			woken <- clock.Nanotime()
		case <-time.After(time.Second):
			woken <- 0
		}
	}()
	<-ready
	time.Sleep(50 * time.Microsecond) // let it wait
	enterLine11()
	end := <-woken
	if end == 0 {
		return 0, errNoWakeUp
	}
	return time.Duration(end - l.at.Load()), nil
}
