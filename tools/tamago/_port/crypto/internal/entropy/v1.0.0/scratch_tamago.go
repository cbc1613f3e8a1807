// The size of the scratch buffer, which is in bss: one page.

//go:build tamago

package entropy

const scratchBits = 12
