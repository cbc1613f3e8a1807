package figure

import (
	"fmt"
	"strconv"
)

// fieldFigures are words of the hardware's, cut into their fields.
var fieldFigures = []Figure{
	{
		Name: "idt-gate", Title: "A gate of the IDT",
		Alt: "The 16 bytes of a gate. From the top: reserved, offset 63 to 32; then offset 31 to 16, the attributes with P, DPL and type, " +
			"the IST number, the selector, offset 15 to 0. Below each field is its value in the gate of vector 14.",
		Live: true, draw: idtGate,
	},
	{
		Name: "gdt-descriptor", Title: "Segment descriptors of the GDT",
		Alt: "The 8 bytes of a segment descriptor: base 31 to 24, the flags G, D, L and A, limit 19 to 16, the access byte with P, DPL, S and type, " +
			"base 23 to 0, limit 15 to 0. Below are the kernel's four: of each only the access byte and the flag L are not zero.",
		draw: gdtDescriptor,
	},
	{
		Name: "page-table-entry", Title: "An entry of a page table",
		Alt: "The 64 bits of an entry: NX in bit 63, the frame's address in bits 51 to 12, three bits that are free for the kernel, and the flags " +
			"G, PS, D, A, PCD, PWT, U/S, R/W and P in bits 8 to 0. Below is the entry that maps the first code of the kernel.",
		Live: true, draw: pageTableEntry,
	},
}

// bits is a field of a word.
type bits struct {
	high, low int
	name      string
	class     string
	wide      int // pixels
}

// word draws the fields of a word at y, with their bits' numbers above and, below,
// what text says of each.
func (c *canvas) word(y int, fields []bits, text func(b bits) string) {
	x := 20
	for _, f := range fields {
		c.label(f.class, "mono", x, y, f.wide, 34, "%s", f.name)
		if f.high == f.low {
			c.text("small soft middle", x+f.wide/2, y-6, "%d", f.high)
		} else {
			c.text("small soft", x+2, y-6, "%d", f.high)
			c.text("small soft end", x+f.wide-2, y-6, "%d", f.low)
		}
		if text != nil {
			c.text("mono middle", x+f.wide/2, y+54, "%s", text(f))
		}
		x += f.wide
	}
}

// of returns the field's value in a word.
func (f bits) of(word uint64) uint64 {
	return word >> f.low & (1<<(f.high-f.low+1) - 1)
}

func idtGate(c *canvas, s *Sources) (int, error) {
	lines, err := s.Ask("idt 14")
	if err != nil {
		return 0, err
	}
	handler, err := match(lines, `^handler +([0-9a-f]{16})`)
	if err != nil {
		return 0, err
	}
	stack, err := match(lines, `^stack +IST (\d)`)
	if err != nil {
		return 0, err
	}
	k, err := s.values("interrupts", "gatePresent", "gateInterrupt", "KernelCode")
	if err != nil {
		return 0, err
	}
	a, _ := strconv.ParseUint(handler[0], 16, 64)
	ist, _ := strconv.ParseUint(stack[0], 10, 64)
	low := a&0xffff | k[2]<<16 | ist<<32 | k[1] | k[0] | a>>16&0xffff<<48
	high := a >> 32
	hex := func(word uint64) func(bits) string {
		return func(f bits) string { return fmt.Sprintf("%#x", f.of(word)) }
	}
	c.text("bold", 20, 34, "the second 8 bytes")
	c.word(70, []bits{{63, 32, "reserved", "gap", 360}, {31, 0, "offset 63:32", "cool", 360}}, hex(high))
	c.text("bold", 20, 168, "the first 8 bytes")
	c.word(204, []bits{
		{63, 48, "offset 31:16", "cool", 150},
		{47, 47, "P", "hot", 44},
		{46, 45, "DPL", "hot", 50},
		{44, 44, "0", "gap", 36},
		{43, 40, "type", "hot", 70},
		{39, 35, "0", "gap", 50},
		{34, 32, "IST", "calm", 60},
		{31, 16, "selector", "box", 110},
		{15, 0, "offset 15:0", "cool", 150},
	}, hex(low))
	c.text("", 20, 294, "vector 14, the page fault: an interrupt gate to %#x on IST %d", a, ist)
	return 316, nil
}

func gdtDescriptor(c *canvas, s *Sources) (int, error) {
	rows := []string{"code", "data", "userData", "userCode"}
	c.word(40, []bits{
		{63, 56, "base 31:24", "gap", 110},
		{55, 55, "G", "gap", 36},
		{54, 54, "D", "gap", 36},
		{53, 53, "L", "hot", 36},
		{52, 52, "A", "gap", 36},
		{51, 48, "limit", "gap", 66},
		{47, 47, "P", "hot", 36},
		{46, 45, "DPL", "hot", 50},
		{44, 44, "S", "hot", 36},
		{43, 40, "type", "hot", 60},
		{39, 16, "base 23:0", "gap", 114},
		{15, 0, "limit 15:0", "gap", 104},
	}, nil)
	c.text("small soft", 20, 96, "In 64-bit mode the processor looks at the coloured fields only.")
	for i, name := range rows {
		v, err := s.value("interrupts", name+"Descriptor")
		if err != nil {
			return 0, err
		}
		selector, err := s.value("interrupts", []string{"KernelCode", "KernelData", "UserData", "UserCode"}[i])
		if err != nil {
			return 0, err
		}
		y := 130 + 30*i
		c.text("mono", 20, y, "%#04x  %016x", selector&^7, v)
		access := v >> 40 & 0xff
		what := "data, writable"
		if access>>3&1 == 1 {
			what = "code, readable"
		}
		long := ""
		if v>>53&1 == 1 {
			long = ", L: 64-bit"
		}
		c.text("", 220, y, "P %d, ring %d, %s%s", access>>7, access>>5&3, what, long)
		c.text("mono soft", 600, y, "%s", []string{"KernelCode", "KernelData", "UserData", "UserCode"}[i])
	}
	return 244, nil
}

// flagNames are the flags of an entry, with the manual's names.
var flagNames = []struct{ constant, name string }{
	{"Global", "G"},
	{"Large", "PS"},
	{"Dirty", "D"},
	{"Accessed", "A"},
	{"CacheDisable", "PCD"},
	{"WriteThrough", "PWT"},
	{"User", "U/S"},
	{"Writable", "R/W"},
	{"Present", "P"},
}

func pageTableEntry(c *canvas, s *Sources) (int, error) {
	levels, err := walk(s, firstCode)
	if err != nil {
		return 0, err
	}
	last := levels[len(levels)-1]
	entry := last.entry
	fields := []bits{{63, 63, "NX", "hot", 44}, {62, 52, "-", "gap", 60}, {51, 12, "frame's address 51:12", "cool", 180}, {11, 9, "free", "gap", 48}}
	for i, f := range flagNames {
		v, err := s.value("mm/paging", f.constant)
		if err != nil {
			return 0, err
		}
		bit := 8 - i
		if v != 1<<bit {
			return 0, fmt.Errorf("%s is bit %#x, not %d", f.constant, v, bit)
		}
		fields = append(fields, bits{bit, bit, f.name, "calm", 43})
	}
	c.word(40, fields, func(f bits) string { return fmt.Sprintf("%x", f.of(entry)) })
	c.text("", 20, 134, "the entry of the %s that maps the kernel's first code: %016x", last.level, entry)
	rights := "may be executed"
	if entry>>63 == 1 {
		rights = "may not be executed"
	}
	if entry>>1&1 == 1 {
		rights += ", may be written"
	} else {
		rights += ", may not be written"
	}
	c.text("", 20, 160, "frame at %#x, %s, by ring 0 only", entry&0x000f_ffff_ffff_f000, rights)
	return 182, nil
}
