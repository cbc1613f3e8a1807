// Package systest tests the kernel from outside: it boots the real image in
// QEMU, types, looks at the screen and the serial line, and switches the
// machine off.
//
// A test boots a machine of its own, so it finds the kernel fresh, and says
// what it waits for rather than how long. Machines run one instruction a few
// nanoseconds of their own time (Config.Icount), whatever the host is doing;
// where a test turns that off it says why.
//
// Read boot_test.go first. The tests take minutes, so they run only if the
// environment variable VITRINE_TEST_SYSTEM is set; make test-system does that:
//
//	make test-system                      all of them
//	make test-system ARGS='-run Fault -v' some of them
package systest
