// Package qemu starts a machine in QEMU, watches it, and never leaves it
// behind.
//
// A Machine has three lines to the outside, all of them sockets or pipes that
// were opened before QEMU started, so that there is nothing to wait for and
// nothing to clean up:
//
//	serial  COM1, as a stream with WaitFor (Stream)
//	QMP     QEMU's control protocol: keys, screen, power, registers (QMP)
//	log     the exceptions that the processor takes; the last 64 KiB are kept
//
// A machine that stops is frozen, not gone: QEMU is told to pause on reset and
// on power-off. So a triple fault, which on real hardware is a sudden reboot,
// can be explained: what was the first exception, where, and who called
// (Fault).
//
// However a run ends, it ends in a Result. However this process ends, QEMU ends
// too: it has a time limit, and the kernel of the host kills it when the thread
// that started it dies (prctl(2), PR_SET_PDEATHSIG). It runs in a session or
// process group of its own, so that a Ctrl-C in the terminal reaches this
// process first.
//
// Read Config, Start and Machine.Wait, in this order. Linux only.
package qemu
