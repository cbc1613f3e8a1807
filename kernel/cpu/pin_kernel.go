//go:build tamago

package cpu

// Pin turns interrupts off, so that what follows runs on this processor and
// nothing else does, until Unpin. It returns the processor's number, 0 for the
// boot processor, and RFLAGS as it was.
//
// A goroutine must not get into the runtime meanwhile, which could take the
// processor away or grow the stack: what is called is nosplit.
//
// Context: any, once interrupts.CPU.Start has run on this processor.
func Pin() (index int, flags uint64)

// Unpin ends what Pin began.
func Unpin(flags uint64)
