package clock

import "sync"

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrFull     Error = "clock: there are too many clocks"
	ErrUnknown  Error = "there is no such clock"
	ErrUnusable Error = "it can be compared with, but not be the clock"
	ErrStanding Error = "the counter stands still"
	ErrNothing  Error = "there is nothing to measure the time-stamp counter by"
	ErrExact    Error = "the rate of the time-stamp counter was told, not measured"
	ErrFar      Error = "the clocks disagree by more than measuring explains"
)

// maxSources is how many counters a machine can have.
const maxSources = 6

// Set is the counters of a machine. Add them in the order of preference.
//
// Locking: mu, for all but Add, which belongs to boot.
type Set struct {
	mu     sync.Mutex
	list   [maxSources]member
	n      int
	chosen int // the clock
	base   *timebase
}

// clock returns what the sources are compared with.
func (s *Set) clock() *timebase {
	if s.base == nil {
		return &system
	}
	return s.base
}

// member is a counter with what has been seen of it.
type member struct {
	Source
	first   sample // since when it is compared
	last    sample // the last look
	trouble string // why it is not to be trusted; "" if it is
}

// Add adds a counter and has a first look at it. What stands still is added too,
// but not used. The first one added is the clock.
//
// Errors:  ErrFull.
// Context: boot, before the runtime is up, too; does not allocate.
func (s *Set) Add(source Source) error {
	if s.n == maxSources {
		return ErrFull
	}
	m := &s.list[s.n]
	m.Source = source
	if m.canBeClock() {
		m.Bits = m.Place.Bits()
	}
	s.n++
	m.look(s.clock())
	m.first = m.last
	return nil
}

// look takes a sample.
func (m *member) look(b *timebase) {
	sample, alive := m.sample(b)
	m.last = sample
	if !alive {
		m.trouble = string(ErrStanding)
	}
}

// Reading is what is known of a counter.
type Reading struct {
	Source
	Chosen  bool   // it is the clock
	Trouble string // why it is not to be trusted; "" if it is
	Long    Drift  // against the clock, since boot, or since that changed
	Short   Drift  // since the last Compare
	Cost    int64  // ns that a reading of it takes, with one of the clock
}

// Compare looks at all counters, and returns how far they have come apart from
// the clock. A clock that is found to be wrong is replaced (see choose.go).
//
// Context: goroutines; allocates. Some 10 microseconds for each.
func (s *Set) Compare() []Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.compare()
	if s.judge(list) {
		s.use(s.best())
		for i := range list {
			list[i].Chosen, list[i].Trouble = i == s.chosen, s.list[i].trouble
		}
	}
	return list
}

func (s *Set) compare() []Reading {
	list := make([]Reading, s.n)
	for i := range list {
		m := &s.list[i]
		before := m.last
		m.look(s.clock())
		long := m.drift(m.first, m.last)
		if !long.OK {
			m.first = m.last // it has come round too often
		}
		list[i] = Reading{m.Source, i == s.chosen, m.trouble, long, m.drift(before, m.last), m.last.width}
	}
	return list
}

// again starts all comparisons anew, as the clock has changed.
func (s *Set) again() {
	for i := range s.list[:s.n] {
		s.list[i].look(s.clock())
		s.list[i].first = s.list[i].last
	}
}

// Clock returns the counter that is the clock.
func (s *Set) Clock() Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list[s.chosen].Source
}

// Names returns the names of the counters that can be the clock.
func (s *Set) Names() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.list[:s.n] {
		if s.list[i].canBeClock() {
			names = append(names, s.list[i].Name)
		}
	}
	return names
}

// Use makes the counter called name the clock; the best one if name is "".
//
// Errors:  ErrUnknown, ErrUnusable, ErrStanding.
// Context: goroutines.
func (s *Set) Use(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "" {
		s.use(s.best())
		return nil
	}
	for i := range s.list[:s.n] {
		switch m := &s.list[i]; {
		case m.Name != name:
			continue
		case !m.canBeClock():
			return ErrUnusable
		case m.trouble == string(ErrStanding):
			return ErrStanding
		}
		s.use(i)
		return nil
	}
	return ErrUnknown
}

func (s *Set) use(i int) {
	if i == s.chosen {
		return
	}
	s.chosen = i
	s.clock().use(s.list[i].Place, s.list[i].Hz)
	s.again()
}

// Distrust says that the counter called name is not to be trusted, and why: the
// TSCs of two processors disagree, for example. If it is the clock, the next
// best one takes over.
//
// Context: goroutines.
func (s *Set) Distrust(name, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.list[:s.n] {
		if s.list[i].Name == name {
			s.list[i].trouble = why
		}
	}
	s.use(s.best())
}
