package core

import (
	"fmt"
	"slices"
)

// thread is a processor as debuggers see it.
type thread struct {
	Registers
	cpu    *CPU
	index  int    // of the processor, as QEMU counts
	vector int    // of the exception that it stopped at; -1: none
	died   bool   // this one is why the machine stopped
	inside bool   // the registers are those of the program that was interrupted
	g      uint64 // its current goroutine, if inside
}

// threads returns a thread for each processor. The first is the one that has
// died: the kernel says so, or it stands at fault; else, the first processor.
//
// A kernel that reports its death does so in a handler of the exception, and
// has stopped the other processors by an interrupt. Their registers are in that
// code, which tells nothing; where the program was that they had been running
// is what the report is about, and what debuggers shall show.
func threads(m *Machine, k *Kernel, s *space, fault *Fault) ([]thread, error) {
	var all []thread
	for i := range m.CPUs {
		c := &m.CPUs[i]
		t := thread{Registers: c.Registers, cpu: c, index: i, vector: -1}
		if fault != nil && c.IP == fault.IP && c.SP == fault.SP {
			t.died, t.vector = true, fault.Vector
		}
		if k != nil {
			if err := t.interrupted(k, s); err != nil {
				return nil, err
			}
		}
		all = append(all, t)
	}
	if fault != nil && !slices.ContainsFunc(all, func(t thread) bool { return t.died }) {
		all[0].died, all[0].vector = true, fault.Vector // who it was is not known
	}
	slices.SortStableFunc(all, func(a, b thread) int {
		switch {
		case a.died && !b.died:
			return -1
		case b.died && !a.died:
			return 1
		}
		return 0
	})
	return all, nil
}

// interrupted replaces the registers of a processor that reports its death, or
// that was stopped for another one's report, by those of the program that it
// was running.
func (t *thread) interrupted(k *Kernel, s *space) error {
	all := k.variable(s, processors)
	size := uint64(1)
	if first, err := all.element(0); err == nil {
		size = uint64(first.typ.Size())
	}
	number := (t.cpu.GS.Base - all.address) / size
	own, err := all.element(number)
	if t.cpu.GS.Base < all.address || err != nil {
		return nil // not one of the kernel's yet
	}
	dying, err := k.variable(s, dyingCPU).number()
	if err != nil {
		return err
	}
	report := k.variable(s, reporter)
	begun, err := report.numberOf("next")
	if err != nil {
		return err
	}
	switch {
	case dying == number+1 && begun > 0:
		t.died = true
		none, err := report.numberOf("noFrame")
		if err != nil || none != 0 {
			return err
		}
		if err := t.take(report, "frame", "g"); err != nil {
			return err
		}
		panics, err := report.numberOf("panics")
		if err == nil && panics != 0 {
			t.follow(s)
		}
		return err
	case dying != 0:
		return t.take(own, "stopped", "stoppedG")
	}
	return nil
}

// take takes over the registers of the interrupts.Frame in a field of v, unless
// it is empty, and the current goroutine of that program from another.
func (t *thread) take(v value, frame, g string) error {
	f, err := v.field(frame)
	if err != nil {
		return err
	}
	ip, err := f.numberOf("IP")
	if err != nil || ip == 0 {
		return err
	}
	vector := uint64(0)
	for name, to := range map[string]*uint64{
		"AX": &t.AX, "BX": &t.BX, "CX": &t.CX, "DX": &t.DX, "SI": &t.SI, "DI": &t.DI, "SP": &t.SP, "BP": &t.BP,
		"R8": &t.R8, "R9": &t.R9, "R10": &t.R10, "R11": &t.R11, "R12": &t.R12, "R13": &t.R13, "R14": &t.R14,
		"R15": &t.R15, "IP": &t.IP, "Flags": &t.Flags, "Vector": &vector,
	} {
		if *to, err = f.numberOf(name); err != nil {
			return fmt.Errorf("interrupts.Frame: %w", err)
		}
	}
	if t.g, err = v.numberOf(g); err != nil {
		return err
	}
	t.inside = true
	if t.died {
		t.vector = int(vector)
	}
	return nil
}

// follow corrects the registers of a goroutine whose stack the runtime has moved
// since the exception: to panic may take more of it than the program needed.
//
// The runtime's sigpanic has been made to return to the instruction at fault
// (interrupts/dispatch.go), so its frame is the one that says so, in the chain
// of frames from where the processor is now.
func (t *thread) follow(s *space) {
	record := t.cpu.BP // the caller's, and the return address above it
	for range maxFrames {
		up, back := s.word(record), s.word(record+8)
		if back == t.IP {
			t.move(record+16, s.word(t.g+8))
			return
		}
		if up == 0 {
			return
		}
		record = up
	}
}

// maxFrames bounds the walk along the frames, which may be damaged: from the
// report, through the panic and deferred functions, to the instruction at fault.
const maxFrames = 1000

// move corrects all registers that point into a stack that has been moved to
// where its pointer is sp, and its end is end.
func (t *thread) move(sp, end uint64) {
	from, size := t.SP, end-sp
	if sp > end || sp == from {
		return
	}
	for _, r := range []*uint64{
		&t.AX, &t.BX, &t.CX, &t.DX, &t.SI, &t.DI, &t.SP, &t.BP, &t.R8, &t.R9, &t.R10, &t.R11, &t.R12, &t.R13, &t.R14, &t.R15,
	} {
		if *r-from <= size {
			*r += sp - from
		}
	}
}
