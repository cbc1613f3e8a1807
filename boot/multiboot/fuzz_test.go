package multiboot

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/mm"
)

// counting is memory that counts how often it is read.
type counting struct {
	memory
	reads int
}

func (c *counting) Bytes(a mm.PhysAddr, n uint64) ([]byte, bool) {
	c.reads++
	return c.memory.Bytes(a, n)
}

func checkAny(t *testing.T, magic uint32, data []byte) {
	mem := &counting{memory: memory{0, data}}
	var info Info
	if err := info.Decode(magic, 0, mem); err != nil {
		require.Zero(t, info)
		return
	}
	require.Less(t, mem.reads, 3*maxEntries+MaxModules*(MaxName+2)+MaxCommandLine)
	requireNormal(t, &info)
	require.LessOrEqual(t, len(info.CommandLine()), MaxCommandLine)
	for _, m := range info.Modules() {
		require.LessOrEqual(t, m.Range.Start, m.Range.End)
	}
	if f := &info.Framebuffer; f.Kind != NoFramebuffer {
		require.NotZero(t, f.Range().Size())
	}
	for _, f := range info.Flaws.Split() {
		require.NotEqual(t, "several things wrong", f.String())
	}
}

func FuzzDecode1(f *testing.F) {
	// Pointers in the seeds are relative to 0, where the fuzzer's memory is.
	var i info1
	i.loader("qemu")
	i.commandLine("vitrine.elf a=b")
	i.memoryMap(entry(0, 0x9fc00, 1), entry(0x10_0000, 0x10_0000, 1))
	i.flag(flagModules | flagFramebuffer)
	i.set(20, 1)
	i.set(24, uint32(at))
	for _, field := range []int{16, 24, 48, 64} {
		i.set(field, le.Uint32(i.head[field:])-uint32(at))
	}
	f.Add(i.memory().b)
	f.Fuzz(func(t *testing.T, data []byte) { checkAny(t, Magic1, data) })
}

func FuzzDecode2(f *testing.F) {
	f.Add(info2(
		tag2(tagCommandLine, text("a=b")), tag2(tagModule, u32s(0, 1), text("m")),
		tag2(tagMap, u32s(24, 0), entry(0, 0x9_fc00, 1), u32s(0)),
		tag2(tagFramebuffer, u32s(0x8000_0000, 0, 4096, 1024, 768), []byte{32, 1, 0, 0, 16, 8, 8, 8, 0, 8}),
		tag2(tagRSDP2, make([]byte, 36)),
	).b)
	f.Add(info2(tag2(tagEFIMap, u32s(48, 1), efiEntry(7, 0, 0x80)), tag2(tagMemory, u32s(640, 1024))).b)
	f.Fuzz(func(t *testing.T, data []byte) { checkAny(t, Magic2, data) })
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	var i info1
	i.loader("qemu")
	i.commandLine("vitrine.elf a=b")
	i.memoryMap(entry(0, 0x9fc00, 1), entry(0x8_0000, 0x10_0000, 2), entry(0x10_0000, 0x10_0000, 1))
	var mem1, mem2 Reader = i.memory(), info2(
		tag2(tagCommandLine, text("a=b")), tag2(tagModule, u32s(0, 1), text("m")),
		tag2(tagEFIMap, u32s(48, 1), efiEntry(7, 0, 0x80)),
	)
	info := new(Info)
	dst := make([]byte, 8)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_ = info.Decode(Magic1, at, mem1)
		_ = info.Decode(Magic2, at, mem2)
		_, _ = info.Lookup("a", dst)
		_ = info.Regions()
		_ = info.UsableBytes()
	}))
}
