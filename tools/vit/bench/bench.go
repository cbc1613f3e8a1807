// Package bench measures Vitrine from outside: how long it takes to build and
// to boot, what it needs, what it costs when idle, and what its own
// benchmarks, run in the machine, say.
//
// A measurement is a number with a unit and, where the project has set itself
// one, a target. Times that QEMU emulates depend on how busy the host is; the
// instructions that the guest executes do not, so both are given where both
// are known.
package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"vitrine/tools/qemu"
)

// Measurement is one result.
type Measurement struct {
	Name  string  `json:"name"`
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Guest says that the value is the guest's, who counts instructions: the same
	// on every host, though it is no number of instructions.
	Guest bool `json:"guest,omitempty"`
	// Target is the largest value that is good enough; 0: there is none.
	Target float64 `json:"target,omitempty"`
	Missed bool    `json:"missed,omitempty"`
	// Instructions is how many of the guest's instructions it takes; 0: not
	// known. InstructionTarget is as Target.
	Instructions      float64 `json:"instructions,omitempty"`
	InstructionTarget float64 `json:"instruction_target,omitempty"`
	// Where single events were measured the value is the median. Then these are
	// what 999 of 1000 keep to, and the worst; also in instructions.
	P999              float64 `json:"p999,omitempty"`
	Worst             float64 `json:"worst,omitempty"`
	P999Instructions  float64 `json:"p999_instructions,omitempty"`
	WorstInstructions float64 `json:"worst_instructions,omitempty"`
	// What the base of a comparison has: see Options.Base.
	Base             float64 `json:"base,omitempty"`
	BaseInstructions float64 `json:"base_instructions,omitempty"`
}

// missed tells whether a target is missed.
func (m Measurement) missed() bool {
	return m.Target != 0 && m.Value > m.Target || m.InstructionTarget != 0 && m.Instructions > m.InstructionTarget
}

// Report is the result of a run.
type Report struct {
	Time         time.Time     `json:"time"`
	Host         Host          `json:"host"`
	Base         string        `json:"base,omitempty"` // what it was compared with
	Measurements []Measurement `json:"measurements"`
}

// Host says where it was measured.
type Host struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	Load  string `json:"load"` // /proc/loadavg at the start: a busy host is slow
	QEMU  string `json:"qemu"`
	Go    string `json:"go"`
}

// Missed returns the measurements that miss their targets.
func (r Report) Missed() []Measurement {
	var out []Measurement
	for _, m := range r.Measurements {
		if m.Missed {
			out = append(out, m)
		}
	}
	return out
}

// Options say what to measure and where.
type Options struct {
	Root   string   // the repository's top folder
	Image  string   // the bootable image
	Names  []string // beginnings of names to measure; none: all
	Quick  bool     // leave out what takes more than a few seconds
	Binary string   // QEMU's program; "": the usual one
	ISO    string   // a bootable ISO, for the framebuffer; not there: that is left out
	// Base is what to compare with: another image, which is measured in turn with
	// this one, or an earlier report as JSON. "": nothing.
	Base string
	// Progress is called with the name of each group before it is measured.
	Progress func(name string)

	only []string // beginnings of what a group measures; "": all
}

// group is a set of measurements that are made together.
type group struct {
	name  string // the beginning of their names
	slow  bool
	image bool // it measures the image, and no other file
	run   func(o Options) ([]Measurement, error)
}

// groups lists all, the order of a report.
func groups() []group {
	return []group{
		{"derive.cold", true, false, deriveCold},
		{"derive.warm", false, false, deriveWarm},
		{"build.cold", true, false, buildCold},
		{"build.edit", true, false, buildEdit},
		{"image.size", false, true, imageSize},
		{"boot.prompt", false, true, bootPrompt},
		{"boot.guest", false, true, bootGuest},
		{"boot.stage.", false, true, bootStages},
		{"boot.ram", false, true, bootRAM},
		{"idle.interrupts", false, true, idleInterrupts},
		{"idle.cpu", false, true, idleCPU},
		{"key.echo", false, true, keyEcho},
		{"kernel.", false, true, kernel},
		{"cpus.", false, true, processors},
		{"console.", false, false, framebuffer},
		{"gc.", true, true, collector},
	}
}

// Run measures.
//
// Errors: a measurement cannot be made. What was made before is in the report.
func Run(o Options) (Report, error) {
	r := Report{Time: time.Now().UTC().Truncate(time.Second), Host: describeHost(o), Base: o.Base}
	base, err := openBase(o)
	if err == nil {
		err = base.boots()
	}
	if err != nil {
		return r, err
	}
	found := false
	for _, g := range groups() {
		if o.only = o.wants(g); o.only == nil {
			continue
		}
		if o.Progress != nil {
			o.Progress(g.name)
		}
		list, err := g.run(o)
		if err != nil {
			return r, fmt.Errorf("%s: %w", strings.TrimSuffix(g.name, "."), err)
		}
		base.measure(g, o.only)
		for _, m := range list {
			if !slices.ContainsFunc(o.only, func(n string) bool { return strings.HasPrefix(m.Name, n) }) {
				continue
			}
			found = true
			m.Missed = m.missed()
			base.compare(&m)
			r.Measurements = append(r.Measurements, m)
		}
	}
	if !found {
		return r, fmt.Errorf("nothing is called %s; there are %s", strings.Join(o.Names, ", "), strings.Join(names(), ", "))
	}
	return r, nil
}

// names returns the names of all groups.
func names() []string {
	var out []string
	for _, g := range groups() {
		out = append(out, strings.TrimSuffix(g.name, "."))
	}
	return out
}

// wants returns with what the names begin that g is to measure; nil if it is
// not wanted.
func (o Options) wants(g group) (only []string) {
	if len(o.Names) == 0 && !(o.Quick && g.slow) {
		return []string{""}
	}
	for _, n := range o.Names {
		switch {
		case strings.HasPrefix(g.name, n):
			return []string{""}
		case strings.HasSuffix(g.name, ".") && strings.HasPrefix(n, g.name):
			only = append(only, n)
		}
	}
	return widest(only)
}

// widest returns the names without those that begin with another one: what they
// select would be measured twice.
func widest(names []string) (out []string) {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for _, n := range names {
		if len(out) == 0 || !strings.HasPrefix(n, out[len(out)-1]) {
			out = append(out, n)
		}
	}
	return out
}

// describeHost says where this is.
func describeHost(o Options) Host {
	h := Host{Cores: runtime.NumCPU(), Go: runtime.Version()}
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
				h.CPU = strings.TrimSpace(value)
				break
			}
		}
	}
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		h.Load = strings.TrimSpace(string(b))
	}
	binary := o.Binary
	if binary == "" {
		binary = qemu.DefaultBinary
	}
	if b, err := exec.Command(binary, "--version").Output(); err == nil {
		h.QEMU, _, _ = strings.Cut(string(b), "\n")
	}
	return h
}

// WriteJSON writes the report for programs.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// format writes a value with its unit; nanoseconds in a unit that fits.
func format(v float64, unit string) string {
	if unit == "ns" {
		for _, bigger := range []string{"µs", "ms", "s"} {
			if v < 1000 {
				break
			}
			v, unit = v/1000, bigger
		}
	}
	return digits(v) + " " + unit
}

// digits writes a number with three significant digits, or all before the
// point.
func digits(v float64) string {
	places := 2
	for limit := 10.0; math.Abs(v) >= limit && places > 0; limit *= 10 {
		places--
	}
	return fmt.Sprintf("%.*f", places, v)
}

// median returns the middle of the values.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
