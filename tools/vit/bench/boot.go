package bench

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"vitrine/tools/qemu"
)

// limit bounds a machine's run, in the host's time.
const limit = 2 * time.Minute

// bootToPrompt boots the image and waits for the prompt. Close the machine.
func bootToPrompt(o Options, change ...func(*qemu.Config)) (*qemu.Machine, error) {
	c := qemu.Config{Binary: o.Binary, Kernel: o.Image, DebugExit: true, Timeout: limit}
	for _, f := range change {
		if f != nil {
			f(&c)
		}
	}
	m, err := qemu.Start(context.Background(), c)
	if err != nil {
		return nil, err
	}
	if _, err := m.Serial().WaitFor(qemu.PromptPattern, limit); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// bootPrompt measures from the start of QEMU to the prompt.
func bootPrompt(o Options) ([]Measurement, error) {
	var values []float64
	for range 7 {
		m, err := bootToPrompt(o)
		if err != nil {
			return nil, err
		}
		values = append(values, time.Since(m.Started()).Seconds())
		m.Close()
	}
	return []Measurement{{
		Name: "boot.prompt", What: "from the start of QEMU to the prompt", Value: median(values), Unit: "s", Target: 0.25,
	}}, nil
}

// icount makes a machine count instructions: 2^3 ns of its time for each.
func icount(c *qemu.Config) { c.Icount = "3" }

// nsPerInstruction is the guest's time for one instruction, with icount.
const nsPerInstruction = 8

// stage matches the kernel's log line about a boot stage: the time of its end,
// since the kernel's entry, its name, and how long it took.
var stage = regexp.MustCompile(`\[ *(\d+\.\d+)\](?:\x1b\[[0-9;]*m| )*boot:(?:\x1b\[[0-9;]*m| )*(\w+) +([\d.]+) (ns|us|ms|s)\b`)

// bootLog boots, counting instructions, and returns the log's lines about stages.
func bootLog(o Options) ([][]string, error) {
	m, err := bootToPrompt(o, icount)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	all := stage.FindAllStringSubmatch(m.Serial().Text(), -1)
	if len(all) == 0 {
		return nil, errors.New("the kernel's log names no boot stages")
	}
	return all, nil
}

// bootGuest measures from the kernel's entry to the prompt, in the guest's
// time: the time of the last boot stage in its log.
func bootGuest(o Options) ([]Measurement, error) {
	all, err := bootLog(o)
	if err != nil {
		return nil, err
	}
	seconds, err := strconv.ParseFloat(all[len(all)-1][1], 64)
	if err != nil {
		return nil, err
	}
	return []Measurement{{
		Name: "boot.guest", What: "from the kernel's entry to the prompt, in the guest's time",
		Value: seconds * 1e9, Unit: "ns", Instructions: seconds * 1e9 / nsPerInstruction,
	}}, nil
}

// bootStages tells how long each stage of the boot list takes, in the guest's
// time, and what comes before the list.
func bootStages(o Options) ([]Measurement, error) {
	all, err := bootLog(o)
	if err != nil {
		return nil, err
	}
	return stages(all)
}

// stages makes measurements of the log's lines. A stage begins where the one
// before it ends; the time that the line itself tells is not as fine.
func stages(lines [][]string) (out []Measurement, err error) {
	units := map[string]float64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
	before := 0.0
	for i, line := range lines {
		seconds, err := strconv.ParseFloat(line[1], 64)
		if err != nil {
			return nil, err
		}
		took, err := strconv.ParseFloat(line[3], 64)
		if err != nil {
			return nil, err
		}
		add := func(name, what string, ns float64) {
			out = append(out, Measurement{
				Name: "boot.stage." + name, What: what, Value: ns, Unit: "ns", Instructions: ns / nsPerInstruction,
			})
		}
		end := seconds * 1e9
		if i == 0 {
			before = end - took*units[line[4]]
			add("start", "before the boot list: tables, memory, the Go runtime, calibration", before)
		}
		add(line[2], "a stage of the boot list", end-before)
		before = end
	}
	return out, nil
}

// bootRAM finds the smallest memory with which the prompt appears.
func bootRAM(o Options) ([]Measurement, error) {
	floor := 0
	for _, mib := range []int{64, 32, 24, 20, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6} {
		ok, err := bootsWith(o, mib)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		floor = mib
	}
	if floor == 0 {
		return nil, errors.New("no prompt with 64 MiB")
	}
	return []Measurement{{
		Name: "boot.ram", What: "the smallest memory with which the prompt appears", Value: float64(floor), Unit: "MiB", Target: 16,
	}}, nil
}

// bootsWith tells whether the prompt appears with that much memory. A machine
// that says nothing more for a while has given up.
func bootsWith(o Options, mib int) (bool, error) {
	m, err := qemu.Start(context.Background(), qemu.Config{
		Binary: o.Binary, Kernel: o.Image, DebugExit: true, Timeout: limit, Memory: mib, Icount: "3",
	})
	if err != nil {
		return false, err
	}
	defer m.Close()
	match, err := m.Serial().WaitFor(qemu.PromptPattern+`|too little memory|panic|fatal error`, 20*time.Second)
	return err == nil && regexp.MustCompile(qemu.PromptPattern).MatchString(match[0]), nil
}

// run runs a command of the kernel's shell and returns what it prints.
func run(m *qemu.Machine, command string) (string, error) {
	if err := m.Serial().Send(command + "\r"); err != nil {
		return "", err
	}
	if _, err := m.Serial().WaitFor(`\n`, limit); err != nil {
		return "", err
	}
	match, err := m.Serial().WaitFor(`(?s)^(.*?)`+qemu.PromptPattern, limit)
	if err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	return match[1], nil
}
