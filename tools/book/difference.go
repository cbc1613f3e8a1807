package book

import "strings"

// shownLines is how many lines of a difference are shown, of each side.
const shownLines = 12

// Difference shows where two texts differ: lines that stand there with -, those
// that should with +.
func Difference(have, want []string) string {
	from := 0
	for from < min(len(have), len(want)) && have[from] == want[from] {
		from++
	}
	same := 0
	for same < min(len(have), len(want))-from && have[len(have)-1-same] == want[len(want)-1-same] {
		same++
	}
	var out []string
	side := func(mark string, lines []string) {
		for i, line := range lines {
			if i == shownLines {
				out = append(out, "\t"+mark+" ...")
				break
			}
			out = append(out, "\t"+mark+line)
		}
	}
	if from > 0 {
		out = append(out, "\t "+have[from-1])
	}
	side("-", have[from:len(have)-same])
	side("+", want[from:len(want)-same])
	return strings.Join(out, "\n")
}
