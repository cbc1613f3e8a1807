package crash

import (
	"vitrine/kernel/symbol"
	"vitrine/mm"
)

// How many instructions before the one at fault are shown, and how many from
// there on.
const (
	instructionsBefore = 5
	instructionsAfter  = 4
)

// instructions writes the machine code around the interrupted instruction,
// which is marked: of a trap the one before.
func (r *Reporter) instructions() {
	if r.noFrame || r.Space == nil {
		return
	}
	pc := r.frame.IP
	r.detail = true
	// What is before it can only be found from the function's start on:
	// lengths differ, and nothing says where an instruction begins.
	trap := behind(&r.frame)
	_, start, ok := symbol.Function(uintptr(pc) - trap)
	if !ok || pc-uint64(start) > 64<<10 {
		start = uintptr(pc)
	}
	var recent [instructionsBefore]uint64 // a ring
	n := 0
	at := uint64(start)
	for at < pc {
		in, _ := r.decodeAt(at)
		if in.length == 0 {
			n = 0
			at = pc
			break
		}
		recent[n%len(recent)] = at
		n++
		at += uint64(in.length)
	}
	if at != pc { // data in the code: nothing before pc can be trusted
		n = 0
	}
	marked := pc
	if trap != 0 && n > 0 {
		marked = recent[(n-1)%len(recent)]
	}
	for i := max(0, n-len(recent)); i < n; i++ {
		r.lineAt(recent[i%len(recent)], marked)
	}
	at = pc
	for range instructionsAfter {
		length := r.lineAt(at, marked)
		if length == 0 {
			return
		}
		at += uint64(length)
	}
}

// lineAt writes the line about the instruction at pc, also on screens if it is the
// marked one, and returns its length.
func (r *Reporter) lineAt(pc, marked uint64) int {
	mark := "    "
	if pc == marked {
		mark = " -> "
		r.detail = false
	}
	length := r.instructionAt(pc, mark)
	r.detail = true
	return length
}

// frameless tells whether the function that pc is in has not saved its caller's
// frame pointer when it comes to pc: then its return address is on top of the
// stack, if it is a function at all.
func (r *Reporter) frameless(pc uint64) bool {
	const pushBP = 0x55
	_, start, ok := symbol.Function(uintptr(pc))
	if !ok {
		return true
	}
	const prologue = 64 // bytes in which Go's functions save it
	for at := uint64(start); at < min(pc, uint64(start)+prologue); {
		in, _ := r.decodeAt(at)
		if in.length == 0 || in.space == 1 && in.opcode == pushBP && in.rex == 0 {
			return false
		}
		at += uint64(in.length)
	}
	return true
}

// decodeAt decodes the instruction at pc, as far as it can be read; code is
// what can.
func (r *Reporter) decodeAt(pc uint64) (in instruction, code []byte) {
	n := uint64(0)
	for n < longest && r.codeReadable(pc+n) {
		n++
	}
	if n == 0 {
		return in, nil
	}
	code = mm.VirtAddr(pc).Bytes(n)
	return decode(code), code
}

// codeReadable tells whether the byte at a can be read. Only the first byte of
// a page needs a look; the others are like it.
func (r *Reporter) codeReadable(a uint64) bool {
	if a%mm.PageSize != 0 && r.readablePage == a/mm.PageSize+1 {
		return true
	}
	if !r.readable(a) {
		return false
	}
	r.readablePage = a/mm.PageSize + 1
	return true
}

// instructionAt writes a line about the instruction at pc and returns its
// length; 0 if there is none.
func (r *Reporter) instructionAt(pc uint64, mark string) int {
	in, code := r.decodeAt(pc)
	r.string(mark)
	r.hex64(pc)
	r.string("  ")
	if len(code) == 0 {
		r.string("cannot be read\n")
		return 0
	}
	n := in.length
	if n == 0 {
		n = 1 // not known: show where it begins
	}
	for _, b := range code[:n] {
		r.byte(digits[b>>4])
		r.byte(digits[b&15])
	}
	r.spaces(2*8 - 2*n + 2)
	if in.length == 0 {
		r.string("?")
	} else if !r.instruction(&in, pc) {
		r.string("(no name known)")
	}
	r.string("\n")
	return in.length
}
