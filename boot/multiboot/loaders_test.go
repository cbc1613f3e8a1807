package multiboot

import (
	_ "embed" // the dumps
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

// What loaders have left in memory, taken at the stub's first instruction:
// address and length, 8 bytes each, then the bytes; and so on.
var (
	//go:embed testdata/qemu.mem
	dumpQEMU string
	//go:embed testdata/grub1.mem
	dumpGRUB1 string
	//go:embed testdata/grub2.mem
	dumpGRUB2 string
	//go:embed testdata/grub2-uefi.mem
	dumpUEFI string
)

// pieces is memory with holes.
type pieces []memory

func (p pieces) Bytes(a mm.PhysAddr, n uint64) ([]byte, bool) {
	for _, m := range p {
		if b, ok := m.Bytes(a, n); ok {
			return b, true
		}
	}
	return nil, false
}

func parseDump(file string) pieces {
	var p pieces
	for b := []byte(file); len(b) >= 16; {
		n := le.Uint64(b[8:])
		p = append(p, memory{mm.PhysAddr(le.Uint64(b)), b[16:][:n]})
		b = b[16+n:]
	}
	return p
}

// mapBIOS is the memory of a PC with 64 MiB.
var mapBIOS = []Region{
	region(0, 0x9_fc00, Usable), region(0x9_fc00, 0xa_0000, Reserved), region(0xf_0000, 0x10_0000, Reserved),
	region(0x10_0000, 0x3fe_0000, Usable), region(0x3fe_0000, 0x400_0000, Reserved),
	region(0xfffc_0000, 0x1_0000_0000, Reserved), region(0xfd_0000_0000, 0x100_0000_0000, Reserved),
}

func TestDecodeReadsWhatRealLoadersWrote(t *testing.T) {
	for name, c := range map[string]struct {
		dump   string
		magic  uint32
		addr   mm.PhysAddr
		loader string
		module string
		at     mm.PhysAddr
		screen FramebufferKind
		rsdp   int
		uefi   bool
	}{
		"QEMU":              {dumpQEMU, Magic1, 0x9500, "qemu", "mod.txt initrd some file", 0x3d_d000, NoFramebuffer, 0, false},
		"GRUB, Multiboot 1": {dumpGRUB1, Magic1, 0x1_0000, "GRUB 2.06-13+deb12u2", `initrd "some file"`, 0x12_c000, EGAText, 0, false},
		"GRUB, Multiboot 2": {dumpGRUB2, Magic2, 0x10_03a8, "GRUB 2.06-13+deb12u2", `initrd "some file"`, 0x12_c000, RGB, 20, false},
		"GRUB, UEFI":        {dumpUEFI, Magic2, 0x2000, "GRUB 2.06-13+deb12u2", `initrd "some file"`, 0x1000, NoFramebuffer, 36, true},
	} {
		var i Info
		require.NoError(t, i.Decode(c.magic, c.addr, parseDump(c.dump)), name)
		require.Zero(t, i.Flaws, name)
		require.Equal(t, c.loader, i.Loader(), name)
		require.Equal(t, []string{"layout=de", "motd=hello, world", "noapic"}, i.Words().All(), name)
		require.Len(t, i.Modules(), 1, name)
		require.Equal(t, c.module, i.Modules()[0].Name(), name)
		require.Equal(t, mm.PhysRange{Start: c.at, End: c.at + 12}, i.Modules()[0].Range, name)
		require.Equal(t, c.screen, i.Framebuffer.Kind, name)
		require.Len(t, i.RSDP(), c.rsdp, name)
		requireNormal(t, &i)
		if !c.uefi {
			require.Equal(t, mapBIOS, i.Regions(), name)
			require.Zero(t, i.EFI, name)
			continue
		}
		require.Equal(t, 64, i.EFI.Bits)
		require.Len(t, i.Regions(), 17)
		require.Contains(t, i.Regions(), region(0x776_d000, 0x777_f000, ACPIReclaim))
		require.EqualValues(t, 128_106_496, i.UsableBytes())
	}
}
