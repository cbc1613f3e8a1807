// The size of the scratch buffer on systems that do not commit bss: 32 MiB.

//go:build !tamago

package entropy

const scratchBits = 25
