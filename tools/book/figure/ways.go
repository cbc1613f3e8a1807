package figure

import (
	"fmt"
	"strings"
)

// wayFigures show the ways of things through the machine.
var wayFigures = []Figure{
	{
		Name: "apic-routing", Title: "From a device's line to a processor",
		Alt: "Devices' lines lead to inputs of the I/O APIC. An entry of its table makes a message of each: a vector, and the local APIC that gets it. " +
			"The local APIC also takes its own timer and messages from other processors, and interrupts its processor.",
		Live: true, draw: apicRouting,
	},
	{
		Name: "keyboard-pipeline", Title: "The way of a key",
		Alt: "Stages from left to right: the keyboard sends bytes; the top half puts them into a ring; decoded they are scan codes and then events, " +
			"key down or up; the layout makes a press of an event, with a character; the line editor makes a line of presses; the shell runs the line.",
		Live: true, draw: keyboardPipeline,
	},
	{
		Name: "ring-buffer", Title: "A ring between an interrupt handler and a goroutine",
		Alt: "A row of slots of bytes. The writer puts a byte where head points and then moves head; the reader takes the byte at tail and then moves tail. " +
			"Both only count upwards; the slot is the count's remainder by the size. Equal counts mean empty, a difference of the size means full.",
		draw: ringBuffer,
	},
}

func apicRouting(c *canvas, s *Sources) (int, error) {
	lines, err := s.Ask("irq")
	if err != nil {
		return 0, err
	}
	all, err := matches(lines, `^ *(\d+) +(\d+) +\d+  (?:on|off) +(GSI \d+), \S+ \S+ +(\d+) +(timer|keyboard|serial|mouse)$`)
	if err != nil {
		return 0, err
	}
	c.text("bold middle", 90, 30, "device")
	c.text("bold middle", 300, 30, "I/O APIC: table entry")
	c.text("bold middle", 560, 30, "local APIC of a processor")
	y := 46
	for _, d := range all {
		c.label("box", "", 20, y, 140, 32, "%s", d[4])
		c.text("small soft", 166, y+12, "IRQ %s", d[0])
		c.arrow(160, y+18, 215, y+18)
		c.label("cool", "mono", 215, y, 170, 32, "%s: vector %s", d[2], d[1])
		c.arrow(385, y+16, 470, y+16)
		c.text("small soft", 392, y+10, "to APIC %s", d[3])
		y += 44
	}
	others, err := matches(lines, `^ +- +(\d+) +\d+ +(timer of each processor|message: .*)$`)
	if err != nil {
		return 0, err
	}
	height := len(all)*44 - 12 + len(others)*38
	c.box("calm", 470, 46, 180, height)
	c.text("bold middle", 560, 46+height/2+5, "highest vector first")
	for _, o := range others {
		c.label("gap", "small", 20, y, 365, 28, "%s: vector %s", strings.TrimSpace(o[1]), o[0])
		c.arrow(385, y+14, 470, y+14)
		y += 38
	}
	c.arrow(650, 46+height/2, 690, 46+height/2)
	c.label("hot", "bold", 690, 46+height/2-20, 56, 40, "CPU")
	return y + 16, nil
}

func keyboardPipeline(c *canvas, s *Sources) (int, error) {
	lines, err := s.Press()
	if err != nil {
		return 0, err
	}
	found, err := matches(lines, `^\[ *\d+\.\d+\] kbd +(byte|event|press) +(\S.*)$`)
	if err != nil {
		return 0, err
	}
	shown := map[string]string{}
	for _, f := range found {
		if shown[f[0]] == "" {
			shown[f[0]] = f[1]
		}
	}
	stages := []struct{ class, what, where, package_, example string }{
		{"box", "byte", "PS/2 controller", "port 0x60", shown["byte"]},
		{"hot", "ring", "top half", "drivers/ps2", shown["byte"]},
		{"calm", "event", "bottom half", "drivers/ps2", shown["event"]},
		{"calm", "press", "layout", "kernel/keymap", shown["press"]},
		{"cool", "line", "line editor", "kernel/tty", shown["press"]},
		{"cool", "command", "shell", "kernel/shell", ""},
	}
	const w, gap = 100, 22
	for i, st := range stages {
		x := 25 + i*(w+gap)
		c.text("bold small middle", x+w/2, 36, "%s", st.where)
		c.label(st.class, "bold", x, 48, w, 44, "%s", st.what)
		c.text("mono small middle", x+w/2, 112, "%s", st.package_)
		if st.example != "" {
			c.text("mono middle", x+w/2, 142, "%s", st.example)
		}
		if i > 0 {
			c.arrow(x-gap, 70, x, 70)
		}
	}
	c.text("small soft", 25, 172, "Below each stage: what it makes of one key, as the trace point kbd shows it.")
	return 190, nil
}

func ringBuffer(c *canvas, s *Sources) (int, error) {
	size, err := s.value("drivers/uart", "ringSize")
	if err != nil {
		return 0, err
	}
	fields, err := s.fields("drivers/uart", "ring")
	if err != nil {
		return 0, err
	}
	if len(fields) != 3 || fields[0].name != "head" || fields[1].name != "tail" || fields[2].name != "bytes" {
		return 0, fmt.Errorf("uart.ring has other fields than head, tail and bytes")
	}
	const slots, tail, head, w = 12, 3, 8, 58
	for i := range slots {
		class, text := "gap", ""
		if i >= tail && i < head {
			class, text = "calm", string("hello"[i-tail])
		}
		c.label(class, "mono bold", 30+i*w, 90, w, 44, "%s", text)
	}
	c.arrow(30+tail*w+w/2, 50, 30+tail*w+w/2, 90)
	c.text("bold middle", 30+tail*w+w/2, 40, "tail")
	c.text("small soft middle", 30+tail*w+w/2, 22, "the reader: a goroutine")
	c.arrow(30+head*w+w/2, 50, 30+head*w+w/2, 90)
	c.text("bold middle", 30+head*w+w/2, 40, "head")
	c.text("small soft middle", 30+head*w+w/2, 22, "the writer: a top half")
	c.arrow(30+slots*w-10, 134, 30+slots*w-10, 160, 40, 160, 40, 134)
	c.text("small soft middle", 378, 154, "slot = count %% %d", size)
	c.text("", 30, 194, "empty: head = tail")
	c.text("", 250, 194, "full: head - tail = %d", size)
	c.text("", 480, 194, "each count has one writer")
	return 214, nil
}
