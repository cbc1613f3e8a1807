package multiboot

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

func TestDecodeRefusesAnUnknownMagic(t *testing.T) {
	var info Info
	require.ErrorIs(t, info.Decode(0x1bad_b002, at, memory{}), ErrMagic)
	require.Zero(t, info)
}

func TestDecode1RefusesInformationOutsideOfMemory(t *testing.T) {
	var info Info
	require.ErrorIs(t, info.Decode(Magic1, 0x1234, memory{at, make([]byte, 4096)}), ErrOutside)
}

func TestDecode1ReadsWhatQEMUWrites(t *testing.T) {
	var i info1
	i.loader("qemu")
	i.commandLine("build/vitrine.elf layout=de  noapic")
	i.memoryMap(
		entry(0, 0x9fc00, 1), entry(0x9fc00, 0x400, 2), entry(0xf0000, 0x10000, 2),
		entry(0x10_0000, 0x7ee_0000, 1), entry(0x7fe_0000, 0x2_0000, 2),
		entry(0xfffc_0000, 0x4_0000, 2),
	)
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, 1, info.Protocol)
	require.Equal(t, "qemu", info.Loader())
	require.Equal(t, "layout=de  noapic", info.CommandLine())
	require.Zero(t, info.Flaws)
	require.Equal(t, []Region{
		region(0, 0x9fc00, Usable), region(0x9fc00, 0xa0000, Reserved),
		region(0xf0000, 0x10_0000, Reserved), region(0x10_0000, 0x7fe_0000, Usable),
		region(0x7fe_0000, 0x800_0000, Reserved), region(0xfffc_0000, 0x1_0000_0000, Reserved),
	}, info.Regions())
	require.Equal(t, uint64(0x9fc00+0x7ee_0000), info.UsableBytes())
	require.Equal(t, mm.PhysAddr(0x7fe_0000), info.UsableEnd())
	require.Empty(t, info.RSDP())
	require.Equal(t, NoFramebuffer, info.Framebuffer.Kind)
}

func TestDecode1KeepsTheFirstWordOfOtherLoaders(t *testing.T) {
	var i info1
	i.loader("GRUB 2.06-13+deb12u1")
	i.commandLine("layout=de noapic")
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, "layout=de noapic", info.CommandLine())
}

func TestDecode1CutsStringsThatDoNotFit(t *testing.T) {
	var i info1
	i.loader(strings.Repeat("l", MaxName+1))
	i.commandLine(strings.Repeat("c", MaxCommandLine))
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("l", MaxName), info.Loader())
	require.Equal(t, strings.Repeat("c", MaxCommandLine), info.CommandLine())
	require.Equal(t, LongName|NoMap, info.Flaws)
}

func TestDecode1StopsAtTheEndOfMemoryInAnEndlessString(t *testing.T) {
	var i info1
	i.flag(flagCommandLine)
	i.set(16, i.put([]byte("endless")))
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, "endless", info.CommandLine())
	require.NotZero(t, info.Flaws&BadString)
}

func TestDecode1ReadsModules(t *testing.T) {
	var i info1
	i.flag(flagModules)
	name := i.text("initrd.cpio quiet")
	list := append(u32s(0x20_0000, 0x20_1234, name, 0), u32s(0x30_0000, 0x30_0000, 0, 0)...)
	list = append(list, u32s(0x40_0000, 0x3f_ffff, name, 0)...) // ends before it begins
	i.set(20, 3)
	i.set(24, i.put(list))
	info, err := i.decode()
	require.NoError(t, err)
	m := info.Modules()
	require.Len(t, m, 2)
	require.Equal(t, "initrd.cpio quiet", m[0].Name())
	require.Equal(t, mm.PhysRange{Start: 0x20_0000, End: 0x20_1234}, m[0].Range)
	require.Equal(t, "", m[1].Name())
	require.Zero(t, m[1].Range.Size())
	require.Equal(t, BadModule|NoMap, info.Flaws)
}

func TestDecode1LeavesOutModulesThatDoNotFit(t *testing.T) {
	var i info1
	i.flag(flagModules)
	var list []byte
	for n := range uint32(MaxModules + 1) {
		list = append(list, u32s(n<<20, n<<20+4096, 0, 0)...)
	}
	i.set(20, 0xffff_ffff)
	i.set(24, i.put(list))
	info, err := i.decode()
	require.NoError(t, err)
	require.Len(t, info.Modules(), MaxModules)
	require.NotZero(t, info.Flaws&TooManyModules)
}

func TestDecode1FallsBackToTheBasicMemorySizes(t *testing.T) {
	var i info1
	i.flag(flagMemory)
	i.set(4, 639)
	i.set(8, 64<<10)
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, NoMap, info.Flaws)
	require.Equal(t, []Region{region(0, 639<<10, Usable), region(1<<20, 65<<20, Usable)}, info.Regions())
}

func TestDecode1StopsAtAMapEntryWithoutSize(t *testing.T) {
	for _, size := range []uint32{0, 4, 19, 0xffff_ffff} {
		var i info1
		i.memoryMap(entry(0, 0x8_0000, 1), entry(0x10_0000, 0x10_0000, 1), entry(0x20_0000, 0x10_0000, 1))
		le.PutUint32(i.rest[24:], size)
		info, err := i.decode()
		require.NoError(t, err)
		require.Equal(t, BadMap, info.Flaws)
		require.Equal(t, []Region{region(0, 0x8_0000, Usable)}, info.Regions())
	}
}

func TestDecode1FollowsLargerMapEntries(t *testing.T) {
	var i info1
	i.memoryMap(append(entry(0, 0x8_0000, 1), 1, 2, 3, 4), append(entry(0x10_0000, 0x10_0000, 1), 5, 6, 7, 8))
	info, err := i.decode()
	require.NoError(t, err)
	require.Len(t, info.Regions(), 2)
	require.Zero(t, info.Flaws)
}

func TestDecode1StopsAtTheEndOfMemoryInAnEndlessMap(t *testing.T) {
	var i info1
	i.memoryMap(entry(0, 0x8_0000, 1))
	i.set(44, 0xffff_ffff)
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, BadMap, info.Flaws)
	require.Len(t, info.Regions(), 1)
	require.Equal(t, mm.PhysRange{Start: at + 116, End: at + 116 + 24}, info.InfoRanges()[1])
}

func TestDecode1NamesTheMemoryItRead(t *testing.T) {
	var i info1
	i.commandLine("abc")
	i.memoryMap(entry(0, 0x8_0000, 1))
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, []mm.PhysRange{
		{Start: at, End: at + 88},                         // the struct, without framebuffer
		{Start: at + 116, End: at + 120},                  // the command line
		{Start: at + 116 + 4, End: at + 116 + 4 + 4 + 20}, // the map
	}, info.InfoRanges())
}

func TestDecode1ReadsTheFramebuffer(t *testing.T) {
	var i info1
	i.flag(flagFramebuffer)
	i.set(88, 0xfd00_0000)
	i.set(96, 4096)
	i.set(100, 1024)
	i.set(104, 768)
	copy(i.head[108:], []byte{32, 1, 16, 8, 8, 7, 0, 6})
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, Framebuffer{
		Kind: RGB, Addr: 0xfd00_0000, Pitch: 4096, Width: 1024, Height: 768, BitsPerPixel: 32,
		Red: Channel{16, 8}, Green: Channel{8, 7}, Blue: Channel{0, 6},
	}, info.Framebuffer)
	require.Equal(t, mm.PhysRange{Start: 0xfd00_0000, End: 0xfd30_0000}, info.Framebuffer.Range())
}
