package core

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// The notes of a core, as Linux writes them: elf_prstatus of linux/elfcore.h, with
// the user_regs_struct of x86's user_64.h. A note elf_prpsinfo, which names the
// program, is left out: it has room for 15 characters, and GDB would take
// "vitrine.debug.e" for another program.

type prStatus struct {
	Signal, Code, Errno   int32
	Current               int16
	_                     int16
	Pending, Held         uint64
	PID, PPID, PGRP, SID  int32
	_                     [8]uint64 // times
	R15, R14, R13, R12    uint64
	BP, BX                uint64
	R11, R10, R9, R8      uint64
	AX, CX, DX, SI, DI    uint64
	SystemCall            int64 // -1: none
	IP, CS, Flags, SP, SS uint64
	FSBase, GSBase        uint64
	DS, ES, FS, GS        uint64
	FloatingPoint, _      int32
}

// signals are what Linux would have sent for an exception. Of others, and of
// what is no exception but a panic, the signal is that of abort.
var signals = map[int]int32{
	0: sigFPE, 1: sigTRAP, 3: sigTRAP, 4: sigSEGV, 5: sigSEGV, 6: sigILL, 7: sigSEGV, 8: sigSEGV, 10: sigSEGV,
	11: sigBUS, 12: sigBUS, 13: sigSEGV, 14: sigSEGV, 16: sigFPE, 17: sigBUS, 18: sigBUS, 19: sigFPE,
}

const (
	sigILL  = 4
	sigTRAP = 5
	sigABRT = 6
	sigBUS  = 7
	sigFPE  = 8
	sigSEGV = 11
)

// signal returns the signal by which the program has ended, as a debugger shows
// it; 0 if it has not. first is the first thread.
func signal(first *thread) int32 {
	switch s := signals[first.vector]; {
	case !first.died:
		return 0
	case s != 0:
		return s
	}
	return sigABRT
}

// notes returns the core's notes.
func notes(threads []thread) []byte {
	var b bytes.Buffer
	sig := signal(&threads[0]) // all threads have it, as on Linux
	for i := range threads {
		t, c := &threads[i], threads[i].cpu
		note(&b, elf.NT_PRSTATUS, prStatus{
			Signal: sig, Current: int16(sig),
			PID: int32(t.index) + 1, PPID: 0, PGRP: 1, SID: 1,
			R15: t.R15, R14: t.R14, R13: t.R13, R12: t.R12, BP: t.BP, BX: t.BX,
			R11: t.R11, R10: t.R10, R9: t.R9, R8: t.R8,
			AX: t.AX, CX: t.CX, DX: t.DX, SI: t.SI, DI: t.DI, SystemCall: -1,
			IP: t.IP, CS: uint64(c.CS.Selector), Flags: t.Flags, SP: t.SP, SS: uint64(c.SS.Selector),
			FSBase: t.threadLocal(i), GSBase: c.GS.Base,
			DS: uint64(c.DS.Selector), ES: uint64(c.ES.Selector), FS: uint64(c.FS.Selector), GS: uint64(c.GS.Selector),
		})
	}
	return b.Bytes()
}

// note adds a note of Linux's.
func note(b *bytes.Buffer, typ elf.NType, content any) {
	const name = "CORE\x00\x00\x00\x00"
	binary.Write(b, binary.LittleEndian, [3]uint32{5, uint32(binary.Size(content)), uint32(typ)})
	b.WriteString(name)
	binary.Write(b, binary.LittleEndian, content) // sizes are multiples of 4
}
