//go:build tamago

package frame_test

import (
	// The test binary is a kernel of its own: this brings the machine up.
	"vitrine/kernel/start"
	"vitrine/mm"
)

// on does nothing: a test runs where it runs.
func on(int) {}

func newLock() mm.Locker { return start.NewLock() }
