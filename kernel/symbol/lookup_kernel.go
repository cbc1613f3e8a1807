//go:build tamago

package symbol

import "unsafe" // also for go:linkname

// funcInfo is the runtime's type of that name: a record and its module.
type funcInfo struct {
	record *struct{ entryOffset uint32 }
	_      unsafe.Pointer
}

// The runtime's own look-ups (Go 1.26 and 1.27), which allocate nothing.
// runtime.FuncForPC allocates where code was inlined.

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

//go:linkname funcname runtime.funcname
func funcname(f funcInfo) string

//go:linkname funcline1 runtime.funcline1
func funcline1(f funcInfo, pc uintptr, strict bool) (file string, line int32)

//go:linkname entry runtime.funcInfo.entry
func entry(f funcInfo) uintptr

// Lookup returns where pc lies; false if it is not in a Go function.
//
// Context: any, handlers included. It does not allocate.
func Lookup(pc uintptr) (p Place, ok bool) {
	f := findfunc(pc)
	if f.record == nil {
		return p, false
	}
	file, line := funcline1(f, pc, false) // strict throws for the bytes between functions
	return Place{Function: funcname(f), Offset: pc - entry(f), File: file, Line: int(line)}, true
}

// Function is Lookup without the file and the line, a thousand times faster
// where functions are long: the runtime has to decode their lines one by one.
//
// Context: any, handlers included. It does not allocate.
func Function(pc uintptr) (name string, start uintptr, ok bool) {
	f := findfunc(pc)
	if f.record == nil {
		return "", 0, false
	}
	return funcname(f), entry(f), true
}
