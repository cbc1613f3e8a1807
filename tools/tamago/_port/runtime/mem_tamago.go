// The heap, below the page allocator: a break that grows through memory that
// the kernel has set aside.

//go:build tamago

package runtime

import (
	"runtime/goos"
	"unsafe"
)

// ramEnd is the end of what the break may grow to: g0's stack is at the top.
var ramEnd uintptr

// heapinit sets the limits of the break. It begins behind the image's bss, or
// where goos.Bloc says.
func heapinit() {
	initBloc()
	if goos.Bloc != 0 {
		bloc = memRound(goos.Bloc)
	}
	blocMax = bloc
	ramEnd = getg().stack.lo &^ (physPageSize - 1)
}

// Three hooks, an extension of the contract, let the kernel map the heap as
// it grows. The kernel sets them in Hwinit0, by linkname; without them, all
// memory from the break to g0's stack must be there from the start. The
// variables are in mem_sbrk.go, which calls the last two.
//
//	heapGrow(addr, n) maps zeroed memory at addresses that the heap has not
//	had before, or returns false. It is called with memlock held: it must not
//	allocate from the heap.
//
//	heapUnused(addr, n) says that the contents of these whole pages do not
//	matter until heapUsed(addr, n); not all of them need to be mapped. Only
//	heap spans come here: what sysFree gives back stays in use by
//	mem_sbrk.go's own list of free blocks.

// sbrk moves the break by n bytes and returns its old place; nil if there is
// no memory. The caller holds memlock.
func sbrk(n uintptr) unsafe.Pointer {
	bl := bloc
	n = memRound(n)
	if n > ramEnd || bl+n < bl || bl+n > ramEnd {
		return nil
	}
	if bl+n > blocMax {
		// The runtime takes fresh memory for zeroed, which RAM is not.
		if heapGrow == nil {
			memclrNoHeapPointers(unsafe.Pointer(blocMax), bl+n-blocMax)
		} else if !heapGrow(blocMax, bl+n-blocMax) {
			return nil
		}
		blocMax = bl + n
	}
	bloc += n
	return unsafe.Pointer(bl)
}

// The memory limit is a soft one. While a collection marks, everybody goes on to
// allocate, and pays by marking, too; what the background workers have marked is
// credit that need not be paid for. So on several processors the heap grows until
// the last worker has got a processor and ended its work. An operating system has
// other memory behind the limit. Here there is none: gcAssistAlloc, which makes
// goroutines pay, is stricter near the limit.

// heapTight tells whether nobody may mark in advance, which would allow it to
// allocate several MiB later, without coming here again.
func heapTight() bool {
	return gcController.mappedReady.Load() > uint64(gcController.memoryLimit.Load())/2
}

// waitForCollector lets gp, the current goroutine, wait for the end of the marking
// if the heap would outrun its limit by an eighth when all processors take what
// gp is about to.
//
// gcAssistAlloc calls it where it may park.
func waitForCollector(gp *g) {
	limit := uint64(gcController.memoryLimit.Load())
	wanted := uint64(max(-gp.gcAssistBytes, 0)) * uint64(gomaxprocs)
	if gcController.mappedReady.Load()+wanted <= limit+limit/8 || interruptsOff() {
		return
	}
	gcWaitOnMark(work.cycles.Load())
}
