// Programs for the host can be built with the derived GOROOT, too: there are
// no interrupts there.

//go:build !tamago

package runtime

func eventPoll() {}

func interruptsOff() bool { return false }

func heapTight() bool { return false }

func waitForCollector(*g) {}
