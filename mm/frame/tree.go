package frame

import (
	"math/bits"

	"vitrine/mm"
)

// maxLevels is enough for 2^42 frames. Physical addresses have at most 52
// bits, which is 2^40 frames (SDM Vol. 3A, "Enumeration of Paging Features by
// CPUID").
const maxLevels = 7

// tree is a set of frame numbers: bitmaps of bitmaps, drawn in the package's
// comment.
type tree struct {
	levels [maxLevels][]uint64 // levels[0] has the frames
	depth  int                 // levels in use; the last one has one word
}

// wordsFor returns how many words hold n bits.
func wordsFor(n uint64) int { return int((n + 63) / 64) }

// treeWords returns how many words a tree of the frames [0, top) needs.
func treeWords(top mm.Frame) int {
	sum := 0
	for n := wordsFor(uint64(top)); ; n = wordsFor(uint64(n)) {
		sum += n
		if n <= 1 {
			return sum
		}
	}
}

// init lays the levels out in storage, which is zero: the empty set.
func (t *tree) init(storage []uint64, top mm.Frame) {
	n := wordsFor(uint64(top))
	for t.depth = 0; ; n = wordsFor(uint64(n)) {
		t.levels[t.depth], storage = storage[:n], storage[n:]
		t.depth++
		if n <= 1 {
			return
		}
	}
}

// next returns the lowest frame of the set that is not below from.
//
// It climbs until it sees a set bit at or after the place where it stands, and
// then goes down again, always by the lowest bit.
func (t *tree) next(from mm.Frame) (f mm.Frame, ok bool) {
	at := uint64(from) // a bit's number in its level
	for level := 0; level < t.depth; level++ {
		words, w := t.levels[level], at/64
		if w >= uint64(len(words)) {
			return 0, false
		}
		if right := words[w] >> (at % 64) << (at % 64); right != 0 {
			at = w*64 + uint64(bits.TrailingZeros64(right))
			for level > 0 {
				level--
				at = at*64 + uint64(bits.TrailingZeros64(t.levels[level][at]))
			}
			return mm.Frame(at), true
		}
		at = w + 1 // nothing more in this word: go on after the bit above it
	}
	return 0, false
}

// add puts the frames of mask, bits of word w, into the set.
func (t *tree) add(w, mask uint64) {
	word := &t.levels[0][w]
	was := *word
	*word = was | mask
	if was == 0 && mask != 0 {
		t.mark(w)
	}
}

// mark sets the bits above word w, which is no longer zero.
func (t *tree) mark(w uint64) {
	for level := 1; level < t.depth; level++ {
		word := &t.levels[level][w/64]
		was := *word
		*word = was | 1<<(w%64)
		if was != 0 {
			return
		}
		w /= 64
	}
}

// remove takes the frames of mask, bits of word w, out of the set.
func (t *tree) remove(w, mask uint64) {
	word := &t.levels[0][w]
	*word &^= mask
	if *word == 0 {
		t.unmark(w)
	}
}

// unmark clears the bits above word w, which is zero.
func (t *tree) unmark(w uint64) {
	for level := 1; level < t.depth; level++ {
		word := &t.levels[level][w/64]
		*word &^= 1 << (w % 64)
		if *word != 0 {
			return
		}
		w /= 64
	}
}
