// Package ps2 is how a finger reaches the kernel: the 8042 controller, the
// keyboard and the mouse behind it.
//
// A key press travels through stages. Each is a type of its own, can be fed by
// hand in a test, and can be watched while the machine runs:
//
//	device --serial clock--> 8042 --IRQ 1, IRQ 12--> Controller.Interrupt
//	                                                       | a byte
//	                                                      ring
//	                                                       | a byte
//	  answers to our commands <-- sender <-- port.receive --
//	                                                       | a scan code byte
//	                                                    Decoder
//	                                                       | Event: which key, up or down
//	                                             kernel/keymap (which character)
//
// The part above the ring runs in the interrupt handler, the part below it in
// a goroutine that calls Keyboard.Events. The mouse takes the same way through
// a ring and a PacketDecoder of its own.
//
// There are two to talk to: the 8042, a small processor on the main board with
// two ports and commands of its own (register.go), and the devices behind it,
// to which it passes bytes on (device.go).
//
// Reading order: Controller.Init, which is a list of what happens in which
// order; Controller.Interrupt; Keyboard.Events; Decoder.Feed. In GDB: break
// ps2.(*Controller).Interrupt.
//
// Sources: IBM PS/2 Hardware Interface Technical Reference: Common Interfaces,
// "Keyboard and Auxiliary Device Controller", "Keyboard" and "Mouse"; Microsoft,
// "Keyboard Scan Code Specification".
//
// Locking: Controller.mu keeps the bytes of one command together on their way
// to the 8042; port.mu protects what lies below the ring. port.mu is taken
// first. The interrupt handler takes neither.
package ps2
