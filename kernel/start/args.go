//go:build tamago

package start

import _ "unsafe" // for go:linkname

//go:linkname argslice runtime.argslice
var argslice []string

// setArgs makes os.Args of the words behind -- on the command line. (The
// runtime's own goenvs has run, and has left a name only.)
//
// Context: g0, with a heap.
func setArgs() {
	argslice = append([]string{"kernel"}, Info.Words().Args()...)
}
