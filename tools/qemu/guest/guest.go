// Package guest makes the smallest programs that a machine can boot, for tests
// of what runs machines.
//
// Each is a flat file with a Multiboot 1 header that says where it goes
// (Multiboot Specification, "The address fields of Multiboot header"), and a
// few bytes of 32-bit code.
package guest

import "encoding/binary"

const (
	loadAt     = 0x100000
	headerSize = 32
	magic      = 0x1BADB002
	hasAddress = 1 << 16
)

// Entry is the physical address of a guest's first instruction.
const Entry = loadAt + headerSize

// Flat returns a bootable file that runs code, with interrupts off and paging
// off, at address Entry.
func Flat(code []byte) []byte {
	end := uint32(loadAt + headerSize + len(code))
	var b []byte
	for _, w := range []uint32{
		magic, hasAddress, ^uint32(magic+hasAddress) + 1,
		loadAt, loadAt, end, end + 4096, Entry,
	} {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return append(b, code...)
}

// Exit writes a value to isa-debug-exit.
func Exit(value byte) []byte {
	return Flat([]byte{
		0xb0, value, // movb $value, %al
		0xe6, 0xf4, // outb %al, $0xf4
		0xeb, 0xfe, // jmp .
	})
}

// Spin runs for ever.
func Spin() []byte { return Flat([]byte{0xeb, 0xfe}) }

// Sleep halts for ever.
func Sleep() []byte {
	return Flat([]byte{
		0xf4,       // hlt
		0xeb, 0xfd, // jmp .-1
	})
}

// Reset asks the keyboard controller to reset the machine.
func Reset() []byte {
	return Flat([]byte{
		0xb0, 0xfe, // movb $0xfe, %al
		0xe6, 0x64, // outb %al, $0x64
		0xeb, 0xfe, // jmp .
	})
}

// PowerOff writes "sleep state 5" to the power management port, where the
// firmware of QEMU's pc puts it.
func PowerOff() []byte {
	return Flat([]byte{
		0x66, 0xba, 0x04, 0x06, // movw $0x604, %dx
		0x66, 0xb8, 0x00, 0x20, // movw $0x2000, %ax
		0x66, 0xef, // outw %ax, %dx
		0xeb, 0xfe, // jmp .
	})
}

// TripleFault loads an empty interrupt table and executes an undefined
// instruction, which lies at address Entry + FaultOffset.
func TripleFault() []byte {
	return Flat([]byte{
		0x0f, 0x01, 0x1d, 0x30, 0x00, 0x10, 0x00, // lidt 0x100030
		0x90,       // nop
		0x0f, 0x0b, // ud2
		0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, // at 0x100030: the empty table
	})
}

// Die tells pvpanic that its kernel has died and, when it may go on, ends with
// status 9. QEMU looks at a jump whether a processor is to stop.
func Die() []byte {
	return Flat([]byte{
		0x66, 0xba, 0x05, 0x05, // movw $0x505, %dx
		0xb0, 0x01, // movb $1, %al
		0xee,       // outb %al, %dx
		0xeb, 0x00, // jmp .+2
		0xb0, 0x09, // movb $9, %al
		0xe6, 0xf4, // outb %al, $0xf4
		0xeb, 0xfe, // jmp .
	})
}

// FaultOffset is where TripleFault faults.
const FaultOffset = 8

// Echo writes '>' to COM1 when it is ready, sends back what COM1 receives, and
// ends with status 7 on a '.'.
func Echo() []byte {
	return Flat([]byte{
		0x66, 0xba, 0xf8, 0x03, // movw $0x3f8, %dx
		0xb0, 0x3e, // movb $'>', %al
		0xee,       // outb %al, %dx
		0xb2, 0xfd, // wait: movb $0xfd, %dl
		0xec,       // inb %dx, %al
		0xa8, 0x01, // testb $1, %al
		0x74, 0xf9, // jz wait
		0xb2, 0xf8, // movb $0xf8, %dl
		0xec,       // inb %dx, %al
		0xee,       // outb %al, %dx
		0x3c, 0x2e, // cmpb $'.', %al
		0x75, 0xf1, // jne wait
		0xb2, 0xfd, // movb $0xfd, %dl
		0xec,       // full: inb %dx, %al
		0xa8, 0x40, // testb $0x40, %al: transmitter empty
		0x74, 0xfb, // jz full
		0xb0, 0x07, // movb $7, %al
		0xe6, 0xf4, // outb %al, $0xf4
	})
}

// Flood writes n kibibytes to COM1, the bytes 0 to 255 over and over, then
// ends with status 0.
func Flood(n uint32) []byte {
	code := []byte{0xb9} // movl $n*1024, %ecx
	code = binary.LittleEndian.AppendUint32(code, n<<10)
	return Flat(append(code,
		0x31, 0xdb, // xorl %ebx, %ebx
		0x66, 0xba, 0xfd, 0x03, // next: movw $0x3fd, %dx
		0xec,       // busy: inb %dx, %al
		0xa8, 0x20, // testb $0x20, %al: room in the transmitter
		0x74, 0xfb, // jz busy
		0xb2, 0xf8, // movb $0xf8, %dl
		0x88, 0xd8, // movb %bl, %al
		0xee,       // outb %al, %dx
		0x43,       // incl %ebx
		0x49,       // decl %ecx
		0x75, 0xee, // jnz next
		0xb2, 0xfd, // movb $0xfd, %dl
		0xec,       // full: inb %dx, %al
		0xa8, 0x40, // testb $0x40, %al: transmitter empty
		0x74, 0xfb, // jz full
		0xb0, 0x00, // movb $0, %al
		0xe6, 0xf4, // outb %al, $0xf4
	))
}

// Letters fills the top of the VGA text screen with the given text, light on
// blue, and halts.
func Letters(text string) []byte {
	var code []byte
	for i := range len(text) {
		code = append(code, 0x66, 0xc7, 0x05) // movw $cell, 0xb8000+2*i
		code = binary.LittleEndian.AppendUint32(code, 0xb8000+2*uint32(i))
		code = append(code, text[i], 0x1f)
	}
	return Flat(append(code, 0xf4, 0xeb, 0xfd))
}

// Scancodes writes '>' to COM1 when it is ready, then each byte that comes
// from the keyboard controller.
func Scancodes() []byte {
	return Flat([]byte{
		0x66, 0xba, 0xf8, 0x03, // movw $0x3f8, %dx
		0xb0, 0x3e, // movb $'>', %al
		0xee,       // send: outb %al, %dx
		0xe4, 0x64, // wait: inb $0x64, %al
		0xa8, 0x01, // testb $1, %al
		0x74, 0xfa, // jz wait
		0xe4, 0x60, // inb $0x60, %al
		0xeb, 0xf5, // jmp send
	})
}
