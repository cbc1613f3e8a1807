//go:build !tamago

package commands

import (
	"errors"
	"time"
)

// A hosted program has no interrupts.
const canInterrupt = false

func interruptLatency() (time.Duration, error) { return 0, errors.ErrUnsupported }
