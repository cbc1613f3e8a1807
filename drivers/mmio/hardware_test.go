package mmio_test

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/mmio"
	"vitrine/drivers/mmio/mmiotest"
	"vitrine/mm"
)

// memory is what the hardware tests use for a device.
func memory(t testing.TB) (*[4]uint64, mmio.Hardware) {
	words := &[4]uint64{0x1122_3344_5566_7788, 0x99aa_bbcc_ddee_ff00}
	t.Cleanup(func() { runtime.KeepAlive(words) })
	return words, mmio.Hardware{Base: mm.VirtAddr(uintptr(unsafe.Pointer(words)))}
}

func TestLoadsReadTheirWidthAtTheirOffset(t *testing.T) {
	_, h := memory(t)
	require.Equal(t, uint8(0x66), h.Load8(2))
	require.Equal(t, uint16(0x5566), h.Load16(2))
	require.Equal(t, uint32(0x1122_3344), h.Load32(4))
	require.Equal(t, uint64(0x99aa_bbcc_ddee_ff00), h.Load64(8))
}

func TestStoresWriteTheirWidthAndNothingElse(t *testing.T) {
	words, h := memory(t)
	h.Store64(16, ^uint64(0))
	h.Store64(24, ^uint64(0))
	h.Store8(17, 0x12)
	h.Store16(18, 0x3456)
	h.Store32(20, 0x789a_bcde)
	require.Equal(t, [4]uint64{
		0x1122_3344_5566_7788, 0x99aa_bbcc_ddee_ff00, 0x789a_bcde_3456_12ff, ^uint64(0),
	}, *words)
	h.Store64(24, 0x0123_4567_89ab_cdef)
	require.Equal(t, uint64(0x0123_4567_89ab_cdef), words[3])
}

func TestBytesIsTheMemoryItself(t *testing.T) {
	words, h := memory(t)
	b := mmio.Bytes(h.Base, 16)
	require.Len(t, b, 16)
	require.Equal(t, byte(0x77), b[1])
	b[15] = 0x42
	require.Equal(t, uint64(0x42aa_bbcc_ddee_ff00), words[1])
}

func TestAccessDoesNotAllocate(t *testing.T) {
	_, h := memory(t)
	var space mmio.Space = h
	require.Zero(t, testing.AllocsPerRun(100, func() {
		space.Store32(0, space.Load32(8))
		h.Store8(0, h.Load8(1))
		_ = mmio.Bytes(h.Base, 8)
	}))
}

func TestScriptedSpaceAnswersInOrderAndLogs(t *testing.T) {
	var seen []uint64
	s := &mmiotest.Space{
		Reads:   map[uint64][]uint64{0x10: {1, 2}},
		OnStore: func(offset, v uint64) { seen = append(seen, offset, v) },
	}
	require.Equal(t, uint32(1), s.Load32(0x10))
	require.Equal(t, uint8(2), s.Load8(0x10))
	require.Equal(t, uint64(2), s.Load64(0x10))
	require.Equal(t, uint16(0xffff), s.Load16(0x20))
	s.Store32(0x10, 0x41)
	s.Store8(0x18, 0x5)
	require.Equal(t, []string{"10<-00000041", "18<-05"}, s.Log)
	require.Equal(t, []uint64{0x10, 0x41, 0x18, 0x5}, seen)
}

func TestFakeMemoryAgreesWithTheHardware(t *testing.T) {
	_, h := memory(t)
	for _, s := range []mmio.Space{h, make(mmiotest.RAM, 32)} {
		s.Store64(0, 0x1122_3344_5566_7788)
		s.Store32(8, 0x99aa_bbcc)
		s.Store16(12, 0xddee)
		s.Store8(14, 0xff)
		require.Equal(t, uint64(0x1122_3344_5566_7788), s.Load64(0))
		require.Equal(t, uint32(0x3344_5566), s.Load32(2))
		require.Equal(t, uint16(0xbbcc), s.Load16(8))
		require.Equal(t, uint8(0xff), s.Load8(14))
	}
}
