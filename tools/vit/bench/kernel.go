package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"vitrine/tools/qemu"
)

// kernelResult is one line of the kernel's 'bench -json'.
type kernelResult struct {
	Name        string
	What        string
	NS          float64
	P999, Worst float64 // 0: single events were not measured
}

// resultLine finds them between the other things on the line.
var resultLine = regexp.MustCompile(`\{"name":[^}]*\}`)

// instructionTargets are the project's, in instructions. That for the collector's
// stops is 1 ms of the guest's time.
var instructionTargets = map[string]float64{
	"kernel.irq.goroutine":   5000,
	"kernel.fault.zero":      3000,
	"kernel.frame.allocfree": 150,
	"gc.stop":                1e6 / nsPerInstruction,
}

// kernel runs the kernel's own benchmarks on one processor.
func kernel(o Options) ([]Measurement, error) {
	const prefix = "kernel."
	var all []Measurement
	for _, beginning := range o.only {
		list, err := twice(o, prefix, strings.TrimPrefix(beginning, prefix), nil)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// processors runs those that need several, on four. When QEMU counts
// instructions the processors take turns of some ten thousand, so the count says
// nothing about two that wait for each other without sleeping.
func processors(o Options) ([]Measurement, error) {
	list, err := twice(o, "", "cpus", func(c *qemu.Config) { c.SMP = 4 })
	for i := range list {
		if list[i].Name == "cpus.chan" {
			list[i].Instructions = 0
		}
	}
	return list, err
}

// collector runs those that need more memory than a machine has by itself.
func collector(o Options) ([]Measurement, error) {
	list, err := twice(o, "", "gc", func(c *qemu.Config) { c.Memory = 512 })
	for i := range list {
		switch m := &list[i]; m.Name {
		case "gc.stop": // the longest is what counts
			m.Value, m.Instructions = m.Worst, m.WorstInstructions
			m.What += ": the longest"
		case "gc.share":
			const percent = 1e9 / 100 // of a second
			m.Value, m.Unit, m.Instructions, m.Guest = m.Instructions*nsPerInstruction/percent, "%", 0, true
		}
	}
	return list, err
}

// framebuffer measures a screen of pixels, which needs a boot loader that sets
// one up.
func framebuffer(o Options) ([]Measurement, error) {
	if _, err := os.Stat(o.ISO); err != nil {
		if len(o.Names) > 0 {
			return nil, fmt.Errorf("there is no ISO %s: 'make bench' makes it", o.ISO)
		}
		return nil, nil
	}
	return twice(o, "", "console.framebuffer", func(c *qemu.Config) {
		c.Kernel, c.ISO = "", o.ISO
	})
}

// twice runs the benchmarks whose names begin as told twice: for time, and for
// instructions.
func twice(o Options, prefix, names string, change func(*qemu.Config)) ([]Measurement, error) {
	fast, err := kernelResults(o, names, change)
	if err != nil {
		return nil, err
	}
	counted, err := kernelResults(o, names, change, icount)
	if err != nil {
		return nil, err
	}
	instructions := map[string]kernelResult{}
	for _, r := range counted {
		instructions[r.Name] = r
	}
	var out []Measurement
	for _, r := range fast {
		i := instructions[r.Name]
		out = append(out, Measurement{
			Name: prefix + r.Name, What: r.What, Unit: "ns",
			Value: r.NS, P999: r.P999, Worst: r.Worst,
			Instructions: i.NS / nsPerInstruction, P999Instructions: i.P999 / nsPerInstruction, WorstInstructions: i.Worst / nsPerInstruction,
			InstructionTarget: instructionTargets[prefix+r.Name],
		})
	}
	return out, nil
}

// kernelResults boots and runs the kernel's benchmarks.
func kernelResults(o Options, names string, change ...func(*qemu.Config)) ([]kernelResult, error) {
	m, err := bootToPrompt(o, change...)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	text, err := run(m, strings.TrimSpace("bench -json "+names))
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
		return nil, fmt.Errorf("the kernel has no benchmark %s", names)
	}
	return out, nil
}
