package trace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Set is a collection of points that record into one ring. The zero value is
// empty and ready to use.
type Set struct {
	// Now returns the nanoseconds since boot; nil means 0. Wake, if not nil,
	// is called after each event and makes the wait of Serve return. Both are
	// called in any context; set them before the first point is switched on.
	Now  func() int64
	Wake func()

	points []*Point // only the boot list adds, before anybody reads

	next atomic.Uint64 // number of the next event
	ring [Capacity]slot

	mu        sync.Mutex // guards followers
	followers []chan<- struct{}
}

// slot holds one event. number is the event's number plus 1; it is 0 while the
// slot is being written. Its fields are atomic, as a reader may look while a
// writer writes; number tells it that it saw a mixture. (Only a writer that is
// interrupted for as long as Capacity others take could fool it.)
type slot struct {
	number atomic.Uint64
	time   atomic.Int64
	what   atomic.Uint64 // point << 8 | stage
	args   [3]atomic.Uint64
}

// Add makes points known.
//
// Errors: a name is taken. Context: the boot list, before the first event.
func (s *Set) Add(points ...*Point) error {
	for _, p := range points {
		if s.Point(p.name) != nil {
			return fmt.Errorf("there are two trace points named %q", p.name)
		}
		p.index, p.set = uint64(len(s.points)), s
		s.points = append(s.points, p)
	}
	return nil
}

// Points returns all points, by name.
func (s *Set) Points() []*Point {
	points := slices.Clone(s.points)
	slices.SortFunc(points, func(a, b *Point) int { return strings.Compare(a.name, b.name) })
	return points
}

// Point returns the point of that name, or nil.
func (s *Set) Point(name string) *Point {
	for _, p := range s.points {
		if p.name == name {
			return p
		}
	}
	return nil
}

// Switch switches the point of that name on or off.
//
// Errors: no such point, with the names there are.
func (s *Set) Switch(name string, on bool) error {
	p := s.Point(name)
	if p == nil {
		var names []string
		for _, p := range s.Points() {
			names = append(names, p.name)
		}
		return fmt.Errorf("no trace point %q: there are %s", name, strings.Join(names, ", "))
	}
	p.on.Store(on)
	return nil
}

// record stores an event. Context: any.
func (s *Set) record(point uint64, stage int, a, b, c uint64) {
	var now int64
	if s.Now != nil {
		now = s.Now()
	}
	n := s.next.Add(1) - 1
	e := &s.ring[n%Capacity]
	e.number.Store(0)
	e.time.Store(now)
	e.what.Store(point<<8 | uint64(stage)&0xff)
	e.args[0].Store(a)
	e.args[1].Store(b)
	e.args[2].Store(c)
	e.number.Store(n + 1)
	if s.Wake != nil {
		s.Wake()
	}
}

// Next returns the number that the next event will have.
func (s *Set) Next() uint64 { return s.next.Load() }

// Since appends the events from number first on to list, oldest first, without
// those that have been overwritten. It returns the number to go on with.
//
// An event whose writer was interrupted is not waited for: it is missing from
// the list if later ones are complete, and comes next time if it is the last.
//
// Context: a goroutine.
func (s *Set) Since(first uint64, list []Event) ([]Event, uint64) {
	end := s.next.Load()
	if end > Capacity && first < end-Capacity {
		first = end - Capacity
	}
	done := first
	for n := first; n < end; n++ {
		if e, ok := s.load(n); ok {
			list = append(list, e)
			done = n + 1
		}
	}
	return list, done
}

// load reads event n, if its slot holds it from beginning to end.
func (s *Set) load(n uint64) (Event, bool) {
	slot := &s.ring[n%Capacity]
	if slot.number.Load() != n+1 {
		return Event{}, false
	}
	e := Event{Number: n, Time: slot.time.Load()}
	what := slot.what.Load()
	for i := range e.Args {
		e.Args[i] = slot.args[i].Load()
	}
	if slot.number.Load() != n+1 || what>>8 >= uint64(len(s.points)) {
		return Event{}, false
	}
	e.Point, e.Stage = s.points[what>>8], int(what&0xff)
	return e, true
}

// Serve passes the news of events on to those who Follow. wait blocks until
// Wake has been called since it last returned, or until ctx is done. Serve
// returns when ctx is done. Context: a goroutine of its own.
func (s *Set) Serve(ctx context.Context, wait func(context.Context)) {
	for ctx.Err() == nil {
		wait(ctx)
		s.mu.Lock()
		for _, f := range s.followers {
			select {
			case f <- struct{}{}:
			default:
			}
		}
		s.mu.Unlock()
	}
}

// Follow calls show for the events from number first on, as they happen, until
// ctx is done or show returns an error, which it returns.
//
// Errors: ctx.Err(), or show's error. Context: a goroutine.
func (s *Set) Follow(ctx context.Context, first uint64, show func([]Event) error) error {
	news := make(chan struct{}, 1)
	s.mu.Lock()
	s.followers = append(s.followers, news)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.followers = slices.DeleteFunc(s.followers, func(f chan<- struct{}) bool { return f == news })
		s.mu.Unlock()
	}()
	var list []Event
	for {
		list, first = s.Since(first, list[:0])
		if len(list) > 0 {
			if err := show(list); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-news:
		}
	}
}
