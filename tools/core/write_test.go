package core

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// memoryFile is a file in memory. It has room for limit bytes, if that is not 0.
type memoryFile struct {
	data    []byte
	written int
	limit   int
}

func (f *memoryFile) Truncate(size int64) error {
	f.data = append(f.data, make([]byte, max(0, int(size)-len(f.data)))...)[:size]
	return nil
}

func (f *memoryFile) WriteAt(b []byte, offset int64) (int, error) {
	if f.written += len(b); f.limit > 0 && f.written > f.limit {
		return 0, syscall.ENOSPC
	}
	return copy(f.data[offset:], b), nil
}

// open reads the file as debuggers do.
func (f *memoryFile) open(t *testing.T) *elf.File {
	t.Helper()
	e, err := elf.NewFile(bytes.NewReader(f.data))
	require.NoError(t, err)
	require.Equal(t, elf.ET_CORE, e.Type)
	require.Equal(t, elf.EM_X86_64, e.Machine)
	return e
}

// read returns size bytes of virtual memory.
func read(t *testing.T, e *elf.File, virt uint64, size int) []byte {
	t.Helper()
	for _, p := range e.Progs {
		if p.Type == elf.PT_LOAD && virt >= p.Vaddr && virt < p.Vaddr+p.Filesz {
			b := make([]byte, size)
			_, err := p.ReadAt(b, int64(virt-p.Vaddr))
			require.NoError(t, err)
			return b
		}
	}
	require.FailNow(t, fmt.Sprintf("nothing at %#x", virt))
	return nil
}

func word(t *testing.T, e *elf.File, virt uint64) uint64 {
	t.Helper()
	return binary.LittleEndian.Uint64(read(t, e, virt, 8))
}

// statuses returns the notes of the threads.
func statuses(t *testing.T, e *elf.File) (all []prStatus) {
	t.Helper()
	require.Equal(t, elf.PT_NOTE, e.Progs[0].Type)
	b := make([]byte, e.Progs[0].Filesz)
	_, err := e.Progs[0].ReadAt(b, 0)
	require.NoError(t, err)
	const size = 336 // as on Linux
	for ; len(b) > 0; b = b[20+size:] {
		require.Equal(t, []byte("CORE\x00\x00\x00\x00"), b[12:20])
		require.Equal(t, uint32(size), binary.LittleEndian.Uint32(b[4:]))
		require.Equal(t, uint32(elf.NT_PRSTATUS), binary.LittleEndian.Uint32(b[8:]))
		var p prStatus
		_, err := binary.Decode(b[20:20+size], binary.LittleEndian, &p)
		require.NoError(t, err)
		all = append(all, p)
	}
	return all
}

// core writes a core of w, and opens it.
func (w *world) core(k *Kernel, fault *Fault) (*elf.File, Summary, *memoryFile) {
	w.t.Helper()
	f := &memoryFile{}
	sum, err := Write(f, w.machine(), k, fault)
	require.NoError(w.t, err)
	return f.open(w.t.(*testing.T)), sum, f
}

func TestMemoryIsInTheFileOnceHoweverOftenItIsMapped(t *testing.T) {
	k := testKernel(t)
	w := newWorld(t, 400)
	w.cpu(func(*CPU) {})
	w.load(k)
	const direct, window = 0xffff_8000_0000_0000, 0xffff_ff80_0000_0000
	w.mapPage(direct, 0, 21, writable|noExecute)
	w.mapPage(window, 0x18_0000, 12, writable|noExecute)
	w.put(0x18_0008, 0x1234_5678_9abc_def0)
	e, sum, f := w.core(k, nil)
	require.Equal(t, uint64(0x1234_5678_9abc_def0), word(t, e, direct+0x18_0008))
	require.Equal(t, uint64(0x1234_5678_9abc_def0), word(t, e, window+8))
	at := slices.IndexFunc(e.Progs, func(p *elf.Prog) bool { return p.Vaddr == window })
	require.Equal(t, elf.PF_R|elf.PF_W, e.Progs[at].Flags)
	require.Less(t, len(f.data), len(w.ram)+64<<10)
	require.Less(t, f.written, len(w.ram)/2, "pages of zeros are not written")
	require.Equal(t, Summary{Threads: 1}, sum)
	for i := 2; i < len(e.Progs); i++ {
		require.Less(t, e.Progs[i-1].Vaddr, e.Progs[i].Vaddr, "program headers are in order")
	}
}

// frame is an interrupts.Frame of which each register is another number.
func (w *world) frame(k *Kernel, base uint64, vector uint64, path ...any) {
	name := path[0].(string)
	for i, r := range []string{
		"AX", "BX", "CX", "DX", "SI", "DI", "SP", "BP", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15", "IP", "Flags",
	} {
		w.set(k, base+uint64(i), name, append(slices.Clone(path[1:]), r)...)
	}
	w.set(k, vector, name, append(slices.Clone(path[1:]), "Vector")...)
}

// dead returns a machine with three processors, of which the second has written
// a report, the first was stopped by it, and the third does not take part yet.
func dead(t *testing.T, k *Kernel) *world {
	w := newWorld(t, 400)
	cpus := k.variable(nil, processors)
	second, err := cpus.element(1)
	require.NoError(t, err)
	w.cpu(func(c *CPU) { c.IP, c.GS.Base, c.FS.Base = 0x100, cpus.address, 0x101 })
	w.cpu(func(c *CPU) { c.IP, c.GS.Base, c.FS.Base, c.CR[2] = 0x200, second.address, 0x201, 0x202 })
	w.cpu(func(c *CPU) { c.IP, c.FS.Base = 0x300, 0x301 })
	w.load(k)
	w.set(k, 2, dyingCPU)
	w.set(k, 7, reporter, "next")
	w.frame(k, 0x2000, 14, reporter, "frame")
	w.set(k, 0x2222, reporter, "g")
	w.frame(k, 0x1000, 2, processors, 0, "stopped")
	w.set(k, 0x1111, processors, 0, "stoppedG")
	said := "panic: oh\n\x1b[41m *** KERNEL STOPPED ***\x1b[0m\nof this\n"
	w.store(k.variables[text].address, []byte(said))
	w.set(k, uint64(len(said)), textLen)
	return w
}

func TestADeadKernelsThreadsAreWhatWasInterrupted(t *testing.T) {
	k := testKernel(t)
	e, sum, _ := dead(t, k).core(k, nil)
	require.Equal(t, Summary{
		Threads: 3, Died: true, IP: 0x2010,
		Report: []string{"panic: oh", "*** KERNEL STOPPED ***", "of this"},
	}, sum)
	threads := statuses(t, e)
	require.Len(t, threads, 3)
	died, stopped, absent := threads[0], threads[1], threads[2]
	require.Equal(t, []int32{2, 1, 3}, []int32{died.PID, stopped.PID, absent.PID})
	require.Equal(t, int32(sigSEGV), died.Signal)
	require.Equal(t, []uint64{0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x200f, 0x2010, 0x2011},
		[]uint64{died.AX, died.BX, died.CX, died.DX, died.SI, died.DI, died.SP, died.BP, died.R15, died.IP, died.Flags})
	require.Equal(t, uint64(0x1010), stopped.IP)
	require.Equal(t, uint64(0x300), absent.IP)

	// Go looks for the current goroutine below the FS base.
	require.Equal(t, uint64(0x2222), word(t, e, died.FSBase-8))
	require.Equal(t, uint64(0x1111), word(t, e, stopped.FSBase-8))
	require.Equal(t, uint64(0x301), absent.FSBase)

	// What the notes have no place for.
	require.Equal(t, []byte("VITRINE\x00"), read(t, e, extraBase, 8))
	require.Equal(t, uint64(3), word(t, e, extraBase+8))
	var r extraRecord
	require.Equal(t, extraRecordSize, binary.Size(r))
	_, err := binary.Decode(read(t, e, died.FSBase-8, extraRecordSize), binary.LittleEndian, &r)
	require.NoError(t, err)
	require.Equal(t, []uint64{2, 1, 0x202, 0x201, 0x200}, []uint64{r.Thread, r.Inside, r.CR2, r.FSBase, r.Own.IP})
}

// A goroutine's stack may have moved since the exception, to a larger place.
func TestAStackThatHasMovedIsFollowed(t *testing.T) {
	k := testKernel(t)
	w := dead(t, k)
	const old, now, system = 0xffff_ff80_0000_0700, 0xffff_ff80_0001_0f00, 0xffff_ff80_0002_0100
	words := func(at uint64, numbers ...uint64) {
		for i, n := range numbers {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], n)
			w.store(at+8*uint64(i), b[:])
		}
	}
	w.set(k, 1, reporter, "panics")
	w.set(k, old, reporter, "frame", "SP")
	w.set(k, old+0x10, reporter, "frame", "BP")
	w.set(k, old+0x100, reporter, "frame", "R8") // the end
	w.set(k, old+0x101, reporter, "frame", "R9")
	w.set(k, old-8, reporter, "frame", "R10")
	const g = 0xffff_ff80_0003_0000
	w.set(k, g, reporter, "g")
	words(g, now-0x800, now+0x100)
	w.cpus[1].BP = system
	words(system, system+0x20, 0x4444)
	words(system+0x20, now-0x10, 0x5555) // to the goroutine's stack
	words(now-0x10, now+0x10, 0x2010)    // sigpanic's, to the instruction at fault
	e, _, _ := w.core(k, nil)
	died := statuses(t, e)[0]
	require.Equal(t, []uint64{0x2010, now, now + 0x10, now + 0x100, old + 0x101, old - 8, 0x2000},
		[]uint64{died.IP, died.SP, died.BP, died.R8, died.R9, died.R10, died.AX})
}

// A Go panic that is no exception has no frame.
func TestAPanicIsWhereTheProcessorStands(t *testing.T) {
	k := testKernel(t)
	w := dead(t, k)
	w.set(k, 1, reporter, "noFrame")
	e, sum, _ := w.core(k, nil)
	require.True(t, sum.Died)
	died := statuses(t, e)[0]
	require.Equal(t, []uint64{0x200, 0x201}, []uint64{died.IP, died.FSBase})
	require.Equal(t, int32(sigABRT), died.Signal)
}

func TestATripleFaultIsFirst(t *testing.T) {
	k := testKernel(t)
	w := newWorld(t, 400)
	w.cpu(func(c *CPU) { c.IP, c.SP = 0x100, 0x101 })
	w.cpu(func(c *CPU) { c.IP, c.SP = 0x200, 0x201 })
	w.load(k)
	e, sum, _ := w.core(k, &Fault{IP: 0x200, SP: 0x201, Vector: 6})
	require.Equal(t, Summary{Threads: 2, Died: true, IP: 0x200}, sum)
	require.Equal(t, int32(2), statuses(t, e)[0].PID)
	require.Equal(t, int32(sigILL), statuses(t, e)[1].Signal, "debuggers take the signal from any thread")
}

func TestAnotherKernelIsRefused(t *testing.T) {
	k := testKernel(t)
	w := dead(t, k)
	w.store(k.identity[0].Vaddr+20, []byte("another"))
	_, err := Write(&memoryFile{}, w.machine(), k, nil)
	require.NoError(t, err, "the processor stands below the kernel's half: the kernel does not run yet")
	const code = 0xffff_ffff_8000_0000
	w.mapPage(code, 0, 12, 0)
	w.cpus[0].IP = code
	_, err = Write(&memoryFile{}, w.machine(), k, nil)
	require.ErrorIs(t, err, ErrOtherKernel)
}

func TestAMachineInItsFirmwareHasThreadsOnly(t *testing.T) {
	k := testKernel(t)
	w := newWorld(t, 16)
	w.cpu(func(c *CPU) { c.IP, c.CR[0] = 0xfff0, 0 })
	w.put(0x2000, 42)
	e, sum, _ := w.core(k, nil)
	require.Equal(t, Summary{Threads: 1, IP: 0xfff0, Early: true}, sum)
	require.Equal(t, uint64(42), word(t, e, 0x2000))
}

func TestAFullDiskIsAnError(t *testing.T) {
	k := testKernel(t)
	w := dead(t, k)
	_, err := Write(&memoryFile{limit: 20000}, w.machine(), k, nil)
	require.True(t, errors.Is(err, syscall.ENOSPC), err)
}
