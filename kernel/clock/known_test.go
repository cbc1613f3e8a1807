package clock

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type leaves map[uint32][4]uint32

func (l leaves) cpuid(leaf, _ uint32) (a, b, c, d uint32) {
	r := l[leaf]
	return r[0], r[1], r[2], r[3]
}

func TestTheRateIsKnownIfSomebodyTells(t *testing.T) {
	const guest = 1 << 31
	for name, test := range map[string]struct {
		leaves leaves
		want   uint64
	}{
		"nobody":            {leaves{0: {0xd}}, 0},
		"the processor":     {leaves{0: {0x16}, 0x15: {2, 250, 24_000_000}}, 3_000_000_000},
		"without a crystal": {leaves{0: {0x16}, 0x15: {2, 250, 0}}, 0},
		"without a ratio":   {leaves{0: {0x16}, 0x15: {0, 0, 24_000_000}}, 0},
		"an old processor":  {leaves{0: {0x14}, 0x15: {2, 250, 24_000_000}}, 0},
		"a hypervisor":      {leaves{0: {0xd}, 1: {2: guest}, leafHypervisor: {leafTiming}, leafTiming: {2_999_999}}, 2_999_999_000},
		"one that does not": {leaves{0: {0xd}, 1: {2: guest}, leafHypervisor: {leafHypervisor + 1}, leafTiming: {5}}, 0},
		"one that says 0":   {leaves{0: {0x15}, 1: {2: guest}, leafHypervisor: {leafTiming}, 0x15: {1, 100, 25_000_000}}, 2_500_000_000},
		"not a guest":       {leaves{0: {0xd}, leafHypervisor: {leafTiming}, leafTiming: {5}}, 0},
	} {
		require.Equal(t, test.want, KnownRate(test.leaves.cpuid), name)
	}
}

func TestInvarianceIsABit(t *testing.T) {
	require.True(t, Invariant(leaves{leafExtended: {leafPower}, leafPower: {3: 1 << 8}}.cpuid))
	require.False(t, Invariant(leaves{leafExtended: {leafPower}, leafPower: {3: 1 << 9}}.cpuid))
	require.False(t, Invariant(leaves{leafExtended: {leafPower - 1}, leafPower: {3: 1 << 8}}.cpuid))
}
