//go:build tamago

package kernel

import (
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/shell/commands"
	"vitrine/kernel/start"
	"vitrine/kernel/symbol"
	"vitrine/kernel/thread"
	"vitrine/mm"
)

// processors returns what each processor does, and has done.
func processors() []commands.CPU {
	list := make([]commands.CPU, interrupts.Online())
	for i := range list {
		c, p := &interrupts.CPUs[i], &list[i]
		p.Now = clock.Nanotime()
		p.Load = c.Load(p.Now)
		p.APIC = c.APICID
		p.Thread = thread.On(c)
		if p.Idle {
			continue
		}
		var entry uintptr
		if p.Goroutine, entry, _ = start.ThreadGoroutine(p.Thread); p.Goroutine != 0 {
			p.Function, _, _ = symbol.Function(entry)
		}
	}
	return list
}

// interruptStacks returns the ends of all processors' interrupt stacks.
func interruptStacks() (ends []mm.VirtAddr) {
	for i := range interrupts.Online() {
		for n := range interrupts.Stacks {
			ends = append(ends, interrupts.CPUs[i].TSS.Stack(n+1))
		}
	}
	return ends
}
