package interrupts

import "sync/atomic"

// Sleep measures how long a processor was halted. It is one word, so that who
// reads it on another processor sees all of it or nothing: the nanoseconds slept
// so far or, while the processor sleeps, so much below zero that adding the time
// gives them.
//
// The zero value has not slept. Times are nanoseconds on any clock that is
// never before 0. Context: any.
type Sleep struct{ word atomic.Int64 }

// Begin notes that the processor, which is the caller, falls asleep.
func (s *Sleep) Begin(now int64) { s.word.Store(s.word.Load() - now - 1) }

// End notes that it is awake.
func (s *Sleep) End(now int64) { s.word.Store(s.word.Load() + now + 1) }

// Total returns the nanoseconds slept until now, and whether the processor
// sleeps at this moment.
func (s *Sleep) Total(now int64) (ns int64, asleep bool) {
	if w := s.word.Load(); w < 0 {
		return max(0, w+now+1), true // a clock that another processor reads may be behind
	} else {
		return w, false
	}
}
