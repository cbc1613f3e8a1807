package apic

// Calibrate measures the rate of this processor's counting timer, undivided, in
// Hz: how far it counts down in ns nanoseconds of the clock now. On one machine
// the timers of all processors have the same rate. It leaves the timer stopped
// and masked.
//
// Errors:  ErrDead if it does not count, or the clock does not; ErrRange if the
// rate is not between 1 MHz and 10 GHz.
// Context: interrupts off, after Enable, before Timer.Start; does not allocate.
func (l *Local) Calibrate(now func() int64, ns int64) (hz uint64, err error) {
	l.write(regTimerDivide, divider(0))
	l.write(regLVTTimer, uint32(MaskedLVT))
	l.write(regTimerInitial, 1<<32-1)
	from, first := l.sample(now)
	to, last := from, first
	for range maxPolls {
		if to, last = l.sample(now); to-from >= ns {
			break
		}
	}
	l.write(regTimerInitial, 0)
	counted := uint64(first - last)
	if to-from < ns || counted == 0 || ns <= 0 {
		return 0, ErrDead
	}
	hz = counted * 1_000_000_000 / uint64(to-from)
	if hz < 1_000_000 || hz > 10_000_000_000 {
		return 0, ErrRange
	}
	return hz, nil
}

// sample reads clock and timer at about the same time: of five attempts the one
// that took least, with the clock in the middle.
func (l *Local) sample(now func() int64) (at int64, count uint32) {
	least := int64(1<<63 - 1)
	for range 5 {
		before := now()
		c := l.read(regTimerCurrent)
		after := now()
		if took := after - before; took < least {
			at, count, least = before+took/2, c, took
		}
	}
	return at, count
}
