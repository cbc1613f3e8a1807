//go:build !tamago

package commands

import (
	"errors"
	"time"
)

// A hosted program has no interrupts, and no page tables.
const onMachine = false

func interruptLatency() (time.Duration, error) { return 0, errors.ErrUnsupported }
func topHalfLatency() (time.Duration, error)   { return 0, errors.ErrUnsupported }
func loadLatency() (time.Duration, error)      { return 0, errors.ErrUnsupported }
func loadTopHalf() (time.Duration, error)      { return 0, errors.ErrUnsupported }
func interruptLoad() (func(), error)           { return nil, errors.ErrUnsupported }
