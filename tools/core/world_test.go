package core

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// world is a small machine in the making: memory, page tables, processors.
type world struct {
	t      testing.TB
	ram    []byte // from physical address 0
	next   uint64 // the next free page
	cr3    uint64
	cpus   []CPU
	device bool // also memory of a device's, at deviceStart
}

const deviceStart = 0xfd00_0000

// newWorld returns a machine with so many pages of memory, of which the first
// is left alone.
func newWorld(t testing.TB, pages int) *world {
	w := &world{t: t, ram: make([]byte, pages*pageSize), next: pageSize}
	w.cr3 = w.page()
	return w
}

// page takes a page that nobody has.
func (w *world) page() uint64 {
	p := w.next
	w.next += pageSize
	require.LessOrEqual(w.t, w.next, uint64(len(w.ram)), "the test needs more pages")
	return p
}

// put stores a word at a physical address.
func (w *world) put(a, v uint64) { binary.LittleEndian.PutUint64(w.ram[a:], v) }

func (w *world) get(a uint64) uint64 { return binary.LittleEndian.Uint64(w.ram[a:]) }

// mapPage maps the page of 1<<shift bytes at virt to phys, with these bits in
// its entry besides.
func (w *world) mapPage(virt, phys uint64, shift uint, bits uint64) {
	table := w.cr3
	for level := uint(39); level > shift; level -= 9 {
		at := table + virt>>level&511*8
		if w.get(at) == 0 {
			w.put(at, w.page()|present|writable)
		}
		table = w.get(at) & tableAddress
	}
	if shift > 12 {
		bits |= largePage
	}
	w.put(table+virt>>shift&511*8, phys|bits|present)
}

// store writes data at a virtual address, in new pages where there are none.
func (w *world) store(virt uint64, data []byte) {
	for len(data) > 0 {
		n := min(uint64(len(data)), pageSize-virt%pageSize)
		copy(w.ram[w.physical(virt):], data[:n])
		data, virt = data[n:], virt+n
	}
}

// physical returns where virt is mapped to.
func (w *world) physical(virt uint64) uint64 {
	table := w.cr3
	for level := uint(39); level > 12; level -= 9 {
		if table = w.get(table+virt>>level&511*8) & tableAddress; table == 0 {
			break
		}
	}
	e := uint64(0)
	if table != 0 {
		e = w.get(table+virt>>12&511*8) & tableAddress
	}
	if e == 0 {
		e = w.page()
		w.mapPage(virt&^(pageSize-1), e, 12, writable)
	}
	return e + virt%pageSize
}

// cpu adds a processor.
func (w *world) cpu(change func(c *CPU)) {
	c := CPU{Version: 1, Size: uint32(binary.Size(CPU{})), CR: [5]uint64{0: cr0Paging | 1, 3: w.cr3}}
	change(&c)
	w.cpus = append(w.cpus, c)
}

// dump returns what QEMU would write.
func (w *world) dump() []byte {
	var notes bytes.Buffer
	for i := range w.cpus {
		note(&notes, elf.NT_PRSTATUS, prStatus{}) // not what we look at
		binary.Write(&notes, binary.LittleEndian, [3]uint32{5, uint32(binary.Size(CPU{})), 0})
		notes.WriteString("QEMU\x00\x00\x00\x00")
		binary.Write(&notes, binary.LittleEndian, w.cpus[i])
	}
	blocks := []elf.Prog64{{Type: uint32(elf.PT_LOAD), Filesz: uint64(len(w.ram)), Memsz: uint64(len(w.ram))}}
	data := [][]byte{w.ram}
	if w.device {
		b := bytes.Repeat([]byte{0xdd}, pageSize)
		blocks = append(blocks, elf.Prog64{Type: uint32(elf.PT_LOAD), Paddr: deviceStart, Filesz: pageSize, Memsz: pageSize})
		data = append(data, b)
	}
	at := uint64(64 + 56*(len(blocks)+1))
	headers := []elf.Prog64{{Type: uint32(elf.PT_NOTE), Off: at, Filesz: uint64(notes.Len())}}
	at += uint64(notes.Len())
	for i := range blocks {
		blocks[i].Off = at
		at += blocks[i].Filesz
	}
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_CORE), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: uint16(len(blocks) + 1),
	})
	binary.Write(&b, binary.LittleEndian, append(headers, blocks...))
	b.Write(notes.Bytes())
	for _, d := range data {
		b.Write(d)
	}
	return b.Bytes()
}

// machine reads the dump back.
func (w *world) machine() *Machine {
	m, err := ReadDump(bytes.NewReader(w.dump()))
	require.NoError(w.t, err)
	return m
}

// testSource is a program that has the kernel's variables, with fields as they
// are there.
var testSource = map[string]string{
	"go.mod": "module vitrine\n\ngo 1.26\n",
	"interrupts/i.go": `package interrupts
type Frame struct {
	R15, R14, R13, R12, R11, R10, R9, R8 uint64
	BP, DI, SI, DX, CX, BX, AX, Vector, Error, IP, CS, Flags, SP, SS uint64
}
type CPU struct { self uintptr; stopped Frame; stoppedG uintptr }
var CPUs [4]CPU
func Use() { CPUs[0].self++ }
`,
	"kernel/crash/c.go": `package crash
import "vitrine/interrupts"
var (
	Text [64]byte
	TextLen int
)
type Reporter struct { frame interrupts.Frame; g uintptr; panics, noFrame bool; next int }
func (r *Reporter) Use() { r.next += TextLen + int(Text[TextLen]) }
`,
	"kernel/start/s.go": `package start
import "vitrine/kernel/crash"
var (
	dyingCPU uint32
	reporter crash.Reporter
)
func Use() { reporter.Use(); dyingCPU++ }
`,
	"main.go": `package main
import ("vitrine/interrupts"; "vitrine/kernel/start")
func main() { interrupts.Use(); start.Use() }
`,
}

// testKernel returns that program, built.
func testKernel(t *testing.T) *Kernel {
	t.Helper()
	k, err := buildKernel()
	require.NoError(t, err)
	return k
}

var buildKernel = sync.OnceValues(func() (*Kernel, error) {
	dir, err := os.MkdirTemp("", "kernel")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for name, text := range testSource {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	out := filepath.Join(dir, "kernel.elf")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", out, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	return OpenKernel(out)
})

// load puts the kernel's notes and empty variables into memory.
func (w *world) load(k *Kernel) {
	for _, p := range k.identity {
		b := make([]byte, p.Filesz)
		_, err := p.ReadAt(b, 0)
		require.NoError(w.t, err)
		w.store(p.Vaddr, b)
	}
	for _, v := range k.variables {
		w.store(v.address, make([]byte, v.typ.Size()))
	}
}

// set stores a number in a variable, or in one of its parts: a field's name or
// an element's index.
func (w *world) set(k *Kernel, number uint64, name string, path ...any) {
	v := k.variable(nil, name)
	for _, part := range path {
		var err error
		switch part := part.(type) {
		case string:
			v, err = v.field(part)
		case int:
			v, err = v.element(uint64(part))
		}
		require.NoError(w.t, err)
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], number)
	w.store(v.address, b[:v.typ.Size()])
}
