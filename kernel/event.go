//go:build tamago

package kernel

import (
	"context"

	"vitrine/interrupts"
)

// newEvent returns an event as two functions: one that makes it happen, from
// any context, and one that waits for it.
func newEvent(name string) (raise func(), wait func(context.Context), err error) {
	line, err := interrupts.NewEvent(name)
	if err != nil {
		return nil, nil, err
	}
	return line.Raise, func(ctx context.Context) {
		select {
		case <-line.Fired():
		case <-ctx.Done():
		}
	}, nil
}
