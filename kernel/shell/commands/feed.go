package commands

import (
	"context"
	"slices"
	"sync"
)

// Feed passes what one goroutine tells on to those who listen just now. The
// zero value is ready to use.
type Feed[T any] struct {
	mu        sync.Mutex
	listeners []chan T
}

// Tell passes v on. Who does not listen fast enough misses it.
//
// Context: a goroutine. Does not block.
func (f *Feed[T]) Tell(v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, l := range f.listeners {
		select {
		case l <- v:
		default:
		}
	}
}

// Listen calls hear for each value that is told, until ctx is done.
func (f *Feed[T]) Listen(ctx context.Context, hear func(T)) {
	c := make(chan T, 64)
	f.mu.Lock()
	f.listeners = append(f.listeners, c)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.listeners = slices.DeleteFunc(f.listeners, func(l chan T) bool { return l == c })
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-c:
			hear(v)
		}
	}
}
