package uart

// The I/O ports at which PCs have always had their serial lines, and the
// interrupt request lines that belong to them.
const (
	COM1 uint16 = 0x3f8
	COM2 uint16 = 0x2f8
	COM3 uint16 = 0x3e8
	COM4 uint16 = 0x2e8

	COM1IRQ = 4 // COM3 too
	COM2IRQ = 3 // COM4 too
)

// Registers, as offsets from the base port (PC16550D data sheet, Table II).
// Two of them change their meaning while divisorLatch is set.
const (
	regData            uint16 = 0 // THR when written, RBR when read
	regDivisorLow      uint16 = 0 // DLL, with divisorLatch
	regInterruptEnable uint16 = 1 // IER
	regDivisorHigh     uint16 = 1 // DLM, with divisorLatch
	regInterruptID     uint16 = 2 // IIR when read
	regFIFOControl     uint16 = 2 // FCR when written
	regLineControl     uint16 = 3 // LCR
	regModemControl    uint16 = 4 // MCR
	regLineStatus      uint16 = 5 // LSR
	regModemStatus     uint16 = 6 // MSR
	regScratch         uint16 = 7 // SCR
)

// Interrupt enable (IER): which events raise the interrupt.
const (
	onReceive    uint8 = 1 << 0 // ERBFI: a byte has come, or has waited too long
	onTransmit   uint8 = 1 << 1 // ETBEI: the transmitter wants more
	onLineStatus uint8 = 1 << 2 // ELSI: an error or a break
)

// nonePending is bit 0 of the IIR: clear while the interrupt is raised.
const nonePending uint8 = 1 << 0

// fifoSetup is what goes to the FCR: both FIFOs on and emptied, interrupt at
// 8 of 16 received bytes. A byte that waits for company for the time of four
// characters raises the interrupt too.
const fifoSetup uint8 = 1<<0 | 1<<1 | 1<<2 | 2<<6

// Line control (LCR).
const (
	format8N1    uint8 = 3      // eight data bits, no parity, one stop bit
	divisorLatch uint8 = 1 << 7 // DLAB: the first two registers are the divisor
)

// Modem control (MCR).
const (
	dataTerminalReady uint8 = 1 << 0
	requestToSend     uint8 = 1 << 1
	outputTwo         uint8 = 1 << 3 // a PC connects the interrupt line with it
	loopback          uint8 = 1 << 4 // the chip talks to itself
)

// lineStatus is the LSR.
type lineStatus uint8

const (
	dataReady     lineStatus = 1 << 0 // DR
	overrunError  lineStatus = 1 << 1 // OE: a byte was lost in the chip
	parityError   lineStatus = 1 << 2 // PE
	framingError  lineStatus = 1 << 3 // FE: no stop bit, often a wrong baud rate
	breakSignal   lineStatus = 1 << 4 // BI: the line was held low
	transmitReady lineStatus = 1 << 5 // THRE: the UART can take a byte
	transmitIdle  lineStatus = 1 << 6 // TEMT: the last bit has left

	// emptyBus is what a port reads as that no device answers at.
	emptyBus lineStatus = 0xff
)
