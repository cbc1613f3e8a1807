// Package uart is the serial line: the kernel's first voice and its last.
//
// A 16550 sends and receives a byte at a time over two wires. It needs four
// port writes to set up and one to speak, so it works before there is memory
// and after everything else has died; and a serial line can be piped into a
// file, which is how tests listen to the kernel.
//
//	                 +---------------------+
//	Write -> ring -> | THR -> 16-byte FIFO | -> wire
//	Read  <- ring <- | RBR <- 16-byte FIFO | <- wire
//	                 +---------------------+
//
// Polled asks the chip before each byte: for bring-up and for panics. Port
// lets the chip call: its Interrupt is the top half that empties and fills the
// FIFOs, and rings connect it with the goroutines that Read and Write.
//
// The kernel wires Interrupt to the line's interrupt request; this package
// knows nothing of interrupt controllers. In GDB: break uart.(*Port).Interrupt.
//
// The manual is the PC16550D data sheet (National Semiconductor).
package uart
