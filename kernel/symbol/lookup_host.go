//go:build !tamago

package symbol

import "runtime"

// Lookup returns where pc lies; false if it is not in a Go function.
func Lookup(pc uintptr) (p Place, ok bool) {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return p, false
	}
	file, line := f.FileLine(pc)
	return Place{Function: f.Name(), Offset: pc - f.Entry(), File: file, Line: line}, true
}

// Function is Lookup without the file and the line.
func Function(pc uintptr) (name string, start uintptr, ok bool) {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return "", 0, false
	}
	return f.Name(), f.Entry(), true
}
