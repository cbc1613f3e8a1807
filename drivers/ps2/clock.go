package ps2

import "time"

// Clock is the time that waits are bounded with.
type Clock interface {
	// Now returns a time that never goes back; only differences matter.
	Now() time.Duration
	// Sleep lets at least d pass. It may spin.
	Sleep(d time.Duration)
}

// How long we wait for what. A byte takes a millisecond on the wire, a device
// acknowledges within 20 ms, and one that was reset tests itself for half a
// second.
const (
	pollInterval  = 100 * time.Microsecond // between two looks at the status
	busyLimit     = 20 * time.Millisecond  // the controller takes a byte
	controlLimit  = 50 * time.Millisecond  // the controller answers a command
	selfTestLimit = 500 * time.Millisecond // ... and its self-test
	ackLimit      = 200 * time.Millisecond // a device acknowledges a byte
	idLimit       = 50 * time.Millisecond  // a device sends the next byte of its answer
	deviceLimit   = time.Second            // a device tests itself
	packetPause   = 100 * time.Millisecond // between two bytes of one mouse packet
)
