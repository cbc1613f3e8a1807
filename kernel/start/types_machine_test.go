//go:build tamago

package start_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/cpu"
	"vitrine/kernel/start"
	"vitrine/mm"
	"vitrine/mm/paging"
)

func TestAFramebufferIsWriteCombining(t *testing.T) {
	const pat, at, n = 0x277, mm.PhysAddr(0xfd00_1000), 3<<20 + 5
	require.EqualValues(t, 0x01, cpu.ReadMSR(pat)>>8&0xff, "PAT entry 1")
	require.EqualValues(t, 0x00, cpu.ReadMSR(pat)>>24&0xff, "PAT entry 3, for devices")
	b, err := start.MapFramebuffer(at, n)
	require.NoError(t, err)
	require.Len(t, b, n)
	const types = paging.WriteThrough | paging.CacheDisable
	for v, want := range map[mm.VirtAddr]paging.Entry{
		at.Direct() - 1:     types,
		at.Direct():         paging.WriteCombining,
		at.Direct() + n:     paging.WriteCombining,
		at.Direct() + 3<<20: paging.WriteCombining,
		at.Direct() + 4<<20: types,
		mm.DirectMapBase:    0,
		start.Text().Start:  0,
	} {
		m, ok := start.Space.Next(v, v)
		require.True(t, ok)
		require.Equal(t, want, m.Flags&types, "%#x", v)
	}
	again, err := start.MapFramebuffer(at, n)
	require.NoError(t, err)
	require.Equal(t, &b[0], &again[0])
}
