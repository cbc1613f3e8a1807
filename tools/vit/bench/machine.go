package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"vitrine/tools/qemu"
)

// settle is how long a machine is left alone before it counts as idle, and
// watch how long it is watched then.
const (
	settle = time.Second
	watch  = 5 * time.Second
)

// counter counts lines of QEMU's log that say that an interrupt was taken. (A
// line that comes in two pieces is missed; at idle there are few.)
type counter struct{ n atomic.Int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n.Add(int64(strings.Count(string(b), "Servicing hardware INT")))
	return len(b), nil
}

// idleInterrupts counts the interrupts at an idle prompt.
func idleInterrupts(o Options) ([]Measurement, error) {
	var taken counter
	m, err := bootToPrompt(o, func(c *qemu.Config) { c.LogOut = &taken })
	if err != nil {
		return nil, err
	}
	defer m.Close()
	time.Sleep(settle)
	before, start := taken.n.Load(), time.Now()
	time.Sleep(watch)
	perSecond := float64(taken.n.Load()-before) / time.Since(start).Seconds()
	return []Measurement{{
		Name: "idle.interrupts", What: "interrupts a second, at an idle prompt", Value: perSecond, Unit: "/s", Target: 10,
	}}, nil
}

// idleCPU measures what QEMU uses of a processor at an idle prompt.
func idleCPU(o Options) ([]Measurement, error) {
	m, err := bootToPrompt(o, func(c *qemu.Config) { c.LogItems = "none" })
	if err != nil {
		return nil, err
	}
	defer m.Close()
	time.Sleep(settle)
	before, err := cpuTime(m.Pid())
	if err != nil {
		return nil, err
	}
	start := time.Now()
	time.Sleep(watch)
	after, err := cpuTime(m.Pid())
	if err != nil {
		return nil, err
	}
	percent := 100 * float64(after-before) / float64(time.Since(start))
	return []Measurement{{
		Name: "idle.cpu", What: "QEMU's use of a core, at an idle prompt", Value: percent, Unit: "%", Target: 3,
	}}, nil
}

// cpuTime returns the processor time that all threads of a process have used.
// Their scheduler statistics count nanoseconds (proc(5) has only ticks).
func cpuTime(pid int) (time.Duration, error) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, t := range tasks {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, t.Name()))
		if err != nil {
			continue // the thread has ended
		}
		running, _, _ := strings.Cut(string(b), " ")
		n, err := strconv.ParseInt(running, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n)
	}
	return sum, nil
}

// keyEcho measures from a key press on the PS/2 keyboard to the character on
// the serial line, where the shell echoes it, too.
func keyEcho(o Options) ([]Measurement, error) {
	m, err := bootToPrompt(o)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	var values []float64
	for range 25 {
		start := time.Now()
		pressed := make(chan error, 1)
		go func() { pressed <- m.QMP().Key("x", true) }()
		if _, err := m.Serial().WaitFor("x", limit); err != nil {
			return nil, err
		}
		values = append(values, float64(time.Since(start)))
		if err := <-pressed; err != nil {
			return nil, err
		}
		if err := m.QMP().Key("x", false); err != nil {
			return nil, err
		}
	}
	return []Measurement{{
		Name: "key.echo", What: "from a key press to the character on the serial line", Value: median(values), Unit: "ns",
	}}, nil
}
