package console

// Defer makes the screens follow in steps. Without it each Write draws what it
// changed: a screen that scrolls by a hundred lines is drawn a hundred times,
// and drawing pixels is slow. With it, a Write that comes shortly after another
// only changes the terminal; what came of it is drawn by the next Refresh. A
// key that is typed is still shown at once.
//
// arm is called, with the lock held, to have Refresh called after a short
// while, such as:
//
//	timer := time.AfterFunc(time.Hour, c.Refresh)
//	c.Defer(func() { timer.Reset(15 * time.Millisecond) })
//
// Context: goroutine.
func (c *Console) Defer(arm func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arm = arm
}

// Refresh draws what Defer put off. Call it also before the machine goes down.
//
// Context: goroutine.
func (c *Console) Refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing.Store(true)
	defer c.writing.Store(false)
	c.waiting = false
	if c.stale {
		c.update()
	}
}

// update draws what has changed, unless that was done a moment ago.
func (c *Console) update() {
	if c.stale = c.waiting; c.stale {
		return
	}
	sinks := c.all()
	for i := range sinks {
		sinks[i].draw()
	}
	if c.arm != nil {
		c.waiting = true
		c.arm()
	}
}
