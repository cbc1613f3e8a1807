//go:build tamago

package start

import (
	"strings"
	_ "unsafe" // for go:linkname
)

//go:linkname argslice runtime.argslice
var argslice []string

//go:linkname envs runtime.envs
var envs []string

// setArgs makes os.Args of the words behind -- on the command line, and the
// environment of the words env=NAME=VALUE. (The runtime's own goenvs has run,
// and has left a name only.)
//
// Context: g0, with a heap.
func setArgs() {
	words := Info.Words()
	argslice = append([]string{"kernel"}, words.Args()...)
	for _, w := range words.All() {
		if v, ok := strings.CutPrefix(w, "env="); ok && strings.Contains(v, "=") {
			envs = append(envs, v)
		}
	}
}
