package figure

import (
	"debug/elf"
	"fmt"
	"strconv"
)

// memoryFigures are maps of memory: of addresses, and of what lies there.
var memoryFigures = []Figure{
	{
		Name: "memory-map", Title: "The kernel's virtual memory",
		Alt: "From the top: the kernel image in the last 2 GiB, the Go heap, the kernel window with stacks and devices, the direct map of physical memory; " +
			"then addresses that are not canonical, and below them user space, which is empty.",
		draw: memoryMap,
	},
	{
		Name: "physical-map", Title: "Physical memory as the boot loader describes it",
		Alt: "The ranges of physical memory from address 0 upwards with their sizes: usable memory below and above 1 MiB, and between and above " +
			"them what the firmware has reserved.",
		Live: true, draw: physicalMap,
	},
	{
		Name: "multiboot-image", Title: "The image: one ELF32 of two programs",
		Alt: "The loadable segments of the built image from low to high physical addresses: code, constants and data of the 32-bit stub from 1 MiB on, " +
			"then code, constants and data of the Go kernel from 2 MiB on.",
		Live: true, draw: multibootImage,
	},
	{
		Name: "heap-arenas", Title: "The Go heap's address space",
		Alt:  "From the heap's base upwards the heap takes arenas of 4 MiB: those at the beginning are mapped with frames, the rest of 507 GiB is only addresses.",
		Live: true, draw: heapArenas,
	},
	{
		Name: "frame-bitmap", Title: "The states of physical frames",
		Alt:  "Each square is 128 KiB of physical memory, from address 0 on, row by row: free, in use, partly in use, or reserved for the kernel image and the firmware.",
		Live: true, draw: frameBitmap,
	},
}

func memoryMap(c *canvas, s *Sources) (int, error) {
	k, err := s.values("mm", "UserEnd", "DirectMapBase", "WindowBase", "HeapBase", "HeapEnd", "ImageBase")
	if err != nil {
		return 0, err
	}
	rows := []struct {
		class, name, note string
		from              uint64
		high              int
	}{
		{"hot", "kernel image", "code r-x, constants r--, data rw-", k[5], 50},
		{"gap", "above the heap", "the runtime's g0 stack", k[4], 34},
		{"calm", "Go heap", "mapped as it grows", k[3], 60},
		{"cool", "kernel window", "stacks with guard pages, device windows", k[2], 44},
		{"box", "direct map", "physical address 0 and up; never executable", k[1], 70},
		{"gap", "not canonical", "the processor refuses these addresses", k[0], 60},
		{"gap", "user space", "of the current process; the kernel's is empty", 0, 60},
	}
	y := 36
	c.text("small soft", 20, y-8, "ffffffffffffffff")
	for _, r := range rows {
		c.label(r.class, "bold", 190, y, 170, r.high, "%s", r.name)
		c.text("", 376, y+r.high/2+5, "%s", r.note)
		y += r.high
		c.text("mono", 20, y-2, "%016x", r.from)
	}
	return y + 24, nil
}

func physicalMap(c *canvas, s *Sources) (int, error) {
	lines, err := s.Ask("boot")
	if err != nil {
		return 0, err
	}
	ranges, err := matches(lines, `^([0-9a-f]{16})  ([0-9a-f]{16}) +(\d.*?B)  (\S.*)$`)
	if err != nil {
		return 0, err
	}
	y := 34
	var last uint64
	for _, r := range ranges {
		from, _ := strconv.ParseUint(r[0], 16, 64)
		to, _ := strconv.ParseUint(r[1], 16, 64)
		if from != last {
			c.label("gap", "soft small", 190, y, 170, 24, "nothing, or devices")
			y += 24
		}
		high, class := 36, "box"
		if r[3] == "usable" {
			class = "calm"
			if parseSize(r[2]) >= 16<<20 {
				high = 90
			}
		}
		c.label(class, "bold", 190, y, 170, high, "%s", r[3])
		c.text("mono", 20, y+14, "%x", from)
		c.text("", 376, y+high/2+5, "%s", r[2])
		y += high
		last = to + 1
	}
	return y + 20, nil
}

func multibootImage(c *canvas, s *Sources) (int, error) {
	f, err := elf.Open(s.Image)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	c.text("soft small", 20, 28, "physical address")
	y := 36
	stub := ""
	for _, p := range f.Progs {
		if p.Type != elf.PT_LOAD {
			continue
		}
		part, class, high := "32-bit stub", "cool", 30
		if p.Paddr >= 0x20_0000 {
			part, class, high = "Go kernel", "hot", 56
		}
		if part != stub && stub != "" {
			c.label("gap", "soft small", 130, y, 210, 22, "not loaded")
			y += 22
		}
		what := "data"
		switch {
		case p.Flags&elf.PF_X != 0:
			what = "code"
		case p.Flags&elf.PF_W == 0:
			what = "constants"
		}
		rights := "r" + map[bool]string{true: "w", false: "-"}[p.Flags&elf.PF_W != 0] + map[bool]string{true: "x", false: "-"}[p.Flags&elf.PF_X != 0]
		c.text("mono", 20, y+16, "%#x", p.Paddr)
		c.label(class, "", 130, y, 210, high, "%s: %s", part, what)
		c.text("mono", 356, y+high/2+5, "%s  %d KiB in the file, %d in memory", rights, (p.Filesz+1023)/1024, (p.Memsz+1023)/1024)
		y += high
		stub = part
	}
	c.text("", 20, y+28, "entry point %#x: in the stub, in 32-bit protected mode", f.Entry)
	return y + 48, nil
}

func heapArenas(c *canvas, s *Sources) (int, error) {
	k, err := s.values("mm", "HeapBase", "HeapEnd")
	if err != nil {
		return 0, err
	}
	log, err := s.value("boot/goos", "LogHeapArenaBytes")
	if err != nil {
		return 0, err
	}
	lines, err := s.Ask("maps")
	if err != nil {
		return 0, err
	}
	runs, err := matches(lines, `^(ffffff[89a-f][0-9a-f]{9})  [0-9a-f]{16} +(\S+ .iB)  rw- *$`)
	if err != nil {
		return 0, err
	}
	mapped := 0.0
	for _, r := range runs {
		mapped += parseSize(r[1])
	}
	arena := uint64(1) << log
	c.text("bold", 20, 32, "%s mapped in arenas of %d MiB, of %d GiB of addresses", size(mapped), arena>>20, (k[1]-k[0])>>30)
	const n = 6
	for i := range n {
		x, y := 20+i*104, 50
		part := min(1, max(0, (mapped-float64(uint64(i)*arena))/float64(arena)))
		c.box("gap", x, y, 104, 60)
		c.box("calm", x, y, int(104*part), 60)
		c.text("mono small", x, y+80, "%x", (k[0]+uint64(i)*arena)&0xffff_ffff)
	}
	c.text("bold", 20+n*104+10, 86, "...")
	c.text("mono small", 20, 160, "%016x is the heap's base, %016x its end", k[0], k[1])
	c.label("calm", "small", 20, 176, 130, 24, "frames are mapped")
	c.label("gap", "small", 160, 176, 130, 24, "addresses only")
	return 220, nil
}

// size writes a number of bytes.
func size(bytes float64) string { return fmt.Sprintf("%.1f MiB", bytes/(1<<20)) }

// rowsOfFrames is how many rows of the kernel's map are shown.
const rowsOfFrames = 8

func frameBitmap(c *canvas, s *Sources) (int, error) {
	lines, err := s.Ask("frames")
	if err != nil {
		return 0, err
	}
	rows, err := matches(lines, `^ *([0-9a-f]+)  ([.+#xX ]{60,64})$`)
	if err != nil {
		return 0, err
	}
	classes := map[rune]string{'.': "cell", '+': "cool", '#': "hot", 'x': "cool", 'X': "box"}
	y := 26
	for _, r := range rows[:min(rowsOfFrames, len(rows))] {
		c.text("mono small end", 96, y+10, "%s", r[0])
		for i, state := range r[1] {
			if class := classes[state]; class != "" {
				c.box(class, 106+i*10, y, 9, 12)
			}
		}
		y += 20
	}
	x := 106
	for _, k := range []struct{ class, text string }{{"cell", "free"}, {"cool", "partly"}, {"hot", "in use"}, {"box", "reserved"}} {
		c.box(k.class, x, y+10, 9, 12)
		c.text("small", x+16, y+21, "%s", k.text)
		x += 110
	}
	return y + 40, nil
}
