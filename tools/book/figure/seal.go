package figure

import (
	"fmt"
	"hash/crc32"
	"regexp"
)

// A live figure cannot be compared without a machine, and by its numbers not
// even with one. So each figure ends with a sum of what has been drawn, and what
// somebody has edited since then shows.

var sealed = regexp.MustCompile(`(?s)^(.*</svg>\n)<!-- drawn by vit book, sum ([0-9a-f]{8}) -->\n$`)

// seal adds the sum to a figure.
func seal(svg string) string {
	return fmt.Sprintf("%s<!-- drawn by vit book, sum %08x -->\n", svg, crc32.ChecksumIEEE([]byte(svg)))
}

// Untouched tells whether a figure is as it was drawn.
func Untouched(svg string) bool {
	m := sealed.FindStringSubmatch(svg)
	return m != nil && svg == seal(m[1])
}

// unsealed returns a figure without its sum.
func unsealed(svg string) string { return sealed.ReplaceAllString(svg, "$1") }
