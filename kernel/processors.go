//go:build tamago

package kernel

import (
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/shell/commands"
	"vitrine/kernel/start"
	"vitrine/kernel/symbol"
	"vitrine/kernel/thread"
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
		if p.Goroutine, entry = start.ThreadGoroutine(p.Thread); p.Goroutine != 0 {
			p.Function, _, _ = symbol.Function(entry)
		}
	}
	return list
}
