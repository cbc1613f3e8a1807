package apic

import "math/bits"

// Timer is the one-shot timer in the local APIC of whichever processor uses it
// (SDM Vol. 3A, "APIC Timer"). There are two kinds. The older counts down from
// a number, at a rate that has to be measured. The newer compares the time-stamp
// counter with a deadline; it takes one write to an MSR, and is as exact as the
// clock itself.
//
// A Timer does not change once it is made, and one serves all processors.
type Timer struct {
	local    *Local
	vector   uint8
	deadline bool
	counter  func() uint64 // the time-stamp counter
	hz       uint64        // ticks a second
	scale    uint64        // ticks a nanosecond, 32.32 fixed point
	divide   uint32        // what the divide configuration register gets
	factor   uint8         // what that means
}

// leastHz is how fast the counting timer has to be at least: 60 ns a tick. What
// the rate can be divided by is divided, so that 32 bits last for long.
const leastHz = 16_000_000

// CountingTimer returns the timer that counts hz ticks a second (undivided; see
// Calibrate) and then raises vector. It touches no hardware.
func (l *Local) CountingTimer(vector uint8, hz uint64) Timer {
	shift := 0
	for shift < 7 && hz>>(shift+1) >= leastHz {
		shift++
	}
	t := Timer{local: l, vector: vector, hz: hz >> shift, divide: divider(shift), factor: 1 << shift}
	t.scale = ticksPerNanosecond(t.hz)
	return t
}

// DeadlineTimer returns the timer that raises vector when counter, which is the
// time-stamp counter and counts hz ticks a second, has reached a number. Use it
// if Features.Deadline says so. It touches no hardware.
func (l *Local) DeadlineTimer(vector uint8, counter func() uint64, hz uint64) Timer {
	return Timer{local: l, vector: vector, deadline: true, counter: counter, hz: hz, scale: ticksPerNanosecond(hz), factor: 1}
}

func ticksPerNanosecond(hz uint64) uint64 {
	hi, lo := bits.Mul64(hz, 1<<32)
	q, _ := bits.Div64(hi%1_000_000_000, lo, 1_000_000_000)
	return q
}

// divider returns the divide configuration for 2^shift (SDM Vol. 3A, "Divide
// Configuration Register"): bits 3, 1 and 0; 111 is 1, 000 is 2, 001 is 4 ...
func divider(shift int) uint32 {
	v := uint32(shift+7) & 7
	return v&4<<1 | v&3
}

// Start prepares the timer of this processor, disarmed.
//
// Context: interrupts off, after Local.Enable; does not allocate.
func (t *Timer) Start() {
	if t.deadline {
		t.local.write(regLVTTimer, uint32(lvtDeadline)|uint32(t.vector))
		t.local.msr.Fence() // or the first deadline may come before the mode
		t.local.msr.Write(msrDeadline, 0)
		return
	}
	t.local.write(regTimerDivide, t.divide)
	t.local.write(regLVTTimer, uint32(t.vector))
	t.local.write(regTimerInitial, 0)
}

// Arm makes the timer of this processor interrupt once, in ns nanoseconds, or
// in Longest if that is less. It replaces what was ordered before.
//
// Context: interrupts off; a handler, too; does not allocate.
func (t *Timer) Arm(ns int64) {
	ticks := t.ticks(ns)
	if t.deadline {
		t.local.msr.Write(msrDeadline, t.counter()+ticks)
		return
	}
	t.local.write(regTimerInitial, uint32(ticks))
}

// Stop makes the timer of this processor interrupt no more; one interrupt that
// is on its way can still come.
//
// Context: as Arm.
func (t *Timer) Stop() {
	if t.deadline {
		t.local.msr.Write(msrDeadline, 0)
		return
	}
	t.local.write(regTimerInitial, 0)
}

// ticks converts, rounding up, so that the timer is never early. 0 would mean
// "stop", so it is at least 1.
func (t *Timer) ticks(ns int64) uint64 {
	hi, lo := bits.Mul64(uint64(max(ns, 0)), t.scale)
	if hi >= 1<<31 {
		return t.most()
	}
	return min(hi<<32|lo>>32+1, t.most())
}

// most is the largest number of ticks that can be ordered.
func (t *Timer) most() uint64 {
	if t.deadline {
		return 1 << 62
	}
	return 1<<32 - 1
}

// Longest returns after how many nanoseconds at most the timer interrupts.
func (t *Timer) Longest() int64 {
	hi, lo := bits.Mul64(t.most(), 1_000_000_000)
	if hi >= t.hz {
		return 1<<63 - 1
	}
	q, _ := bits.Div64(hi, lo, t.hz)
	return int64(min(q, 1<<63-1))
}

// Hz returns how many ticks the timer counts in a second, division included.
func (t *Timer) Hz() uint64 { return t.hz }

// Deadline tells whether the timer compares the time-stamp counter.
func (t *Timer) Deadline() bool { return t.deadline }

// Vector returns what the timer raises.
func (t *Timer) Vector() uint8 { return t.vector }
