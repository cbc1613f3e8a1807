//go:build tamago

package commands

import (
	"encoding/binary"
	"runtime"
	"sync/atomic"
	"unsafe"

	"vitrine/interrupts"
	"vitrine/kernel/cpu"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// absentGDT takes the place of the GDT: the same descriptors, and behind them
// one of data that is not present.
var absentGDT [16]uint64

// describeAbsent makes absentGDT the GDT, with interrupts off: this processor
// does not come back.
func describeAbsent() {
	const data = 1<<44 | 1<<41 // a data segment, writable, P clear (SDM Vol. 3A, "Segment Descriptors")
	cpu.DisableInterrupts()
	var op [10]byte
	cpu.StoreGDT(&op)
	n := uint64(binary.LittleEndian.Uint16(op[:])) + 1
	old := mm.VirtAddr(binary.LittleEndian.Uint64(op[2:])).Bytes(n)
	for i := range min(len(old)/8, len(absentGDT)-1) {
		absentGDT[i] = binary.LittleEndian.Uint64(old[8*i:])
	}
	absentGDT[len(absentGDT)-1] = data
	binary.LittleEndian.PutUint16(op[:], uint16(unsafe.Sizeof(absentGDT)-1))
	binary.LittleEndian.PutUint64(op[2:], uint64(uintptr(unsafe.Pointer(&absentGDT))))
	cpu.LoadGDT(&op)
}

// shortenTSS makes the processor's task state end before the last interrupt
// stack that it lists, that of machine checks (SDM Vol. 3A, "Task Management in
// 64-bit Mode"): an event that wants it is then #TS.
func shortenTSS() {
	const (
		lastStack = 36 + 8*(interrupts.StackMachineCheck-1) // its offset
		busy      = 1 << 41                                 // LTR sets it, and refuses a TSS that has it
		limit     = 0xffff
	)
	cpu.DisableInterrupts()
	var op [10]byte
	cpu.StoreGDT(&op)
	selector := cpu.StoreTR()
	at := mm.VirtAddr(binary.LittleEndian.Uint64(op[2:])) + mm.VirtAddr(selector)
	descriptor := (*uint64)(at.Pointer())
	*descriptor = *descriptor&^(busy|limit) | (lastStack - 1)
	cpu.LoadTR(selector)
}

// overflowStack fills the first stack of that name, down into its guard page.
func (m *Machine) overflowStack(name string) {
	for r := range m.Regions.Visit {
		if r.Name == name {
			cpu.DisableInterrupts()
			overflowFrom(uintptr(r.Range.Start) + nearlyFull)
		}
	}
}

// nearlyFull is how many bytes are left of a stack that is about to overflow:
// so few that another processor, which may use that stack, is not disturbed.
const nearlyFull = 512

// userPage is where the kinds below map a page that is a program's.
const userPage = unmapped + mm.PageSize

// userMemory maps a page with these rights there. It stays until cleanUp: a
// report is to find the tables as they were.
func (m *Machine) userMemory(flags paging.Entry) {
	f, err := m.Frames.Alloc()
	if err == nil {
		err = m.Space.Map(userPage, f.Addr(), mm.PageSize, flags, paging.Pages4K)
	}
	if err != nil {
		panic(err)
	}
}

// userEntry returns the page-table entry of userPage, if it is mapped.
func (m *Machine) userEntry() (*paging.Entry, bool) {
	steps, n := m.Space.Walk(userPage)
	last := &steps[n-1]
	return (*paging.Entry)(last.Address.Direct().Pointer()), last.Entry.Has(paging.Present)
}

// cleanUp takes the page back, after a panic that was recovered.
func (m *Machine) cleanUp() {
	entry, ok := m.userEntry()
	if !ok {
		return
	}
	*entry &^= highest
	f := entry.Frame()
	_ = m.Space.Unmap(userPage, mm.PageSize)
	_ = m.Frames.Free(f)
}

func (m *Machine) touchUser() {
	m.userMemory(paging.User | paging.NoExecute)
	touch(userPage)
}

func (m *Machine) executeUser() {
	const ret = 0xc3
	m.userMemory(paging.User)
	entry, _ := m.userEntry()
	entry.Frame().Addr().Direct().Bytes(1)[0] = ret
	callAddress(uintptr(userPage))
}

// highest is the highest bit of an address in a page-table entry, which must be
// 0: no processor has so many yet.
const highest paging.Entry = 1 << 51

func (m *Machine) reservedBit() {
	m.userMemory(paging.NoExecute)
	entry, _ := m.userEntry()
	*entry |= highest
	touch(userPage)
}

// userProgram goes to ring 3 with these flags set, to run code. Behind it stands
// UD2: a program that the processor lets pass ends there.
func (m *Machine) userProgram(flags uintptr, code ...byte) {
	m.userMemory(paging.User)
	entry, _ := m.userEntry()
	copy(entry.Frame().Addr().Direct().Bytes(mm.PageSize), append(code, 0x0f, 0x0b))
	enterUser(uintptr(userPage), uintptr(userPage), flags)
}

// misalign lets a program read 4 bytes at an odd address, although RFLAGS.AC asks
// for aligned ones. Only ring 3 can be held to that.
func (m *Machine) misalign() {
	const ac = 1 << 18
	m.userProgram(ac, 0x8b, 0x05, 1, 0, 0, 0) // MOV EAX, [RIP+1], behind 6 bytes
}

// askForCR0 lets a program execute SMSW, which shows the low half of CR0 to
// anybody, unless UMIP forbids that.
func (m *Machine) askForCR0() {
	m.userProgram(0, 0x0f, 0x01, 0xe0) // SMSW EAX
}

// deafenOthers makes each other processor run a loop with interrupts off. Only an
// NMI reaches them: that is how a report stops them.
func (m *Machine) deafenOthers() {
	var deaf atomic.Int32
	for n := range int32(len(m.CPUs()) - 1) {
		go listenToNobody(&deaf)
		for deaf.Load() <= n {
			runtime.Gosched()
		}
	}
	undefined()
}

// failTogether has all processors execute what is no instruction, when all have
// come. One of them makes the report.
func (m *Machine) failTogether() {
	var here atomic.Int32
	all := int32(len(m.CPUs()))
	for n := range all - 1 {
		go failWithAll(&here, all)
		for here.Load() <= n {
			runtime.Gosched()
		}
	}
	failWithAll(&here, all)
}

//go:noinline
func failWithAll(here *atomic.Int32, all int32) {
	cpu.DisableInterrupts()
	for here.Add(1); here.Load() < all; {
		interrupts.ServeFlush() // those who are not here yet may wait for that
		cpu.Pause()
	}
	undefined()
}

//go:noinline
func listenToNobody(deaf *atomic.Int32) {
	cpu.DisableInterrupts()
	for deaf.Add(1); ; {
		cpu.Pause()
	}
}
