// Package symbol says which function, file and line an address of code belongs
// to. The linker has put the table into every Go program, for stack traces;
// here it also serves the panic report, which must not allocate.
package symbol

// Place is where an address of code lies in the source.
type Place struct {
	Function string  // with its package's path
	Offset   uintptr // from the function's first instruction
	File     string
	Line     int
}
