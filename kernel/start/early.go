//go:build tamago

package start

import (
	"vitrine/boot/multiboot"
	"vitrine/interrupts"
	"vitrine/kernel/clock"
	"vitrine/kernel/cpu"
	"vitrine/kernel/log"
	"vitrine/kernel/thread"
	"vitrine/mm"
)

// What entry has saved.
var (
	entryTSC  uint64
	bootMagic uint32
	bootInfo  uint32

	trampolineStart uint32
	trampolineEnd   uint32
)

// Trampoline is the code at which other processors begin (boot/trampoline.S),
// copied out of the stub's memory; TrampolineLen is its length.
var (
	Trampoline    [256]byte
	TrampolineLen int
)

// earlyG stands for a goroutine until the runtime has made one.
//
//lint:ignore U1000 entry_amd64.s uses it
var earlyG [64]uintptr

// earlyTLS is where earlyG is found.
//
//lint:ignore U1000 entry_amd64.s uses it
var earlyTLS [2]uintptr

// earlyStack serves all interrupt stacks until there are pages for better ones.
var earlyStack [8192]byte

// Info is the boot information, copied out of the loader's memory.
var Info multiboot.Info

// early prepares everything that the runtime takes for granted.
//
// Context: see the package documentation; interrupts off, on the stub's stack.
//
//lint:ignore U1000 entry_amd64.s calls it
func early() {
	log.Now = clock.Uptime
	log.InterruptsOff, log.InterruptsRestore = cpu.DisableInterrupts, cpu.SetFlags
	startSerial()
	startTables()
	enableFeatures()
	if err := Info.Decode(bootMagic, mm.PhysAddr(bootInfo), physical{}); err != nil {
		Die("boot information", err)
	}
	readOptions()
	if code, ok := Physical.Bytes(mm.PhysAddr(trampolineStart), uint64(trampolineEnd-trampolineStart)); ok {
		TrampolineLen = copy(Trampoline[:], code)
	}
	startFrames()
	startSpace()
	startStacks()
	thread.Init(&interrupts.CPUs[0], interrupts.Pending())
}

// startTables loads the descriptor tables, so that from here on a mistake
// makes a report and not a triple fault.
func startTables() {
	top := mm.VirtAddr(addressOf(&earlyStack)) + mm.VirtAddr(len(earlyStack))
	for n := 1; n <= interrupts.Stacks; n++ {
		interrupts.CPUs[0].TSS.SetStack(n, top.AlignDown(64))
	}
	interrupts.SetHooks(&interrupts.Hooks{Fatal: fatal})
	interrupts.CPUs[0].Start()
}

// Features says what the processor has of what the kernel uses where present.
var Features struct {
	HugePages bool // pages of 1 GiB
	CR4       uint64
}

// Bits of CR4 (SDM Vol. 3A, "Control Registers").
const (
	cr4MCE  uint64 = 1 << 6  // a machine check is an exception; without, it resets the machine
	cr4PGE  uint64 = 1 << 7  // global pages
	cr4UMIP uint64 = 1 << 11 // ring 3 cannot read the descriptor-table registers
	cr4SMEP uint64 = 1 << 20 // ring 0 does not execute ring 3's pages
	cr4SMAP uint64 = 1 << 21 // ring 0 does not touch ring 3's pages
)

// enableFeatures switches on what the processor has. Without AVX's XSAVE the
// Go runtime uses SSE only, and FXSAVE suffices in interrupts.
func enableFeatures() {
	last, _, _, _ := cpu.CPUID(0, 0)
	_, _, _, d := cpu.CPUID(1, 0)
	cr4 := cpu.CR4()
	if d>>7&1 != 0 {
		cr4 |= cr4MCE
	}
	if d>>13&1 != 0 {
		cr4 |= cr4PGE
	}
	if last >= 7 {
		_, b, c, _ := cpu.CPUID(7, 0)
		if b>>7&1 != 0 {
			cr4 |= cr4SMEP
		}
		if b>>20&1 != 0 {
			cr4 |= cr4SMAP
		}
		if c>>2&1 != 0 {
			cr4 |= cr4UMIP
		}
	}
	cpu.SetCR4(cr4)
	Features.CR4 = cr4
	SetMemoryTypes()
	if last, _, _, _ := cpu.CPUID(0x8000_0000, 0); last >= 0x8000_0001 {
		_, _, _, d := cpu.CPUID(0x8000_0001, 0)
		Features.HugePages = d>>26&1 != 0
	}
}
