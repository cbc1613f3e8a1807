package log

import (
	"context"
	"slices"
)

// Serve passes the news of records that were written where no goroutine may
// be woken, in interrupt handlers, on to those who Follow. wait blocks until
// Wake has been called since it last returned, or until ctx is done. Serve
// returns when ctx is done.
//
// Context: a goroutine of its own.
func (r *Ring) Serve(ctx context.Context, wait func(context.Context)) {
	for ctx.Err() == nil {
		wait(ctx)
		r.notify()
	}
}

// Follow calls show for each record after those that d has read, as they are
// written, until ctx is done or show returns an error, which it returns. lost
// is the number of records that were overwritten before this one could be
// read. The Record is only valid during the call.
//
// Errors: ctx.Err(), or show's error. Context: a goroutine.
func (d *Reader) Follow(ctx context.Context, show func(rec *Record, lost uint64) error) error {
	news := make(chan struct{}, 1)
	d.ring.subscribe(news)
	defer d.ring.unsubscribe(news)
	var rec Record
	for {
		for d.Next(&rec) {
			if err := show(&rec, d.Lost()); err != nil {
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

// notify tells each follower that there may be news. It never blocks: a
// follower that has not yet seen the last notice needs no other.
func (r *Ring) notify() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.followers {
		select {
		case f <- struct{}{}:
		default:
		}
	}
}

func (r *Ring) subscribe(c chan<- struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followers = append(r.followers, c)
}

func (r *Ring) unsubscribe(c chan<- struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followers = slices.DeleteFunc(r.followers, func(f chan<- struct{}) bool { return f == c })
}
