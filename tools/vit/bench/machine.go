package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
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

// kernelResult is one line of the kernel's 'bench -json'.
type kernelResult struct {
	Name string
	NS   float64
}

// resultLine finds them between the other things on the line.
var resultLine = regexp.MustCompile(`\{"name":[^}]*\}`)

// descriptions of the kernel's benchmarks that the project is asked for.
var descriptions = map[string]string{
	"irq.goroutine":    "from an interrupt to its goroutine",
	"frame.allocfree":  "allocate a frame and free it",
	"paging.mapunmap":  "map a page, touch it, unmap it",
	"paging.translate": "walk the page tables",
	"goroutine.switch": "from one goroutine to another",
	"goroutine.start":  "start a goroutine and see it end",
	"chan.roundtrip":   "there and back over two channels",
	"timer.late":       "how late a sleep of 1 ms ends",
	"clock.now":        "read the clock",
	"heap.alloc":       "a Go object of 64 bytes",
	"heap.gc":          "collect garbage",
	"log.write":        "a record of 32 bytes in the log",
	"trace.off":        "a trace point that is off",
	"trace.on":         "a trace point that is on",
	"console.byte":     "a character on the console",
}

// kernel runs the kernel's own benchmarks twice: for time, and for
// instructions.
func kernel(o Options) ([]Measurement, error) {
	fast, err := kernelResults(o)
	if err != nil {
		return nil, err
	}
	counted, err := kernelResults(o, icount)
	if err != nil {
		return nil, err
	}
	instructions := map[string]float64{}
	for _, r := range counted {
		instructions[r.Name] = r.NS / nsPerInstruction
	}
	var out []Measurement
	for _, r := range fast {
		out = append(out, Measurement{
			Name: "kernel." + r.Name, What: descriptions[r.Name], Value: r.NS, Unit: "ns", Instructions: instructions[r.Name],
		})
	}
	return out, nil
}

// kernelResults boots and runs the kernel's benchmarks.
func kernelResults(o Options, change ...func(*qemu.Config)) ([]kernelResult, error) {
	m, err := bootToPrompt(o, change...)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	text, err := run(m, "bench -json")
	if err != nil {
		return nil, err
	}
	var out []kernelResult
	for _, line := range resultLine.FindAllString(text, -1) {
		var r kernelResult
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("the kernel's benchmark says %q: %w", line, err)
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, errors.New("the kernel's benchmarks say nothing")
	}
	return out, nil
}
