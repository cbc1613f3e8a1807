package ps2

import (
	"fmt"
	"strings"
)

// String returns what a mouse with this protocol has.
func (p Protocol) String() string {
	switch p {
	case ThreeBytes:
		return "3 buttons"
	case WithWheel:
		return "3 buttons and a wheel"
	case FiveButtons:
		return "5 buttons and a wheel"
	}
	return "?"
}

// names returns the names of the bits that are set in v, lowest first.
func names(v uint8, names ...string) string {
	var set []string
	for i, n := range names {
		if v>>i&1 != 0 {
			set = append(set, n)
		}
	}
	return strings.Join(set, " ")
}

// String returns the lights that are on: "num caps".
func (l LEDs) String() string { return names(uint8(l), "scroll", "num", "caps") }

// String returns the buttons that are down: "left middle".
func (b Buttons) String() string {
	return names(uint8(b), "left", "right", "middle", "back", "forward")
}

// String returns the event as traces show it: "x +3 y -1 wheel +0 [left]".
func (e MouseEvent) String() string {
	return fmt.Sprintf("x %+d y %+d wheel %+d [%v]", e.DX, e.DY, e.Wheel, e.Buttons)
}
