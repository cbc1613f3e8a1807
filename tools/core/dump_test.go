package core

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADumpHasProcessorsAndMemory(t *testing.T) {
	w := newWorld(t, 4)
	w.device = true
	for i := range uint64(3) {
		w.cpu(func(c *CPU) { c.IP, c.R15, c.KernelGSBase, c.GDT.Base = 0x1111*i, 0x2222*i, 0x3333*i, 0x4444*i })
	}
	w.put(0x3ff8, 0x0123_4567_89ab_cdef)
	m := w.machine()
	require.Len(t, m.CPUs, 3)
	require.Equal(t, uint64(0x2222), m.CPUs[2].IP)
	require.Equal(t, uint64(0x2222), m.CPUs[1].R15)
	require.Equal(t, uint64(0x6666), m.CPUs[2].KernelGSBase)
	require.Equal(t, uint64(0x8888), m.CPUs[2].GDT.Base)
	require.Len(t, m.RAM, 2)
	var b [8]byte
	require.NoError(t, m.readPhysical(b[:], 0x3ff8))
	require.Equal(t, uint64(0x0123_4567_89ab_cdef), binary.LittleEndian.Uint64(b[:]))
	require.NoError(t, m.readPhysical(b[:], deviceStart+pageSize-8))
	require.Equal(t, byte(0xdd), b[7])
	require.ErrorIs(t, m.readPhysical(b[:], 0x3ffc), errNoMemory)
}

// QEMU 7.2 writes 440 bytes.
func TestAProcessorsNoteIsAsLongAsQEMUs(t *testing.T) {
	require.Equal(t, 440, binary.Size(CPU{}))
}

func TestWhatIsNoDumpIsRefused(t *testing.T) {
	w := newWorld(t, 4)
	noCPU := w.dump()
	w.cpu(func(*CPU) {})
	whole := w.dump()
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("hello"), "no processor": noCPU, "cut off in the notes": whole[:400],
		"a program":     bytes.Replace(whole, []byte{4, 0, 62, 0}, []byte{2, 0, 62, 0}, 1),
		"newer version": bytes.Replace(whole, []byte("QEMU\x00\x00\x00\x00\x01"), []byte("QEMU\x00\x00\x00\x00\x02"), 1),
	} {
		_, err := ReadDump(bytes.NewReader(data))
		require.Error(t, err, name)
	}
}

// Whatever a dump says, it makes a core, or an error, in a moment.
func FuzzReadDump(f *testing.F) {
	w := newWorld(f, 8)
	w.cpu(func(*CPU) {})
	w.mapPage(0x1000, 0x2000, 12, writable)
	f.Add(w.dump())
	f.Add([]byte("\x7fELF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ReadDump(bytes.NewReader(data))
		if err != nil {
			return
		}
		s := newSpace(m, &m.CPUs[0])
		all, err := threads(m, nil, s, nil)
		require.NoError(t, err)
		require.Len(t, all, len(m.CPUs))
		size := uint64(0)
		for _, b := range m.RAM {
			size += b.Size
		}
		if size < 1<<20 {
			write(&memoryFile{}, m, s, all)
		}
	})
}
