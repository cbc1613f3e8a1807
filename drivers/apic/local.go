package apic

import (
	"vitrine/drivers/mmio"
	"vitrine/mm"
)

// Local is the local APIC of whichever processor uses it.
type Local struct {
	msr   MSR
	space mmio.Space
	x2    bool
}

// Addr returns where this processor's registers are in physical memory, when
// they are in memory.
func Addr(msr MSR) mm.PhysAddr { return mm.PhysAddr(msr.Read(msrBase) & basePage) }

// IsBoot tells whether the processor that runs this is the one that the
// firmware ran on.
func IsBoot(msr MSR) bool { return msr.Read(msrBase)&baseBoot != 0 }

// NewLocal returns the local APIC, to be reached through MSRs if x2APIC says so
// and the processor can, else through space, the page at Addr. If the firmware
// has chosen x2APIC already, that stays: there may be processors that cannot be
// reached otherwise. It changes nothing yet; each processor calls Enable.
//
// Errors:  ErrAbsent, ErrDisabled.
// Context: any; does not allocate.
func NewLocal(f Features, msr MSR, space mmio.Space, x2APIC bool) (Local, error) {
	if !f.Present {
		return Local{}, ErrAbsent
	}
	base := msr.Read(msrBase)
	if base&baseEnable == 0 {
		return Local{}, ErrDisabled
	}
	return Local{msr: msr, space: space, x2: f.X2APIC && (x2APIC || base&baseExtend != 0)}, nil
}

// read and write reach one of the registers of 32 bits.
func (l *Local) read(r register) uint32 {
	if l.x2 {
		return uint32(l.msr.Read(msrX2APIC + uint32(r)>>4))
	}
	return l.space.Load32(uint64(r))
}

func (l *Local) write(r register, v uint32) {
	if l.x2 {
		l.msr.Write(msrX2APIC+uint32(r)>>4, uint64(v))
		return
	}
	l.space.Store32(uint64(r), v)
}

// X2APIC tells whether the registers are MSRs.
func (l *Local) X2APIC() bool { return l.x2 }

// Enable switches the controller of this processor on, with every local source
// masked, no errors, and nothing too unimportant to be let through. A spurious
// interrupt, one that went away before the processor looked, comes as vector
// spurious and must not be ended. (Older controllers want its low four bits
// set: 0xff.)
//
// Context: interrupts off; on each processor once; does not allocate.
func (l *Local) Enable(spurious uint8) {
	base := l.msr.Read(msrBase)
	if l.x2 && base&baseExtend == 0 {
		l.msr.Write(msrBase, base|baseEnable|baseExtend)
	}
	l.write(regSpurious, spuriousEnable|uint32(spurious)) // first: while off, all LVTs stay masked
	l.maskAll()
	l.write(regTimerInitial, 0)
	l.write(regPriority, 0)
	l.Errors()
}

// maskAll masks every entry of the local vector table that there is.
func (l *Local) maskAll() {
	n := l.Version().Entries
	for _, e := range [...]struct {
		least int // how many entries a controller with this one has
		reg   register
	}{{1, regLVTTimer}, {2, regLVTInput0}, {3, regLVTInput1}, {4, regLVTError}, {5, regLVTCounter}, {6, regLVTThermal}, {7, regLVTMachine}} {
		if n >= e.least {
			l.write(e.reg, uint32(MaskedLVT))
		}
	}
}

// Disable switches the controller of this processor off, in software: it lets
// no interrupt through, but still takes INIT and STARTUP.
//
// Context: interrupts off.
func (l *Local) Disable() {
	l.maskAll()
	l.write(regSpurious, l.read(regSpurious)&^spuriousEnable)
}

// ID returns the name of this processor, to which messages are sent. It is what
// ACPI's MADT calls it, too.
func (l *Local) ID() uint32 {
	if l.x2 {
		return l.read(regID)
	}
	return l.read(regID) >> 24
}

// Version is what a controller says about itself (SDM Vol. 3A, "Local APIC
// Version Register").
type Version struct {
	Number  uint8 // 0x10 and more: part of the processor
	Entries int   // of the local vector table
	Quiet   bool  // it can keep the end of an interrupt from the I/O APICs
}

// Version returns it.
func (l *Local) Version() Version {
	v := l.read(regVersion)
	return Version{Number: uint8(v), Entries: int(v>>16&0xff) + 1, Quiet: v>>24&1 != 0}
}

// EndOfInterrupt lets the next interrupt of the same or a lower urgency through.
// Every handler of a vector that this controller delivered calls it, but for
// spurious interrupts, NMI and INIT.
//
// Context: a handler. One store.
func (l *Local) EndOfInterrupt() { l.write(regEOI, 0) }
