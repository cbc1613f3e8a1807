//go:build tamago && derived

package kernel

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kinds of work that keep state where an interrupt might lose it. Each returns a
// number that is always the same; a hosted Go has computed it.
var kinds = []struct {
	name string
	work func() uint64
	want uint64
}{
	{"floating point in registers", floats, 0x40a9f1ba2e608c14},
	{"vector registers", vectors, 0x761c27cf754cb60c},
	{"string instructions", blocks, 0x46dfc032},
	{"strings and maps on the heap", words, 0xfa1ce00},
	{"stacks that grow and move", deep, 0x40a370185478ff33},
}

// floats keeps twelve numbers in registers, and calls nothing.
func floats() uint64 {
	a, b, c, d, e, f := 1.0, 2.0, 3.0, 4.0, 5.0, 6.0
	g, h, i, j, k, l := 7.0, 8.0, 9.0, 10.0, 11.0, 12.0
	for range 100_000 {
		a, b, c, d = a*0.5+b, b*0.25+c, c*0.125+d, d*0.0625+e
		e, f, g, h = e*0.75+f, f*0.375+g, g*0.1875+h, h*0.09375+i
		i, j, k, l = i*0.625+j, j*0.3125+k, k*0.15625+l, l*0.4375+1
	}
	return math.Float64bits(a + 3*b + 5*c + 7*d + 11*e + 13*f + 17*g + 19*h + 23*i + 29*j + 31*k + 37*l)
}

// vectors hashes, and searches, in ways for which the library uses SSE.
func vectors() uint64 {
	b := make([]byte, 20_000)
	for i := range b {
		b[i] = byte(i * 7)
	}
	for range 4 {
		sum := sha256.Sum256(b)
		copy(b, sum[:])
	}
	return binary.LittleEndian.Uint64(b) + uint64(strings.Count(string(b), "\x07"))
}

// blocks moves, clears and compares blocks that are long enough for REP MOVS and
// REP STOS.
func blocks() uint64 {
	b := make([]byte, 256<<10)
	for i := range b {
		b[i] = byte(i ^ i>>8)
	}
	half := len(b) / 2
	for n := range 8 {
		copy(b[half+n:], b[:half])  // forwards
		copy(b[n+1:], b[:half])     // backwards: the blocks overlap
		clear(b[n*1000 : n*1000+n]) // and a few short ones
		clear(b[half-5000 : half-n])
	}
	same := 0
	if slices.Equal(b[:5000], b[half:half+5000]) {
		same = 1
	}
	return uint64(crc32.ChecksumIEEE(b))<<1 | uint64(same)
}

// words makes garbage, and text out of what is none.
func words() uint64 {
	m := map[string]*int{}
	for i := range 800 {
		m["key "+strconv.Itoa(i*i)] = &i
	}
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b.WriteString(strings.ToUpper(k))
		b.WriteString(strconv.Itoa(*m[k]))
	}
	return uint64(crc32.ChecksumIEEE([]byte(strings.ReplaceAll(b.String(), "KEY", "value"))))
}

// deep recurses, with state in each frame.
func deep() uint64 { return math.Float64bits(descend(2000, 1)) }

//go:noinline
func descend(n int, x float64) float64 {
	if n == 0 {
		return x
	}
	var pad [8]float64
	for i := range pad {
		pad[i] = x / float64(n+i)
	}
	x = descend(n-1, x+pad[n%8])
	for i := range pad {
		x += pad[i] / float64(i+1)
	}
	return x
}
