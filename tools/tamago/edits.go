package main

import (
	"fmt"
	"strings"
)

// edit replaces the one occurrence of Old in a stock file by New. Old is
// called the anchor. If it is not there exactly once, this is not the text
// that the edit was made for, and the derivation stops.
type edit struct {
	File    string // below GOROOT/src
	Purpose string // completes "so as to ..."
	Old     string
	New     string
}

// AnchorError says that an edit does not fit.
type AnchorError struct {
	edit  edit
	count int      // how often the anchor is there
	stock *stockGo // filled in by newPlan
}

func (e *AnchorError) Error() string {
	who, where := "this Go", e.edit.File
	if e.stock != nil {
		who, where = e.stock.version, e.stock.root+"/src/"+where
	}
	advice := fmt.Sprintf("Derive from a Go that is known to work, %s to %s, for instance with\nGOTOOLCHAIN=go%s.0 in the environment; or look at how the file has changed,\nand change the edit in tools/tamago/edits.go accordingly.", oldest, newest, newest)
	if e.stock != nil && e.stock.known() {
		advice = "Has the file been changed since Go was installed? Install it anew, or name\nanother with -goroot. If not, change the edit in tools/tamago/edits.go."
	}
	return fmt.Sprintf("an edit does not fit %s\nfile:    %s\npurpose: %s\nwanted:  once, found %s:\n%s\n%s",
		who, where, e.edit.Purpose, times(e.count), indent(e.edit.Old), advice)
}

func times(n int) string {
	if n == 0 {
		return "nowhere"
	}
	return fmt.Sprintf("%d times", n)
}

func indent(s string) string {
	return "\t| " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n\t| ")
}

// apply returns text with the edit made.
//
// Errors: *AnchorError.
func (e edit) apply(text string) (string, error) {
	if n := strings.Count(text, e.Old); n != 1 {
		return "", &AnchorError{edit: e, count: n}
	}
	return strings.Replace(text, e.Old, e.New, 1), nil
}

// applyEdits makes edits in t.
func applyEdits(t *tree, edits []edit) error {
	for _, e := range edits {
		b, err := t.read(e.File)
		if err != nil {
			// A file that is gone has the anchor nowhere.
			return &AnchorError{edit: e}
		}
		s, err := e.apply(string(b))
		if err != nil {
			return err
		}
		t.write(e.File, []byte(s), Edited, e.Purpose)
	}
	return nil
}

// platformEdits make GOOS=tamago GOARCH=amd64 a known pair. They go into the
// library and into cmd/go.
var platformEdits = []edit{
	{
		File:    "internal/syslist/syslist.go",
		Purpose: "know tamago in file names and build constraints",
		Old:     "\t\"solaris\":   true,\n\t\"wasip1\":",
		New:     "\t\"solaris\":   true,\n\t\"tamago\":    true,\n\t\"wasip1\":",
	},
	{
		File:    "internal/platform/zosarch.go",
		Purpose: "list tamago/amd64 among the platforms",
		Old:     "\t{\"solaris\", \"amd64\"},\n",
		New:     "\t{\"solaris\", \"amd64\"},\n\t{\"tamago\", \"amd64\"},\n",
	},
	{
		File:    "internal/platform/zosarch.go",
		Purpose: "give tamago/amd64 no cgo and no race detector",
		Old:     "\t{\"wasip1\", \"wasm\"}:     {},\n",
		New:     "\t{\"tamago\", \"amd64\"}:    {},\n\t{\"wasip1\", \"wasm\"}:     {},\n",
	},
}

// libraryEdits change the runtime and package net. The names that begin with
// goos, event or heap are in _port/runtime.
var libraryEdits = []edit{
	// Where the heap lies, and how finely it is cut, is said by runtime/goos
	// (_port/runtime/goosconst_*.go). The constants are 0 on other systems.
	{
		File:    "runtime/malloc.go",
		Purpose: "take HeapAddrBits from runtime/goos",
		Old:     "heapAddrBits = (_64bit*(1-goarch.IsWasm)*(1-goos.IsIos*goarch.IsArm64))*48 +",
		New:     "heapAddrBits = goosHeapAddrBits + (_64bit*(1-goarch.IsWasm)*(1-goos.IsTamago)*(1-goos.IsIos*goarch.IsArm64))*48 +",
	},
	{
		File:    "runtime/malloc.go",
		Purpose: "take LogHeapArenaBytes from runtime/goos",
		Old:     "logHeapArenaBytes = (6+20)*(_64bit*(1-goos.IsWindows)*(1-goarch.IsWasm)*",
		New:     "logHeapArenaBytes = goosLogHeapArenaBytes + (6+20)*(_64bit*(1-goos.IsWindows)*(1-goos.IsTamago)*(1-goarch.IsWasm)*",
	},
	{
		File:    "runtime/malloc.go",
		Purpose: "take ArenaBaseOffset from runtime/goos",
		Old:     "arenaBaseOffset = 0xffff800000000000*goarch.IsAmd64 +",
		New:     "arenaBaseOffset = goosArenaBaseOffset + 0xffff800000000000*goarch.IsAmd64*(1-goos.IsTamago) +",
	},
	{
		File:    "runtime/stack.go",
		Purpose: "take StackSystem from runtime/goos",
		Old:     "stackSystem = goos.IsWindows*4096 +",
		New:     "stackSystem = goosStackSystem + goos.IsWindows*4096 +",
	},

	// The heap's optional hooks (_port/runtime/os_tamago.go).
	{
		File:    "runtime/mem_sbrk.go",
		Purpose: "declare the hooks that let the kernel map the heap",
		Old:     "var memlock mutex\n",
		New: `var memlock mutex

// Hooks of a kernel, for GOOS=tamago; nil elsewhere. See mem_tamago.go.
var (
	heapGrow             func(addr, n uintptr) bool
	heapUnused, heapUsed func(addr, n uintptr)
)
`,
	},
	{
		File:    "runtime/mem_sbrk.go",
		Purpose: "tell the kernel which heap pages are free",
		Old:     "func sysUnusedOS(v unsafe.Pointer, n uintptr) {\n}",
		New:     "func sysUnusedOS(v unsafe.Pointer, n uintptr) {\n\tif heapUnused != nil {\n\t\theapUnused(uintptr(v), n)\n\t}\n}",
	},
	{
		File:    "runtime/mem_sbrk.go",
		Purpose: "tell the kernel which heap pages are in use again",
		Old:     "func sysUsedOS(v unsafe.Pointer, n uintptr) {\n}",
		New:     "func sysUsedOS(v unsafe.Pointer, n uintptr) {\n\tif heapUsed != nil {\n\t\theapUsed(uintptr(v), n)\n\t}\n}",
	},

	{
		File:    "runtime/mgcmark.go",
		Purpose: "let no goroutine outrun the collector beyond the memory limit",
		Old:     "\tif mp := getg().m; mp.locks > 0 || mp.preemptoff != \"\" {\n\t\treturn\n\t}\n",
		New:     "\tif mp := getg().m; mp.locks > 0 || mp.preemptoff != \"\" {\n\t\treturn\n\t}\n\twaitForCollector(gp)\n",
	},

	{
		File:    "runtime/mgcmark.go",
		Purpose: "let nobody mark in advance near the memory limit",
		Old:     "\tif scanWork < gcOverAssistWork {\n",
		New:     "\tif scanWork < gcOverAssistWork && !heapTight() {\n",
	},

	// Scheduling. There are no threads to spare: an M is a processor.
	{
		File:    "runtime/proc.go",
		Purpose: "start no monitor thread; the timer interrupt does its work",
		Old:     `const haveSysmon = GOARCH != "wasm"`,
		New:     `const haveSysmon = GOARCH != "wasm" && GOOS != "tamago"`,
	},
	{
		File:    "runtime/proc.go",
		Purpose: "let LockOSThread do nothing",
		Old:     "func dolockOSThread() {\n\tif GOARCH == \"wasm\" {",
		New:     "func dolockOSThread() {\n\tif GOARCH == \"wasm\" || GOOS == \"tamago\" {",
	},
	{
		File:    "runtime/proc.go",
		Purpose: "let UnlockOSThread do nothing",
		Old:     "func dounlockOSThread() {\n\tif GOARCH == \"wasm\" {",
		New:     "func dounlockOSThread() {\n\tif GOARCH == \"wasm\" || GOOS == \"tamago\" {",
	},
	{
		File:    "runtime/proc.go",
		Purpose: "start no template thread",
		Old:     `haveTemplateThread) == 0 && GOOS != "plan9" {`,
		New:     `haveTemplateThread) == 0 && GOOS != "plan9" && GOOS != "tamago" {`,
	},
	{
		File:    "runtime/proc.go",
		Purpose: "start a thread from any goroutine, also one that has called LockOSThread",
		Old:     "(gp.m.lockedExt != 0 || gp.m.incgo) && GOOS != \"plan9\" {",
		New:     "(gp.m.lockedExt != 0 || gp.m.incgo) && GOOS != \"plan9\" && GOOS != \"tamago\" {",
	},
	{
		File:    "runtime/proc.go",
		Purpose: "have the scheduler look for interrupt events at every pass",
		Old:     "\tnow, pollUntil, _ := pp.timers.check(0, nil)\n\n\t// Try to schedule the trace reader.",
		New:     "\teventPoll()\n\tnow, pollUntil, _ := pp.timers.check(0, nil)\n\n\t// Try to schedule the trace reader.",
	},
	{
		File:    "runtime/stack.go",
		Purpose: "take the processor from no goroutine that has interrupts off",
		Old:     "\tif preempt {\n\t\tif !canPreemptM(thisg.m) {",
		New:     "\tif preempt {\n\t\tif interruptsOff() || !canPreemptM(thisg.m) {",
	},
	// book:begin edit-hwinit1
	{
		File:    "runtime/asm_amd64.s",
		Purpose: "call Hwinit1 when the scheduler is ready",
		Old:     "\tCALL\truntime·schedinit(SB)\n",
		New:     "\tCALL\truntime·schedinit(SB)\n#ifdef GOOS_tamago\n\tCALL\truntime·hwinit1(SB)\n#endif\n",
	},
	// book:end edit-hwinit1

	// The jitter source of FIPS 140-3 mode, which nothing turns on here, has a
	// scratch buffer of 32 MiB in bss. scratchBits is in
	// _port/crypto/internal/entropy.
	{
		File:    "crypto/internal/entropy/v1.0.0/entropy.go",
		Purpose: "make the scratch buffer in bss small",
		Old:     "type ScratchBuffer [1 << 25]byte",
		New:     "type ScratchBuffer [1 << scratchBits]byte",
	},
	{
		File:    "crypto/internal/entropy/v1.0.0/entropy.go",
		Purpose: "stay in the small scratch buffer",
		Old:     "(1<<25 - 1)",
		New:     "(1<<scratchBits - 1)",
	},

	// The library's own tests ask this package what the system has.
	{
		File:    "internal/testenv/exec.go",
		Purpose: "tell tests that no process can be started",
		Old:     "\tcase \"wasip1\", \"js\", \"ios\":\n\tdefault:",
		New:     "\tcase \"wasip1\", \"js\", \"ios\", \"tamago\":\n\tdefault:",
	},

	// Package net has a loopback network in memory for js, which would make
	// programs believe that there is a network.
	{
		File:    "net/net_fake.go",
		Purpose: "let sockets fail with ENOSYS",
		Old:     "\tif raddr != nil && ctrlCtxFn != nil {\n\t\treturn nil, os.NewSyscallError(\"socket\", syscall.ENOTSUP)\n\t}\n\tswitch sotype {",
		New:     "\tif goos.IsTamago == 1 {\n\t\treturn nil, os.NewSyscallError(\"socket\", syscall.ENOSYS)\n\t}\n\tif raddr != nil && ctrlCtxFn != nil {\n\t\treturn nil, os.NewSyscallError(\"socket\", syscall.ENOTSUP)\n\t}\n\tswitch sotype {",
	},
	{
		File:    "net/net_fake.go",
		Purpose: "tell tamago from js and wasip1",
		Old:     "\t\"errors\"\n\t\"io\"\n\t\"os\"\n",
		New:     "\t\"errors\"\n\t\"internal/goos\"\n\t\"io\"\n\t\"os\"\n",
	},
}
