package commands

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"vitrine/kernel/shell"
	"vitrine/mm"
	"vitrine/mm/paging"
	"vitrine/mm/region"
)

// fault is a way to go wrong.
type fault struct {
	name, what string
	recovers   bool // it becomes a Go panic, which can be recovered
	run        func(m *Machine)
}

// faults returns all ways to go wrong.
func faults() []fault {
	return append([]fault{
		{"nil", "follow a nil pointer", true, func(*Machine) { readInt(nil) }},
		{"bad", "read an address where nothing is mapped", true, func(*Machine) { touch(unmapped) }},
		{"canonical", "read an address that cannot be (#GP)", true, func(*Machine) { touch(0x8000_0000_0000_0000) }},
		{"text", "write to the kernel's code", true, func(m *Machine) { overwrite(m.Text.Start) }},
		{"guard", "write to the guard page below a stack", true, func(m *Machine) { overwrite(m.guardPage()) }},
		{"panic", "call panic", true, func(*Machine) { panic("asked for by the command 'fault'") }},
		{"nested", "panic with a value that faults when it is printed", true, func(*Machine) { panic(treacherous{}) }},
		{"bounds", "index an array out of its bounds", true, func(*Machine) { index(make([]int, 3), 5) }},
		{"overflow", "recurse until the goroutine's stack is full", false, func(*Machine) {
			debug.SetMaxStack(1 << 20)
			keep(recurse(1))
		}},
		{"heap", "allocate until the Go heap cannot grow: a fatal error of Go's", false, func(*Machine) { exhaust() }},
		{"unlock", "unlock a lock that is not locked: a fatal error of Go's", false, func(*Machine) { new(sync.Mutex).Unlock() }},
	}, processorFaults()...)
}

// unmapped is an address in user space, where the kernel maps nothing.
const unmapped mm.VirtAddr = 0x0000_1234_5678_9000

func (m *Machine) faultCommand() *shell.Command {
	var kinds []string
	var long strings.Builder
	long.WriteString("Shows the panic screen, and the machine stops (or what panic= says). With -r, if the kind\n" +
		"becomes a Go panic, the shell recovers it and goes on. Two are harmless: 'demand' touches pages\n" +
		"that get their memory when touched; 'oom' takes all memory there is, shows that this is an\n" +
		"error for who asks for more and no fault, and gives it back.\n\n")
	for _, f := range faults() {
		kinds = append(kinds, f.name)
		mark := "  "
		if f.recovers {
			mark = "-r"
		}
		fmt.Fprintf(&long, "  %-11s %s  %s\n", f.name, mark, f.what)
	}
	kinds = append(kinds, "demand", "oom")
	return &shell.Command{
		Name: "fault", Args: "[-r] KIND", Short: "make something go wrong, and see what happens",
		Long: strings.TrimRight(long.String(), "\n"),
		Run:  m.fault,
		Complete: func(_ *shell.Env, args []string, _ string) []string {
			if len(args) > 0 && args[0] != "-r" {
				return nil
			}
			return kinds
		},
	}
}

func (m *Machine) fault(ctx context.Context, sh *shell.Env, args []string) error {
	list := faults()
	names := []string{"demand", "oom"}
	for _, f := range list {
		names = append(names, f.name)
	}
	a := sh.Arguments(args)
	recovering := a.Flag("-r")
	kind := a.OneOf("KIND", names...)
	if err := a.Done(); err != nil {
		return err
	}
	switch kind {
	case "demand":
		return m.demand(sh)
	case "oom":
		return m.outOfMemory(sh)
	}
	var f fault
	for _, each := range list {
		if each.name == kind {
			f = each
		}
	}
	switch {
	case recovering && !f.recovers:
		return fmt.Errorf("nothing survives '%s': without -r you see the panic screen", kind)
	case recovering:
		defer m.cleanUp()
		f.run(m) // the shell recovers
	default:
		go f.run(m) // nobody recovers
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Second):
		}
	}
	return errors.New("that should have gone wrong, and did not")
}

// demand touches the pages of a demand-zero region.
func (m *Machine) demand(sh *shell.Env) error {
	if m.Regions == nil || m.Space == nil || m.Frames == nil || m.Scratch.Size() == 0 {
		return errAbsent("place for a region")
	}
	const most = 64 * mm.PageSize
	r := region.Region{Range: m.Scratch, Kind: region.DemandZero, Flags: paging.Writable | paging.NoExecute, Name: "fault demand"}
	r.Range.End = min(r.Range.End, r.Range.Start+most)
	if err := m.Regions.Add(r); err != nil {
		return err
	}
	defer m.Regions.Remove(m.Space, m.Frames, r.Range.Start)
	free, served := m.Frames.Stats().Free, m.Regions.Stats().Served
	sum := uint64(0)
	for v := r.Range.Start; v < r.Range.End; v += mm.PageSize {
		sum += load(v, 8)
	}
	sh.Printf("touched each page of a region of %s at %s\n", shell.Size(r.Range.Size()), hex(uint64(r.Range.Start)))
	sh.Printf("%d page faults served, %d frames taken (tables too), all of it was zero: %t\n",
		m.Regions.Stats().Served-served, free-m.Frames.Stats().Free, sum == 0)
	return nil
}

// guardPage returns the first guard page, or, without any, an unmapped address.
func (m *Machine) guardPage() mm.VirtAddr {
	if m.Regions != nil {
		for r := range m.Regions.Visit {
			if r.Kind == region.Guard {
				return r.Range.Start
			}
		}
	}
	return unmapped
}

// The functions below do what no code should. They are not inlined, so that
// each has its name in the stack trace.

//go:noinline
func readInt(p *int) int { return *p }

//go:noinline
func touch(v mm.VirtAddr) byte { return *(*byte)(v.Pointer()) }

//go:noinline
func overwrite(v mm.VirtAddr) { *(*byte)(v.Pointer()) = 0xcc }

//go:noinline
func index(list []int, i int) int { return list[i] }

//go:noinline
func recurse(n int) int {
	if n == 0 { // not in this life
		return 0
	}
	return recurse(n+1) + n
}

// treacherous is an error whose text cannot be had.
type treacherous struct{}

func (treacherous) Error() string { return fmt.Sprint(readInt(nil)) }

//go:noinline
func exhaust() {
	type link struct {
		next *link
		_    [1 << 20]byte
	}
	for last := (*link)(nil); ; {
		last = &link{next: last}
	}
}
