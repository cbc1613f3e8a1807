//go:build tamago

package kernel

import (
	"context"

	"vitrine/kernel/clock"
)

// startTrace prepares the ring that trace points record into.
func (m *machine) startTrace() error {
	wake, wait, err := newEvent("trace")
	if err != nil {
		return err
	}
	m.trace.Now, m.trace.Wake = clock.Uptime, wake
	go m.trace.Serve(context.Background(), wait)
	return nil
}
