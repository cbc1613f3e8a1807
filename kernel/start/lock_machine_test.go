//go:build tamago

package start

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// The runtime moves a stack that is too small, and takes memory for that, and so
// the locks below. At some depth the first lock finds just enough room.
func TestTheStackDoesNotMoveUnderALock(t *testing.T) {
	outer, inner := NewLock(), NewLock()
	moved := make(chan int)
	for depth := range 300 {
		go func() { moved <- descend(depth, func() int { return lockTwice(outer, inner) }) }()
		require.Zero(t, <-moved, "at depth %d", depth)
	}
}

// descend calls f with so many frames on the stack.
//
//go:noinline
func descend(depth int, f func() int) int {
	if depth == 0 {
		return f()
	}
	return descend(depth-1, f)
}

// locker is what NewLock returns.
type locker interface {
	Lock() uint64
	Unlock(flags uint64)
}

// lockTwice returns by how much the stack has moved while it held the outer lock.
//
//go:noinline
func lockTwice(outer, inner locker) int {
	var here byte
	flags := outer.Lock()
	before := address(&here)
	further(inner)
	after := address(&here)
	outer.Unlock(flags)
	return int(after - before)
}

// further takes a lock further down the stack.
//
//go:noinline
func further(inner locker) {
	var room [512]byte
	address(&room[len(room)-1])
	inner.Unlock(inner.Lock())
}

//go:noinline
func address(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }
