package commands

import (
	"fmt"
	"strings"

	"vitrine/boot/multiboot"
	"vitrine/kernel/console"
	"vitrine/kernel/shell"
)

// benchLine is a line of text for the console.
var benchLine = strings.Repeat("The quick brown fox. ", 3) + "\n"

// consoleBenchmarks measure how fast text appears: on all devices together, and
// on each of them alone.
func (m *Machine) consoleBenchmarks(sh *shell.Env) (list []benchmark) {
	if sh == nil || sh.Colour {
		list = append(list, benchmark{name: "console.byte", what: "a character on the console", unit: len(benchLine), most: 200, run: func(n int) error {
			line := "\r" + strings.TrimSpace(benchLine)
			for range n {
				fmt.Fprint(sh.Out, line)
			}
			fmt.Fprint(sh.Out, "\r\x1b[K")
			return nil
		}})
	}
	if m.Outputs == nil {
		return list
	}
	for k := range m.Outputs.Sinks() {
		name := k.Name()
		if name == "screen" {
			name = "vga"
			if m.Boot != nil && m.Boot.Framebuffer.Kind == multiboot.RGB {
				name = "framebuffer"
			}
		}
		list = append(list, benchmark{
			name: "console." + name, what: "a character on this device alone, in lines that scroll", unit: len(benchLine), most: 500,
			run: func(n int) error { return m.benchSink(k, n) },
		})
	}
	return list
}

// benchSink writes n lines that only k shows.
func (m *Machine) benchSink(k *console.Sink, n int) error {
	was := map[*console.Sink]console.Source{}
	for other := range m.Outputs.Sinks() {
		was[other] = other.Accepted()
		if other != k {
			other.Accept(0)
		}
	}
	for range n {
		fmt.Fprint(m.Outputs, benchLine)
	}
	m.Outputs.Refresh()
	if m.Serial != nil && k.Name() == "serial" {
		m.Serial.Flush()
	}
	for other, kinds := range was {
		other.Accept(kinds)
	}
	return nil
}
