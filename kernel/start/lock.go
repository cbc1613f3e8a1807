//go:build tamago

package start

import (
	"unsafe" // also for go:linkname

	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/mm"
)

// spin is the lock of the memory packages: it turns interrupts off, because
// the page-fault handler and the heap take it too. A kernel that is dying does
// not wait for it: its holder may never run again.
//
// A goroutine that holds it must not get to the runtime, which every function's
// prologue may do: to give way to another goroutine, which would then wait for
// the lock with interrupts off; or to grow the stack, for which the runtime may
// take memory from the heap, and the heap this very lock. So Lock tells the
// runtime that this goroutine cannot be preempted, and sees to it that the
// stack has room before, not after. Only the first lock does: who takes a second
// one holds the first, and its room is for all that is called under it. To ask for
// room once more, further down, would be to grow the stack under the first lock.
type spin struct{ held uint32 }

func (s *spin) Lock() uint64 {
	if stackGuard() != 0 {
		acquirem()
		if cpu.Flags()&interrupts.FlagIF != 0 {
			stackRoom()
		}
	}
	flags := cpu.DisableInterrupts()
	for cpu.Exchange32(&s.held, 1) != 0 && dying == 0 {
		interrupts.ServeFlush()
		cpu.Pause()
	}
	return flags
}

func (s *spin) Unlock(flags uint64) {
	cpu.Exchange32(&s.held, 0)
	cpu.SetFlags(flags)
	if stackGuard() != 0 {
		m := acquirem()
		releasem(m)
		releasem(m)
	}
}

// NewLock returns a lock for something that handlers use, too.
func NewLock() mm.Locker { return &spin{} }

// stackGuard returns the limit that function prologues compare the stack
// pointer with: 0 in a handler, and before the runtime is up, where there is no
// M either.
func stackGuard() uintptr

// stackRoom returns when the stack has room for 4 KiB: more than the memory
// packages need under a lock.
func stackRoom()

// The runtime's own way of saying that the current M must not be taken away.

//go:linkname acquirem runtime.acquirem
func acquirem() unsafe.Pointer

//go:linkname releasem runtime.releasem
func releasem(m unsafe.Pointer)
