package multiboot

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

func text(s string) []byte { return append([]byte(s), 0) }

func TestDecode2ReadsWhatGRUBWrites(t *testing.T) {
	rsdp := []byte("RSD PTR _______2345678901234567890ab")
	info, err := decode2(
		tag2(tagCommandLine, text("layout=de -- -v")),
		tag2(tagLoader, text("GRUB 2.06-13+deb12u1")),
		tag2(tagModule, u32s(0x20_0000, 0x20_1000), text("disk")),
		tag2(tagMemory, u32s(640, 1)),
		tag2(tagMap, u32s(24, 0),
			entry(0, 0x9_fc00, 1), u32s(0), entry(0x10_0000, 0x10_0000, 3), u32s(0), entry(0x20_0000, 0x10_0000, 1), u32s(0)),
		tag2(tagFramebuffer, u32s(0x8000_0000, 1, 4096, 1024, 768), []byte{32, 1, 0, 0, 16, 8, 8, 7, 0, 6}),
		tag2(tagEFI64, u32s(0x7ed_0018, 2)),
		tag2(tagEFIImage64, u32s(0x7ed_5678, 0)),
		tag2(tagEFIServices),
		tag2(tagRSDP1, rsdp[:20]),
		tag2(tagRSDP2, rsdp),
		tag2(0x1234_5678, []byte("unknown")),
	)
	require.NoError(t, err)
	require.Zero(t, info.Flaws)
	require.Equal(t, 2, info.Protocol)
	require.Equal(t, "layout=de -- -v", info.CommandLine())
	require.Equal(t, "GRUB 2.06-13+deb12u1", info.Loader())
	require.Len(t, info.Modules(), 1)
	require.Equal(t, "disk", info.Modules()[0].Name())
	require.Equal(t, mm.PhysRange{Start: 0x20_0000, End: 0x20_1000}, info.Modules()[0].Range)
	require.Equal(t, []Region{
		region(0, 0x9_fc00, Usable), region(0x10_0000, 0x20_0000, ACPIReclaim), region(0x20_0000, 0x30_0000, Usable),
	}, info.Regions())
	require.Equal(t, Framebuffer{
		Kind: RGB, Addr: 0x1_8000_0000, Pitch: 4096, Width: 1024, Height: 768, BitsPerPixel: 32,
		Red: Channel{16, 8}, Green: Channel{8, 7}, Blue: Channel{0, 6},
	}, info.Framebuffer)
	require.Equal(t, EFI{Bits: 64, SystemTable: 0x2_07ed_0018, ImageHandle: 0x7ed_5678, BootServices: true}, info.EFI)
	require.Equal(t, rsdp, info.RSDP())
}

func TestDecode2PrefersTheNewerRootPointerInAnyOrder(t *testing.T) {
	old, newer := []byte(strings.Repeat("o", 20)), []byte(strings.Repeat("n", 36))
	for _, tags := range [][][]byte{
		{tag2(tagRSDP1, old), tag2(tagRSDP2, newer)},
		{tag2(tagRSDP2, newer), tag2(tagRSDP1, old)},
	} {
		info, err := decode2(tags...)
		require.NoError(t, err)
		require.Equal(t, newer, info.RSDP())
	}
}

func TestDecode2RefusesAnImpossibleTotalSize(t *testing.T) {
	for size, want := range map[uint32]error{0: ErrSize, 7: ErrSize, 0xffff_ffff: ErrSize, 0x1000: ErrOutside} {
		m := info2()
		le.PutUint32(m.b, size)
		var info Info
		require.ErrorIs(t, info.Decode(Magic2, at, m), want, "%#x", size)
		require.Zero(t, info)
	}
	var info Info
	require.ErrorIs(t, info.Decode(Magic2, at, memory{at, make([]byte, 7)}), ErrOutside)
}

func TestDecode2StopsAtATagThatCannotBe(t *testing.T) {
	for _, size := range []uint32{0, 7, 0x100, 0xffff_fff9} {
		bad := tag2(99)
		le.PutUint32(bad[4:], size)
		info, err := decode2(tag2(tagCommandLine, text("before")), bad, tag2(tagLoader, text("after")))
		require.NoError(t, err)
		require.Equal(t, "before", info.CommandLine())
		require.Empty(t, info.Loader())
		require.Equal(t, BadTag|NoMap, info.Flaws)
	}
}

func TestDecode2ReadsShortTagsAsZeros(t *testing.T) {
	info, err := decode2(tag2(tagModule), tag2(tagMap), tag2(tagFramebuffer), tag2(tagRSDP2), tag2(tagEFIMap), tag2(tagMemory))
	require.NoError(t, err)
	require.Equal(t, BadMap|BadFramebuffer|NoMap, info.Flaws)
	require.Empty(t, info.Regions())
}

func efiEntry(kind uint32, start, pages uint64) []byte {
	b := u32s(kind, 0)
	b = le.AppendUint64(b, start)
	b = le.AppendUint64(b, 0)
	b = le.AppendUint64(b, pages)
	return append(b, make([]byte, 16)...) // attributes, and 8 bytes that later editions may add
}

func TestDecode2FallsBackToTheFirmwaresMap(t *testing.T) {
	efi := tag2(tagEFIMap, u32s(48, 1),
		efiEntry(4, 0, 0x80), efiEntry(7, 0x10_0000, 0x100), efiEntry(9, 0x20_0000, 1), efiEntry(10, 0x20_1000, 1),
		efiEntry(8, 0x20_2000, 1), efiEntry(6, 0x20_3000, 1), efiEntry(7, 0x30_0000, 1<<60))
	info, err := decode2(efi)
	require.NoError(t, err)
	want := []Region{
		region(0, 0x8_0000, Usable), region(0x10_0000, 0x20_0000, Usable), region(0x20_0000, 0x20_1000, ACPIReclaim),
		region(0x20_1000, 0x20_2000, ACPINVS), region(0x20_2000, 0x20_3000, Bad), region(0x20_3000, 0x20_4000, Reserved),
	}
	require.Equal(t, want, info.Regions())
	require.Equal(t, BadMap, info.Flaws)

	info, err = decode2(efi, tag2(tagMap, u32s(24, 0), entry(0, 0x4_0000, 1), u32s(0)))
	require.NoError(t, err)
	require.Equal(t, []Region{region(0, 0x4_0000, Usable)}, info.Regions(), "the loader's map comes first")
	require.Zero(t, info.Flaws)
}

func TestDecode2FallsBackToTheBasicMemorySizes(t *testing.T) {
	info, err := decode2(tag2(tagMemory, u32s(0xffff_ffff, 15<<10)))
	require.NoError(t, err)
	require.Equal(t, []Region{region(0, 640<<10, Usable), region(1<<20, 16<<20, Usable)}, info.Regions())
	require.Equal(t, NoMap, info.Flaws)
}

func TestDecode2RecognisesTheTextScreen(t *testing.T) {
	info, err := decode2(tag2(tagFramebuffer, u32s(0xb_8000, 0, 160, 80, 25), []byte{16, 2, 0, 0}))
	require.NoError(t, err)
	require.Equal(t, Framebuffer{Kind: EGAText, Addr: 0xb_8000, Pitch: 160, Width: 80, Height: 25, BitsPerPixel: 16}, info.Framebuffer)
}

func TestDecodeIgnoresFramebuffersThatCannotBe(t *testing.T) {
	good := func() []byte {
		return append(u32s(0x8000_0000, 0, 4096, 1024, 768), 32, 1, 0, 0, 16, 8, 8, 8, 0, 8)
	}
	for name, spoil := range map[string]func(b []byte){
		"no address":        func(b []byte) { le.PutUint32(b[0:], 0) },
		"address too large": func(b []byte) { le.PutUint32(b[4:], 1<<31) },
		"pitch too small":   func(b []byte) { le.PutUint32(b[8:], 4095) },
		"pitch too large":   func(b []byte) { le.PutUint32(b[8:], 0xffff_ffff) },
		"no width":          func(b []byte) { le.PutUint32(b[12:], 0) },
		"width too large":   func(b []byte) { le.PutUint32(b[12:], 0xffff_ffff) },
		"no height":         func(b []byte) { le.PutUint32(b[16:], 0) },
		"height too large":  func(b []byte) { le.PutUint32(b[16:], 0xffff_ffff) },
		"no bits":           func(b []byte) { b[20] = 0 },
		"too many bits":     func(b []byte) { b[20] = 64 },
		"unknown type":      func(b []byte) { b[21] = 3 },
		"red outside":       func(b []byte) { b[24] = 25 },
		"green missing":     func(b []byte) { b[27] = 0 },
		"blue outside":      func(b []byte) { b[29] = 255 },
	} {
		b := good()
		info, err := decode2(tag2(tagFramebuffer, b))
		require.NoError(t, err)
		require.Equal(t, RGB, info.Framebuffer.Kind)
		spoil(b)
		info, err = decode2(tag2(tagFramebuffer, b))
		require.NoError(t, err)
		require.Equal(t, Framebuffer{}, info.Framebuffer, name)
		require.NotZero(t, info.Flaws&BadFramebuffer, name)
	}
}
