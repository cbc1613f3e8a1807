// Command tamago makes a Go that compiles for the bare machine out of the Go
// that is installed.
//
// Stock Go knows no GOOS=tamago. What it lacks is little: a runtime that asks
// a dozen hooks (package runtime/goos) instead of an operating system, a
// package syscall with nobody to call, and a go command that has heard of the
// name. This program copies the standard library's sources, changes what has
// to be changed, adds its own files, and builds cmd/go. Compiler, assembler
// and linker stay as they are. The result is a GOROOT in the user's cache:
//
//	$(tamago)/bin/go build          with GOOS=tamago GOARCH=amd64 GOOSPKG=vitrine/boot
//
// Read in this order:
//
//	derive.go       the steps, and how a half-made tree can never be used
//	edits.go        every change to the text of a stock file, as data
//	stdfiles.go     which stock files take part, as data
//	constraints.go  how their build constraints are rewritten
//	gocmd.go        cmd/go, the only tool that is rebuilt
//	_port/          the files that are added, laid out as in GOROOT/src
//
// docs/decisions/0001-derived-toolchain.md says why it is done in this way.
package main
