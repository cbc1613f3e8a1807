package apic

import "vitrine/mm"

// Interrupt command register: a message to other processors (SDM Vol. 3A,
// "Interrupt Command Register (ICR)"):
//
//	 63  xAPIC  56 55   20 19 18   15      14     12     11      10  8 7      0
//	| destination |       | who  | level | assert | sent? | logical | kind | vector |
//	 63         x2APIC        32
//
// In xAPIC mode, it is two registers: the destination is written first, and
// the write of the other one sends. So an interrupt whose handler sends, too,
// must not come in between.
const (
	commandSent   uint64 = 1 << 12 // not yet delivered; xAPIC only
	commandAssert uint64 = 1 << 14
	commandSelf   uint64 = 1 << 18
	commandOthers uint64 = 3 << 18 // all but self
)

// maxPolls bounds the wait for a message to be delivered. A look at the register
// takes some 50 ns, a message less than a microsecond, and an INIT not much more.
const maxPolls = 200_000

// idle waits until the last message has been delivered. In x2APIC mode the
// processor itself takes care of that.
func (l *Local) idle() error {
	if l.x2 {
		return nil
	}
	for range maxPolls {
		if uint64(l.read(regCommand))&commandSent == 0 {
			return nil
		}
	}
	return ErrBusy
}

// send sends a message. Stores before it are seen by who receives it.
func (l *Local) send(destination uint32, command uint64) error {
	if l.x2 {
		l.msr.Fence()
		l.msr.Write(msrX2APIC+uint32(regCommand)>>4, uint64(destination)<<32|command)
		return nil
	}
	if destination > 0xfe {
		return ErrDestination
	}
	if err := l.idle(); err != nil {
		return err
	}
	l.write(regCommandHigh, destination<<24)
	l.write(regCommand, uint32(command))
	return nil
}

// Send raises vector (16 to 255) on the processor whose controller's ID is
// destination. It does not wait for it to arrive, only, up to some 10 ms, for an
// earlier message to have left.
//
// Errors:  ErrVector, ErrDestination, ErrBusy.
// Context: interrupts off; a handler, too; does not allocate.
func (l *Local) Send(destination uint32, vector uint8) error {
	if vector < 16 {
		return ErrVector
	}
	return l.send(destination, commandAssert|uint64(vector))
}

// SendOthers raises vector on all processors but this one: also on those that
// the kernel has not started, which take no notice.
//
// Errors and context as Send.
func (l *Local) SendOthers(vector uint8) error {
	if vector < 16 {
		return ErrVector
	}
	return l.send(0, commandOthers|commandAssert|uint64(vector))
}

// SendSelf raises vector on this processor; it comes as soon as interrupts are
// let in.
//
// Errors and context as Send.
func (l *Local) SendSelf(vector uint8) error {
	switch {
	case vector < 16:
		return ErrVector
	case l.x2:
		l.write(regSelf, uint32(vector))
		return nil
	}
	return l.send(0, commandSelf|commandAssert|uint64(vector))
}

// SendNMI raises a non-maskable interrupt on a processor.
//
// Errors:  ErrDestination, ErrBusy.
// Context: as Send.
func (l *Local) SendNMI(destination uint32) error {
	return l.send(destination, commandAssert|uint64(NMI)<<8)
}

// SendNMIOthers raises a non-maskable interrupt on all processors but this one,
// be an earlier message stuck or not: it is how a kernel that panics stops the
// others.
//
// Context: any, NMI and panics included.
func (l *Local) SendNMIOthers() {
	const command = commandOthers | commandAssert | uint64(NMI)<<8
	if l.send(0, command) == ErrBusy {
		l.write(regCommand, uint32(command))
	}
}

// SendInit resets a processor: it waits for a STARTUP message (SDM Vol. 3A,
// "Multiple-Processor (MP) Initialization"). Wait 10 ms before that.
//
// Errors:  ErrDestination, ErrBusy.
// Context: interrupts off.
func (l *Local) SendInit(destination uint32) error {
	l.Errors()
	if err := l.send(destination, commandAssert|uint64(Init)<<8); err != nil {
		return err
	}
	return l.idle()
}

// SendStartup makes a processor that has been reset run the code at page, a
// multiple of 4 KiB below 1 MiB, in real mode. If it does not within 200
// microseconds, send it once more: one that runs already takes no notice.
//
// Errors:  ErrDestination, ErrBusy, ErrVector if there can be no code at page.
// Context: interrupts off.
func (l *Local) SendStartup(destination uint32, page mm.PhysAddr) error {
	if page >= 1<<20 || page%mm.PageSize != 0 {
		return ErrVector
	}
	l.Errors()
	if err := l.send(destination, commandAssert|uint64(Startup)<<8|uint64(page>>mm.PageShift)); err != nil {
		return err
	}
	return l.idle()
}
