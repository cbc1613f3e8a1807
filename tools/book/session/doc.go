// Package session has the conversations that the book shows: with the kernel's
// shell over the serial line, with GDB, with the host's shell. It knows how to
// read one on a page, to have it anew, and whether the two are the same.
//
// Machines count instructions unless told otherwise, so that a conversation
// goes the same way each time. What varies all the same, or with each build of
// the kernel, is in pattern (match.go).
//
// Reading order: transcript.go, match.go, shell.go, gdb.go.
package session
