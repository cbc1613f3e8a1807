package mm

// Locker is how the memory packages are told to keep others out. Before the
// Go runtime is up, and on the host, there is nobody else and a nil Locker is
// right. In the kernel Lock turns interrupts off, then spins for the other
// CPUs, and returns what Unlock needs to put the interrupt flag back.
//
// The lock is taken by goroutines, by the Go heap's growth hook and by the
// page-fault handler, so it must not park anybody; what runs under it is short
// and never faults. Nobody takes the same lock twice; who reports a crash, with
// the other CPUs stopped, lets Lock return at once from then on.
type Locker interface {
	Lock() (flags uint64)
	Unlock(flags uint64)
}

// Errors that several memory packages share.
const (
	// ErrNoMemory says that no frame, or no run of frames as asked for, is free.
	ErrNoMemory Error = "out of physical memory"

	// ErrAlign says that an address or a size is not a multiple of the unit
	// that it has to be a multiple of, or that an alignment is not a power of two.
	ErrAlign Error = "not aligned as needed"
)
