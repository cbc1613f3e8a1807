package core

import (
	"bytes"
	"encoding/binary"
)

// extraBase is where the core has a few pages that the machine has not: what
// the notes of a Linux core have no place for. The address is not canonical, so
// nothing of the machine's can be there.
//
// They begin with extraHeader and go on with a record for each thread, in the
// order of the threads' notes. scripts/gdb/vitrine/core.py reads them.
const extraBase = 0x2000_0000_0000_0000

type extraHeader struct {
	Magic   [8]byte // "VITRINE" and a zero
	Records uint64
}

// extraRecord is what else is known of a processor.
type extraRecord struct {
	// G is the current goroutine. Go looks for it below the FS base, where in
	// a processor that runs a handler stands the handler's; so a thread that
	// shows the interrupted program has its FS base behind this word.
	G uint64

	Thread, Inside      uint64 // its number; 1 if it shows an interrupted program
	CR0, CR2, CR3, CR4  uint64
	GDT, GDTLimit       uint64
	IDT, IDTLimit       uint64
	TR, TRBase, TRLimit uint64
	FSBase              uint64    // the processor's own
	Own                 Registers // likewise, while the report was written
}

const (
	extraHeaderSize = 16
	extraRecordSize = 15*8 + 18*8
)

// threadLocal returns the FS base for the i-th thread.
func (t *thread) threadLocal(i int) uint64 {
	if !t.inside {
		return t.cpu.FS.Base
	}
	return extraBase + extraHeaderSize + uint64(i)*extraRecordSize + 8
}

// extraPages returns the extra pages.
func extraPages(threads []thread) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, extraHeader{[8]byte{'V', 'I', 'T', 'R', 'I', 'N', 'E'}, uint64(len(threads))})
	for i := range threads {
		t, c := &threads[i], threads[i].cpu
		r := extraRecord{
			G: t.g, Thread: uint64(t.index) + 1,
			CR0: c.CR[0], CR2: c.CR[2], CR3: c.CR[3], CR4: c.CR[4],
			GDT: c.GDT.Base, GDTLimit: uint64(c.GDT.Limit), IDT: c.IDT.Base, IDTLimit: uint64(c.IDT.Limit),
			TR: uint64(c.TR.Selector), TRBase: c.TR.Base, TRLimit: uint64(c.TR.Limit), FSBase: c.FS.Base, Own: c.Registers,
		}
		if t.inside {
			r.Inside = 1
		}
		binary.Write(&b, binary.LittleEndian, r)
	}
	return append(b.Bytes(), make([]byte, -b.Len()&(pageSize-1))...)
}
