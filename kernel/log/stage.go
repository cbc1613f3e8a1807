package log

import (
	"fmt"
	"sync"
	"time"
)

// StageInfo is one finished step of the boot.
type StageInfo struct {
	Name     string
	Start    time.Duration // since boot
	Duration time.Duration
	Err      error
}

// stages has the boot's steps, in the order in which they ended.
var stages struct {
	sync.Mutex
	list []StageInfo
}

// Stage notes that a step of the boot starts and returns the function to call
// when it has ended, with what went wrong or nil:
//
//	done := log.Stage("keyboard")
//	done(keyboard.Start())
//
// The record that this makes says how long the step took; it is an error's if
// there was one.
//
// Context: a goroutine.
func Stage(name string) func(err error) { return kernel.stage(name) }

func (r *Ring) stage(name string) func(err error) {
	start := now()
	return func(err error) {
		s := StageInfo{name, start, now() - start, err}
		stages.Lock()
		stages.list = append(stages.list, s)
		stages.Unlock()
		ms := float64(s.Duration) / float64(time.Millisecond)
		if err != nil {
			r.printf(Error, "boot", "%-24s %7.1f ms  failed: %v", []any{name, ms, err})
			return
		}
		r.printf(Info, "boot", "%-24s %7.1f ms", []any{name, ms})
	}
}

// Stages returns the steps that have ended, in that order.
func Stages() []StageInfo {
	stages.Lock()
	defer stages.Unlock()
	return append([]StageInfo(nil), stages.list...)
}

// String returns the stage as one line.
func (s StageInfo) String() string {
	if s.Err != nil {
		return fmt.Sprintf("%s failed after %v: %v", s.Name, s.Duration, s.Err)
	}
	return fmt.Sprintf("%s %v", s.Name, s.Duration)
}

func now() time.Duration {
	if Now == nil {
		return 0
	}
	return time.Duration(Now())
}
