package figure

import (
	"fmt"
	"strconv"
	"strings"
)

// firstCode is an address in the kernel's first page of code.
const firstCode = 0xffff_ffff_8020_1000

// walkFigures show translations of addresses.
var walkFigures = []Figure{
	{
		Name: "page-walk", Title: "A walk through the page tables",
		Alt: "An address of 64 bits is cut into sign, four indexes of 9 bits and an offset of 12. CR3 leads to the PML4 table; each index " +
			"selects an entry in a table, which leads to the next table: PML4, PDPT, PD, PT. The last entry leads to the frame, in which the offset selects the byte.",
		Live: true, draw: pageWalk,
	},
}

// step is one level of a walk.
type step struct {
	level string
	index int
	at    uint64
	entry uint64
}

// walk asks the kernel for the way to an address.
func walk(s *Sources, address uint64) (steps []step, err error) {
	lines, err := s.Ask(fmt.Sprintf("pagewalk %#x", address))
	if err != nil {
		return nil, err
	}
	found, err := matches(lines, `^(PML4|PDPT|PD|PT) +(\d+) +([0-9a-f]+) +([0-9a-f]{16}) `)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		index, _ := strconv.Atoi(m[1])
		at, _ := strconv.ParseUint(m[2], 16, 64)
		entry, _ := strconv.ParseUint(m[3], 16, 64)
		steps = append(steps, step{m[0], index, at, entry})
	}
	return steps, nil
}

func pageWalk(c *canvas, s *Sources) (int, error) {
	const address = uint64(firstCode + 0x234)
	steps, err := walk(s, address)
	if err != nil {
		return 0, err
	}
	if len(steps) != 4 {
		return 0, fmt.Errorf("the walk to %#x has %d levels", address, len(steps))
	}
	c.text("bold", 20, 30, "%#x", address)
	wides := []int{80, 125, 125, 125, 125, 140}
	names := []string{"sign", "PML4", "PDPT", "PD", "PT", "offset"}
	ranges := []string{"63:48", "47:39", "38:30", "29:21", "20:12", "11:0"}
	values := []string{
		fmt.Sprintf("%x", address>>48), "", "", "", "", fmt.Sprintf("%#x", address&0xfff),
	}
	middle := make([]int, len(wides))
	x := 20
	for i, w := range wides {
		if i >= 1 && i <= 4 {
			values[i] = strconv.Itoa(steps[i-1].index)
		}
		class := "cool"
		if i == 0 {
			class = "gap"
		} else if i == 5 {
			class = "calm"
		}
		c.label(class, "mono bold", x, 64, w, 34, "%s", values[i])
		c.text("small soft", x+5, 58, "%s", names[i])
		c.text("small soft end", x+w-5, 58, "%s", ranges[i])
		middle[i] = x + w/2
		x += w
	}
	// The tables, from left to right, each a step lower.
	for i, st := range steps {
		left, top := middle[i+1]-52, 170+i*64
		c.text("small soft middle", middle[i+1], top-8, "%s at %x", st.level, st.at&^0xfff)
		c.box("box", left, top, 104, 46)
		c.label("hot", "mono small", left, top+12, 104, 24, "%x", st.entry&0x000f_ffff_ffff_ffff)
		c.arrow(middle[i+1], 98, middle[i+1], top-24)
		if i == 0 {
			c.text("mono", 20, top+29, "CR3")
			c.arrow(52, top+24, left, top+24)
			continue
		}
		c.arrow(left-21, top-40, left-8, top-40, left-8, top+24, left, top+24)
	}
	frame := steps[3].entry & 0x000f_ffff_ffff_f000
	left, top := middle[5]-52, 170+4*64
	c.text("small soft middle", middle[5], top-8, "frame at %x", frame)
	c.box("box", left, top, 104, 56)
	c.label("calm", "mono small", left, top+18, 104, 22, "byte %#x", address&0xfff)
	c.arrow(middle[5], 98, middle[5], top-24)
	c.arrow(middle[4]+52, top-40, left-8, top-40, left-8, top+29, left, top+29)
	c.text("", 20, top+48, "physical address %#x", frame|address&0xfff)
	return top + 76, nil
}

// parseSize reads a size as the kernel writes it, in bytes.
func parseSize(text string) float64 {
	fields := strings.Fields(text)
	n, _ := strconv.ParseFloat(fields[0], 64)
	if len(fields) > 1 {
		n *= map[string]float64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}[fields[1]]
	}
	return n
}
