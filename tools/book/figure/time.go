package figure

import (
	"fmt"
	"strconv"
)

// timeFigures go from left to right, or downwards, with time.
var timeFigures = []Figure{
	{
		Name: "boot-timeline", Title: "The stages of the boot list",
		Alt:  "A bar for each stage of the boot list, in order, from the time at which it begins to its end. Most take less than a millisecond; the console takes longest.",
		Live: true, draw: bootTimeline,
	},
	{
		Name: "interrupt-timeline", Title: "One key, from the interrupt to the line editor",
		Alt: "Four lanes, time goes downwards. The keyboard raises its line; the top half reads the byte and sets a bit in the pending word; the goroutine Pump takes the " +
			"bit and tells the line's channel; the bottom half makes an event and a press of the byte. Beside it are the times that the trace points recorded.",
		Live: true, draw: interruptTimeline,
	},
	{
		Name: "scheduler-idle", Title: "An idle processor, and why no wake-up is lost",
		Alt: "With interrupts off the thread looks for work: has it been woken, is an event pending, is another thread ready? If so it goes on. If not it sets the timer and executes " +
			"STI and HLT, between which no interrupt comes; an interrupt ends the HLT, and it looks again.",
		draw: schedulerIdle,
	},
	{
		Name: "ipi-shootdown", Title: "A TLB flush on all processors",
		Alt: "Two lanes, time goes downwards. Processor 0 changes a page table, flushes its own TLB, sends the flush message to processor 1 and waits. " +
			"Processor 1 is interrupted, flushes its TLB and answers; then processor 0 goes on and may use the frame for something else.",
		draw: ipiShootdown,
	},
}

// duration reads a time as the kernel writes it, in microseconds.
func duration(number, unit string) float64 {
	v, _ := strconv.ParseFloat(number, 64)
	return v * map[string]float64{"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}[unit]
}

func bootTimeline(c *canvas, s *Sources) (int, error) {
	lines, err := s.Ask("boot")
	if err != nil {
		return 0, err
	}
	stages, err := matches(lines, `^(\w+) +([\d.]+) (ms|us|s) +([\d.]+) (ns|us|ms|s)$`)
	if err != nil {
		return 0, err
	}
	first := duration(stages[0][1], stages[0][2])
	last := stages[len(stages)-1]
	end := duration(last[1], last[2]) + duration(last[3], last[4])
	const left, wide = 130, 480
	place := func(t float64) int { return left + int((t-first)/(end-first)*wide) }
	y := 46
	for step := 0.0; first+step <= end; step += 2000 {
		x := place(first + step)
		c.text("small soft middle", x, 24, "%.0f ms", (first+step)/1000)
		c.path(x, 30, x, y+len(stages)*26)
	}
	for _, st := range stages {
		at, took := duration(st[1], st[2]), duration(st[3], st[4])
		x := place(at)
		c.text("end", left-10, y+15, "%s", st[0])
		c.box("hot", x, y, max(2, place(at+took)-x), 18)
		c.text("small soft", left+wide+14, y+14, "%s %s", st[3], st[4])
		y += 26
	}
	c.text("small soft", left, y+20, "time since power-on, in the machine's instructions; the scale begins with the first stage")
	return y + 38, nil
}

func interruptTimeline(c *canvas, s *Sources) (int, error) {
	lines, err := s.Press()
	if err != nil {
		return 0, err
	}
	found, err := matches(lines, `^\[ *(\d+\.\d+)\] kbd +(byte|event|press) +(\S.*)$`)
	if err != nil {
		return 0, err
	}
	if len(found) < 3 {
		return 0, fmt.Errorf("the trace has %d stages, not three", len(found))
	}
	begin, _ := strconv.ParseFloat(found[0][0], 64)
	since := func(i int) string {
		t, _ := strconv.ParseFloat(found[i][0], 64)
		return fmt.Sprintf("+%.0f us", (t-begin)*1e6)
	}
	const lanes = 4
	left := []int{20, 185, 370, 545}
	wide := []int{140, 160, 150, 195}
	for i, name := range []string{"keyboard", "handler, interrupts off", "Pump, a goroutine", "bottom half, a goroutine"} {
		c.text("bold small middle", left[i]+wide[i]/2, 30, "%s", name)
	}
	middle := func(i int) int { return left[i] + wide[i]/2 }
	for i := range lanes {
		c.path(middle(i), 40, middle(i), 380)
	}
	c.label("box", "", left[0], 52, wide[0], 30, "raises IRQ 1")
	c.arrow(left[0]+wide[0], 67, left[1], 67)
	c.label("hot", "", left[1], 52, wide[1], 30, "saves registers")
	c.label("hot", "", left[1], 90, wide[1], 30, "reads byte %s", found[0][2])
	c.label("hot", "", left[1], 128, wide[1], 30, "puts it into a ring")
	c.label("hot", "", left[1], 166, wide[1], 30, "sets the pending bit")
	c.label("hot", "", left[1], 204, wide[1], 30, "IRETQ")
	c.text("mono small soft end", left[1]-6, 109, "%s", "+0 us")
	c.arrow(left[1]+wide[1], 181, left[2]+20, 181, left[2]+20, 242)
	c.label("cool", "", left[2], 242, wide[2], 30, "takes the bit")
	c.label("cool", "", left[2], 280, wide[2], 30, "tells the channel")
	c.arrow(left[2]+wide[2], 295, left[3], 295)
	c.label("calm", "", left[3], 280, wide[3], 30, "event: %s", found[1][2])
	c.label("calm", "", left[3], 318, wide[3], 30, "press: %s", found[2][2])
	c.text("mono small soft", left[3]+wide[3]-52, 274, "%s", since(1))
	c.text("mono small soft", left[3]+wide[3]-52, 364, "%s", since(2))
	return 396, nil
}

func schedulerIdle(c *canvas, s *Sources) (int, error) {
	tick, err := s.pkg("kernel/thread")
	if err != nil {
		return 0, err
	}
	for _, name := range []string{"Idle", "Tick", "Wake"} {
		if tick.Scope().Lookup(name) == nil {
			return 0, fmt.Errorf("kernel/thread declares no %s", name)
		}
	}
	x, w := 40, 300
	c.label("box", "", x, 20, w, 34, "the runtime has nothing to run: thread.Idle")
	c.arrow(x+w/2, 54, x+w/2, 74)
	c.label("hot", "bold", x, 74, w, 34, "CLI: interrupts off")
	c.arrow(x+w/2, 108, x+w/2, 128)
	c.label("hot", "", x, 128, w, 34, "woken? an event pending? a thread ready?")
	c.arrow(x+w, 145, 470, 145)
	c.text("small soft", 386, 138, "yes")
	c.label("calm", "", 470, 128, 250, 34, "interrupts on, and go on with it")
	c.arrow(x+w/2, 162, x+w/2, 192)
	c.text("small soft", x+w/2+10, 182, "no")
	c.label("hot", "", x, 192, w, 34, "set this processor's timer, or stop it")
	c.arrow(x+w/2, 226, x+w/2, 246)
	c.label("cool", "bold", x, 246, w, 34, "STI; HLT")
	c.text("small soft", 390, 260, "STI takes effect after the next instruction:")
	c.text("small soft", 390, 276, "what comes now ends the HLT")
	c.arrow(x+w/2, 280, x+w/2, 310)
	c.label("box", "", x, 310, w, 34, "an interrupt: its top half sets a bit")
	c.arrow(x, 327, 20, 327, 20, 91, x, 91)
	return 364, nil
}

func ipiShootdown(c *canvas, s *Sources) (int, error) {
	vector, err := s.value("interrupts", "VectorFlush")
	if err != nil {
		return 0, err
	}
	const l, r, w = 60, 440, 260
	c.text("bold middle", l+w/2, 30, "processor 0")
	c.text("bold middle", r+w/2, 30, "processor 1")
	c.path(l+w/2, 40, l+w/2, 350)
	c.path(r+w/2, 40, r+w/2, 350)
	c.label("box", "", l, 50, w, 32, "removes an entry from a page table")
	c.label("box", "", l, 92, w, 32, "INVLPG: its own TLB")
	c.label("hot", "", l, 134, w, 32, "sends vector %d to the others", vector)
	c.label("calm", "", r, 50, w, 74, "runs; its TLB still has the entry")
	c.arrow(l+w, 150, r, 176)
	c.label("hot", "", r, 166, w, 32, "is interrupted, or asks while it waits")
	c.label("hot", "", r, 208, w, 32, "empties its TLB")
	c.label("hot", "", r, 250, w, 32, "says that it has")
	c.label("box", "soft", l, 186, w, 96, "waits, and serves others meanwhile")
	c.arrow(r, 266, l+w, 298)
	c.label("box", "", l, 292, w, 32, "the frame is free for others now")
	return 366, nil
}
