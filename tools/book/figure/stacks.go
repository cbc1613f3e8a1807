package figure

import (
	"fmt"
	"strings"
)

// stackFigures are the stacks that the processor changes to.
var stackFigures = []Figure{
	{
		Name: "trap-frame", Title: "The trap frame",
		Alt: "The stack after an interrupt, from high to low addresses: SS, SP, Flags, CS and IP, pushed by the processor; Error, pushed by it or by the stub; " +
			"Vector, pushed by the stub; and the general registers, pushed by common. Beside each is its offset.",
		draw: trapFrame,
	},
	{
		Name: "stack-guard", Title: "Interrupt stacks and their guard pages",
		Alt: "The beginning of the kernel window: interrupt, exception, double fault, NMI and machine check stack, each with a guard page " +
			"below it in which nothing may be written.",
		Live: true, draw: stackGuard,
	},
	{
		Name: "tss-ist", Title: "From a gate to its stack",
		Alt: "Gates of the IDT name one of the TSS's seven interrupt stacks: devices IST 1, exceptions IST 2, double fault IST 3, NMI IST 4, machine check IST 5. " +
			"The TSS has the top of each stack, at offsets 36 to 92.",
		draw: tssIST,
	},
}

func trapFrame(c *canvas, s *Sources) (int, error) {
	all, err := s.fields("interrupts", "Frame")
	if err != nil {
		return 0, err
	}
	by := map[string]string{
		"SS": "processor", "SP": "processor", "Flags": "processor", "CS": "processor", "IP": "processor",
		"Error": "processor, or stub", "Vector": "stub",
	}
	c.text("soft small", 60, 28, "offset")
	c.text("soft small", 420, 28, "pushed by")
	c.text("soft small end", 740, 28, "high addresses")
	y, begin, who := 36, 36, ""
	bracket := func(end int) {
		if who != "" {
			c.path(350, begin+4, 362, begin+4, 362, end-4, 350, end-4)
			c.text("", 376, (begin+end)/2+5, "%s", who)
		}
	}
	for i := len(all) - 1; i >= 0; i-- {
		f := all[i]
		pushed, class := by[f.name], "hot"
		switch pushed {
		case "":
			pushed, class = "common, in interrupts/entry_amd64.s", "calm"
		case "stub":
			pushed, class = "the vector's stub", "cool"
		case "processor, or stub":
			pushed, class = "the processor, or the stub: 0", "cool"
		case "processor":
			pushed = "the processor"
		}
		if pushed != who {
			bracket(y)
			begin, who = y, pushed
		}
		c.text("mono end", 110, y+17, "%d", f.offset)
		c.label(class, "mono", 130, y, 210, 24, "%s", f.name)
		y += 24
	}
	bracket(y)
	c.text("soft small end", 740, y-2, "low addresses")
	last := all[len(all)-1]
	c.text("", 130, y+24, "%d bytes: interrupts.Frame", last.offset+last.size)
	return y + 44, nil
}

func stackGuard(c *canvas, s *Sources) (int, error) {
	lines, err := s.Ask("maps")
	if err != nil {
		return 0, err
	}
	found, err := matches(lines, `^(ffffff80[0-9a-f]{8})  [0-9a-f]{16} +(guard|\d.*?B)  ... +(guard page|.* stack)$`)
	if err != nil {
		return 0, err
	}
	y := 36
	for i := len(found) - 1; i >= 0; i-- {
		f := found[i]
		if f[1] == "guard" {
			c.label("gap", "soft small", 210, y, 210, 22, "guard page")
			c.text("mono small", 20, y+20, "%s", f[0])
			c.text("small soft", 436, y+16, "a write is a page fault, on another stack")
			y += 22
			continue
		}
		high := 40
		c.label("cool", "bold", 210, y, 210, high, "%s", f[2])
		c.text("mono small", 20, y+high-2, "%s", f[0])
		c.text("", 436, y+high/2+5, "%s", f[1])
		c.arrow(196, y+6, 196, y+high-4)
		y += high
	}
	c.text("small soft", 20, y+22, "Stacks grow downwards, towards their guard page.")
	return y + 40, nil
}

func tssIST(c *canvas, s *Sources) (int, error) {
	fields, err := s.fields("interrupts", "TSS")
	if err != nil {
		return 0, err
	}
	var ist field
	for _, f := range fields {
		if f.name == "ist" {
			ist = f
		}
	}
	if ist.size == 0 {
		return 0, fmt.Errorf("the TSS has no field ist")
	}
	names := []string{"StackInterrupt", "StackException", "StackDoubleFault", "StackNMI", "StackMachineCheck"}
	numbers, err := s.values("interrupts", names...)
	if err != nil {
		return 0, err
	}
	gates := []string{"devices, messages", "exceptions", "#DF double fault", "NMI", "#MC machine check"}
	c.text("bold middle", 110, 34, "gates of the IDT")
	c.text("bold middle", 380, 34, "TSS")
	c.text("bold middle", 650, 34, "stacks")
	for n := 1; n <= int(ist.size/8); n++ {
		y := 50 + (n-1)*44
		used := -1
		for i, number := range numbers {
			if int(number) == n {
				used = i
			}
		}
		class := "gap"
		if used >= 0 {
			class = "calm"
			c.label("cool", "", 20, y, 180, 32, "%s", gates[used])
			c.arrow(200, y+16, 290, y+16)
			c.label("box", "", 560, y, 180, 32, "%s", strings.TrimPrefix(names[used], "Stack"))
			c.arrow(470, y+16, 560, y+8)
			c.text("small soft", 486, y+6, "top")
			c.text("small soft middle", 245, y+10, "IST %d", n)
		}
		c.label(class, "mono", 290, y, 180, 32, "%3d  IST%d", ist.offset+int64(n-1)*8, n)
	}
	y := 50 + int(ist.size/8)*44
	c.text("small soft", 20, y+14, "The number in a gate selects an entry of the TSS, which has the top of a stack. The stack is empty each time.")
	return y + 34, nil
}
