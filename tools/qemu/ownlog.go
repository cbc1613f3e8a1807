package qemu

import "strings"

// logOptions takes the options -d ITEMS and -D FILE out of further arguments for
// QEMU. QEMU has one log and takes the last of each, so that with these nothing
// would be left of the log that tells a triple fault from a reset (log.go). What
// is asked for is logged in addition, and FILE gets all of it. items has a comma
// in front.
func logOptions(extra []string) (others []string, items, file string) {
	for i := 0; i < len(extra); i++ {
		option := strings.TrimPrefix(strings.TrimPrefix(extra[i], "-"), "-") // QEMU takes one and two
		if i+1 == len(extra) || option == extra[i] || option != "d" && option != "D" {
			others = append(others, extra[i])
			continue
		}
		value := extra[i+1]
		switch {
		case option == "D":
			file = value
		case value == "help": // a list, and QEMU ends
			others = append(others, extra[i], value)
		default:
			items += "," + value
		}
		i++
	}
	return others, items, file
}
