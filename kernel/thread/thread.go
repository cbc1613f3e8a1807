// Package thread gives the Go runtime the threads that it thinks it has.
//
// The scheduler of goroutines is the runtime's own: it multiplexes goroutines
// (G) on threads (M) that hold one of GOMAXPROCS permissions to run Go code
// (P). On Linux an M is a kernel thread. Here it is a Thread: a stack pointer
// and an FS base, saved while it does not run.
//
// There can be more Ms than processors: one sleeps in the poller while others
// run, one waits for its successor to start. So a processor changes threads,
// but only at one place: when the thread it runs calls Idle, because it has
// nothing to do, or because a time slice is over and others may have (the
// derived runtime calls Idle(0) then). Threads take turns. There is no second
// scheduler and no priority in here.
//
//	runtime                this package
//	newosproc(m)     -->   Task: a new Thread, woken
//	notesleep(m)     -->   Idle: run another woken Thread, or halt
//	notewakeup(m)    -->   Wake: mark it; get a halted processor to look
//
// A processor that is woken so that it runs a thread may find, on its way, that its
// own thread has been woken, too; that one goes on then. So whoever leaves Idle
// wakes another processor if there is still a thread that waits for one: nobody
// else may come by for a long time.
//
// Idle never loses a wake-up: it looks for work with interrupts off, and STI;HLT
// lets an interrupt in only when the processor already halts, which ends the
// halt.
//
// Locking: lock, taken with interrupts off. Allocation: none; no write
// barriers, as some of this runs without a P: pointers are kept as uintptr.
package thread

import (
	"math"
	"sync/atomic"
	"unsafe"

	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
)

// Max is how many threads there can be.
const Max = 64

// Thread is an M. The assembly knows its first fields by name.
type Thread struct {
	sp uintptr // saved stack pointer, while it does not run
	fs uint64  // FS base: where the runtime keeps its current g

	mp, gp, fn uintptr // what a new thread starts with

	id     uint64
	until  int64 // wants to be woken then, at the latest
	used   bool
	parked bool // runs nowhere
	woken  bool
	cpu    uint64 // where it runs, if not parked
}

// Timer is the device that ends a halt in time.
type Timer interface {
	// Arm makes the timer interrupt once, in ns nanoseconds or, if that is
	// more than it can count, earlier.
	Arm(ns int64)

	// Stop makes it interrupt no more.
	Stop()
}

// Tick is the length of a time slice in nanoseconds. The first tick that finds a
// goroutine at work takes note of it, the second one takes the processor away: two
// of them, and what it takes to serve them, are less than 20 ms.
const Tick = 9_000_000

var (
	threads  [Max]Thread
	waiting  int // threads that are woken and parked: they lack a processor
	locked   uint32
	timer    Timer
	pending  *uint32
	switches uint64
	startG   [2]uintptr // thread-local slot of a thread that has no g yet
)

// Stats counts what this package has done.
type Stats struct {
	Threads  int    // in use
	Switches uint64 // from one thread to another
	Halts    uint64 // of a processor
}

// Snapshot returns the counters.
func Snapshot() (s Stats) {
	for i := range threads {
		if threads[i].used {
			s.Threads++
		}
	}
	s.Switches = atomic.LoadUint64(&switches)
	for i := range interrupts.Online() {
		s.Halts += atomic.LoadUint64(&interrupts.CPUs[i].Halts)
	}
	return s
}

// Init makes what runs on c its first thread. An idle processor does not sleep
// while *events is not zero. There is no timer yet: until SetTimer, a halt ends
// with any interrupt, and nobody is preempted.
//
// Context: before the runtime is up.
func Init(c *interrupts.CPU, events *uint32) {
	pending = events
	Adopt(c)
}

// Adopt makes what runs on c a thread, c's first.
//
// Context: on c, before the runtime is up or on a new processor; interrupts
// off. There is always a thread left: processors start before anything else.
func Adopt(c *interrupts.CPU) {
	flags := lock()
	t := fresh()
	t.cpu = c.Index
	c.Thread = uintptr(unsafe.Pointer(t))
	unlock(flags)
}

// Serve is what a further processor does: it runs threads that are woken, and
// halts while there are none. It never returns.
//
// Idle does not halt while there are events, and here, unlike in a thread of
// the runtime's, interrupts stay off: so look for those who wait for this
// processor to flush its TLB.
//
// Context: on the processor's first thread, after Adopt, interrupts off.
func Serve() {
	for {
		interrupts.ServeFlush()
		Idle(never)
	}
}

// SetTimer names the timer, whose interrupt calls OnTick; all processors use the
// same one, or each its own that looks the same.
//
// Context: g0 or a goroutine, on the boot processor while it is alone,
// interrupts off.
func SetTimer(t Timer) {
	if timer != nil {
		timer.Stop()
	}
	timer = t
	interrupts.Current().Ticking = true
	timer.Arm(Tick)
}

// OnTick is the timer's top half: it arms the next time slice, unless the
// processor is idle (Idle arms the timer itself).
//
// Context: a handler.
func OnTick() {
	c := interrupts.Current()
	if c.Ticking = c.Halted == 0; c.Ticking {
		timer.Arm(Tick)
	}
}

func lock() uint64 {
	flags := cpu.DisableInterrupts()
	seize()
	return flags
}

// seize takes the lock, interrupts being off.
func seize() {
	for cpu.Exchange32(&locked, 1) != 0 {
		interrupts.ServeFlush()
		cpu.Pause()
	}
}

func unlock(flags uint64) {
	release()
	cpu.SetFlags(flags)
}

func release() { cpu.Exchange32(&locked, 0) }

// fresh returns an unused thread; nil if there is none.
func fresh() *Thread {
	for i := range threads {
		if t := &threads[i]; !t.used {
			t.used, t.id = true, uint64(i)
			return t
		}
	}
	return nil
}

func running(c *interrupts.CPU) *Thread {
	return *(**Thread)(unsafe.Pointer(&c.Thread))
}

// On returns the number of the thread that c runs, as ID does. Context: any; by
// the time it returns, c may run another one.
func On(c *interrupts.CPU) uint64 {
	at := atomic.LoadUintptr(&c.Thread) - uintptr(unsafe.Pointer(&threads))
	return uint64(at / unsafe.Sizeof(Thread{}) % Max)
}

// ID returns the number of the thread that runs this. It is the runtime's hook
// ProcID.
func ID() uint64 { return running(interrupts.Current()).id }

// Task starts an M: a thread that a processor picks up when it is idle. It
// will call fn on stack sp with mp in SI and gp in DI. It is the runtime's hook
// of that name. It returns false if there are Max threads already.
func Task(sp, mp, gp, fn unsafe.Pointer) bool {
	flags := lock()
	t := fresh()
	if t != nil {
		t.mp, t.gp, t.fn = uintptr(mp), uintptr(gp), uintptr(fn)
		t.fs = uint64(uintptr(unsafe.Pointer(&startG))) + 16 // -8(FS): no g
		// What resume finds: a frame pointer, then where to return to.
		frame := (*[2]uintptr)(unsafe.Add(sp, -24))
		frame[0], frame[1] = 0, startAddress()
		t.sp = uintptr(unsafe.Pointer(frame))
		t.parked, t.woken = true, true
		waiting++
		kick()
	}
	unlock(flags)
	return t != nil
}

// kick makes one halted processor look for work.
//
// Context: the lock is held.
func kick() {
	for i := range interrupts.Online() {
		if c := &interrupts.CPUs[i]; atomic.CompareAndSwapUint32(&c.Halted, 1, 0) {
			c.Wake()
			return
		}
	}
}

// Wake ends the sleep of thread id in Idle, or its next one. It is the
// runtime's hook of that name.
func Wake(id uint64) {
	flags := lock()
	t := &threads[id%Max]
	if t.parked && !t.woken {
		waiting++
	}
	t.woken = true
	if t.parked {
		kick()
	} else if c := &interrupts.CPUs[t.cpu]; c != interrupts.Current() {
		atomic.StoreUint32(&c.Halted, 0)
		c.Wake() // out of HLT; or the runtime wants to preempt what runs there
	}
	unlock(flags)
}

// Idle lets the calling thread sleep until Wake, an event or the time until
// (in Nanotime's nanoseconds; the largest int64 for never). It may return
// early, for no reason. It is the runtime's hook of that name.
//
// Context: a system stack (g0), never a goroutine's or a handler.
func Idle(until int64) {
	flags := lock()
	c := interrupts.Current()
	t := running(c)
	for !t.woken {
		now := clock.Nanotime()
		u, first := next(t, now)
		if u != nil {
			t.until = until
			t.parked = true
			u.cpu = c.Index
			c.Thread = uintptr(unsafe.Pointer(u))
			leave(c)
			remind(until)
			switches++
			change(t, u)
			// Back, perhaps on another processor; whoever changed to this
			// thread holds the lock for it.
			unlock(flags)
			return
		}
		first = min(first, until)
		if most := clock.LongestSleep(); first-now > most {
			first = now + most // or the clock would lose time
		}

		// Only now, after all woken threads: the one that the runtime has chosen to
		// take events may be among them.
		if first <= now || atomic.LoadUint32(pending) != 0 {
			break
		}
		halt(c, first, now)
		if waiting == 0 {
			break // the runtime knows what may have happened
		}
	}
	t.woken = false
	leave(c)
	unlock(flags)
}

// next takes a parked thread that has been woken, or whose time has come; if there
// is none it returns nil and when the time of the first of them comes. The search
// begins behind t, so that everybody's turn comes.
//
// Context: the lock is held.
func next(t *Thread, now int64) (u *Thread, first int64) {
	first = math.MaxInt64
	for i := range uint64(Max) {
		u := &threads[(t.id+1+i)%Max]
		if !u.parked {
			continue
		}
		if u.woken || u.until <= now {
			if u.woken {
				waiting--
			}
			u.parked, u.woken = false, false
			return u, 0
		}
		first = min(first, u.until)
	}
	return nil, first
}

// leave is the end of Idle: c goes on with a thread, for who knows how long.
//
// Context: the lock is held.
func leave(c *interrupts.CPU) {
	startSlice(c)
	if waiting > 0 {
		kick()
	}
}

// remind sees to it that a processor that sleeps, if there is one, wakes at time
// until, for a thread that has just been parked. The others look at all threads
// before they fall asleep.
//
// Context: the lock is held.
func remind(until int64) {
	if until >= never {
		return
	}
	for i := range interrupts.Online() {
		if c := &interrupts.CPUs[i]; atomic.LoadUint32(&c.Halted) != 0 && c.Until <= until {
			return
		}
	}
	kick()
}

// never is further away than any timer that a program sets.
const never = 1 << 62

// halt stops the processor until an interrupt. If a thread wants to be woken at
// time first the timer is armed for that; if none does it stays silent.
//
// Context: the lock is held, interrupts off; it is held again on return.
func halt(c *interrupts.CPU, first, now int64) {
	if timer != nil {
		if first < never {
			timer.Arm(first - now)
		} else if c.Ticking {
			timer.Stop()
		}
		c.Ticking = false
	}
	c.Until = first
	atomic.StoreUint32(&c.Halted, 1)
	atomic.AddUint64(&c.Halts, 1)
	c.Sleep.Begin(now)
	release()
	cpu.WaitForInterrupt()
	cpu.DisableInterrupts()
	atomic.StoreUint32(&c.Halted, 0)
	woke := clock.Nanotime()
	c.Sleep.End(woke)
	seize()
}

// startSlice arms the timer for a time slice, unless it is. Whatever ends a call
// of Idle, it may be that goroutines run next: no processor leaves without a time
// slice, or it would run one goroutine for ever. If there was nothing to do the
// runtime is back in Idle at once, which sets the timer to something else.
//
// Context: interrupts off.
func startSlice(c *interrupts.CPU) {
	if timer != nil && !c.Ticking {
		c.Ticking = true
		timer.Arm(Tick)
	}
}

// change saves the current thread in from and goes on with to.
func change(from, to *Thread)

// startAddress returns the address of the first code of a thread.
func startAddress() uintptr
