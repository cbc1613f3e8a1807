package shell

import "strings"

// Closest returns the word that somebody who typed s may have meant, or "".
func Closest(s string, words []string) string {
	best, least := "", min(2, len(s)/2)+1
	for _, w := range words {
		d := distance(s, w)
		if len(s) >= 2 && strings.HasPrefix(w, s) {
			d = 1
		}
		if d < least {
			best, least = w, d
		}
	}
	return best
}

// distance returns how many characters must be inserted, removed, replaced or
// swapped with their neighbour to turn a into b (the optimal string alignment
// distance).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			replace := d[i-1][j-1]
			if x[i-1] != y[j-1] {
				replace++
			}
			d[i][j] = min(replace, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
