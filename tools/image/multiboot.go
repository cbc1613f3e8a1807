package image

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A boot loader searches the first bytes of the file for the header, at
// multiples of its alignment (Multiboot Specification 0.6.96, "The layout of
// Multiboot header"; Multiboot2 Specification 2.0, the same title). Both
// headers carry a sum that makes their first words add up to zero.
const (
	magic1  uint32 = 0x1BADB002
	within1        = 8 << 10
	align1         = 4
	words1         = 3

	magic2  uint32 = 0xE85250D6
	within2        = 32 << 10
	align2         = 8
	words2         = 4
)

// findHeaders returns the offsets of the Multiboot headers in file; two is -1
// if there is no Multiboot 2 header anywhere.
//
// Errors: no Multiboot 1 header, or a header where a loader does not look.
func findHeaders(file []byte) (one, two int, err error) {
	one, two = find(file, magic1, align1, words1), find(file, magic2, align2, words2)
	switch {
	case one < 0:
		return 0, 0, errors.New("has no Multiboot 1 header (magic, flags, checksum; 4-byte aligned)")
	case one+words1*4 > within1:
		return 0, 0, fmt.Errorf("its Multiboot 1 header comes to lie at %#x in the file, not in the first 8 KiB", one)
	case two >= 0 && two+words2*4 > within2:
		return 0, 0, fmt.Errorf("its Multiboot 2 header comes to lie at %#x in the file, not in the first 32 KiB", two)
	}
	return one, two, nil
}

// find returns the offset of the first header that has the magic number and
// whose words add up to zero, or -1.
func find(file []byte, magic uint32, align, words int) int {
	for i := 0; i+words*4 <= len(file); i += align {
		if binary.LittleEndian.Uint32(file[i:]) != magic {
			continue
		}
		var sum uint32
		for w := range words {
			sum += binary.LittleEndian.Uint32(file[i+w*4:])
		}
		if sum == 0 {
			return i
		}
	}
	return -1
}
