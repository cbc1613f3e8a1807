package qemu

import (
	"regexp"
	"strconv"
	"strings"
)

// QEMU's log of exceptions (-d int) has, for each one taken,
//
//	check_exception old: 0xffffffff new 0xe
//	     1: v=0e e=0002 i=0 cpl=0 IP=0008:ffffffff802cb16d pc=... SP=... CR2=0000000000000010
//	RAX=0000000000000000 RBX=...           (all registers)
//
// The first line tells whether it arose while another was being delivered
// (old). When that happens twice in a row, the processor gives up:
//
//	check_exception old: 0xe new 0xd       #GP while delivering #PF: becomes #DF
//	     2: v=08 ...
//	check_exception old: 0x8 new 0xd       #GP while delivering #DF
//	Triple fault
const (
	logSize    = 64 << 10
	tripleLine = "Triple fault"
	noneBefore = 0xffffffff
)

var (
	checkLine = regexp.MustCompile(`^check_exception old: 0x([0-9a-f]+) new 0x([0-9a-f]+)`)
	takenLine = regexp.MustCompile(`^\s*\d+: v=([0-9a-f]+) e=([0-9a-f]+) i=(\d+) cpl=(\d) IP=[0-9a-f]+:[0-9a-f]+ pc=([0-9a-f]+) SP=[0-9a-f]+:([0-9a-f]+)(?:.*CR2=([0-9a-f]+))?`)
	register  = regexp.MustCompile(`\b(R[A-Z0-9]{1,2}|RIP|CR[0-4]) ?=([0-9a-f]{8,16})\b`)
)

// taken is one exception or interrupt in the log.
type taken struct {
	vector, code uint64
	cpl          int
	pc, sp, cr2  uint64
	registers    map[string]uint64
}

// parseTriple finds the chain of exceptions that led to the triple fault in
// log. It returns nil if there is none.
func parseTriple(log string) *Fault {
	lines := strings.Split(log, "\n")
	end := -1
	for i, line := range lines {
		if strings.HasPrefix(line, tripleLine) {
			end = i
			break
		}
	}
	if end < 0 {
		return nil
	}
	f := Fault{During: -1}
	var (
		last    *taken // what was taken most recently
		before  *taken // what was taken before the chain began
		pending uint64 // the vector that the latest check_exception announced
	)
	for _, line := range lines[:end] {
		if m := checkLine.FindStringSubmatch(line); m != nil {
			pending = number(m[2])
			if number(m[1]) == noneBefore {
				f.Chain = nil
				before = last
			}
			f.Chain = append(f.Chain, Exception{Vector: uint8(pending)})
			continue
		}
		if m := takenLine.FindStringSubmatch(line); m != nil {
			last = newTaken(m)
			if n := len(f.Chain); n > 0 && last.vector == pending {
				f.Chain[n-1].Code = last.code
			}
			if len(f.Chain) == 1 && last.vector == pending {
				f.PC, f.SP, f.CR2, f.CPL = last.pc, last.sp, last.cr2, last.cpl
				f.During, f.registers = interrupted(before, last.pc), last.registers
			}
			continue
		}
		if last != nil {
			for _, m := range register.FindAllStringSubmatch(line, -1) {
				last.registers[m[1]] = number(m[2])
			}
		}
	}
	if len(f.Chain) == 0 {
		return nil
	}
	return &f
}

// interrupted returns the vector of t if it is that of an interrupt taken at
// pc, where an exception then struck: it was being delivered. Else -1.
func interrupted(t *taken, pc uint64) int {
	if t == nil || t.vector < 32 || t.pc != pc {
		return -1
	}
	return int(t.vector)
}

// newTaken reads the groups of takenLine.
func newTaken(m []string) *taken {
	return &taken{
		vector: number(m[1]), code: number(m[2]), cpl: int(number(m[4])),
		pc: number(m[5]), sp: number(m[6]), cr2: number(m[7]),
		registers: map[string]uint64{},
	}
}

// number reads hexadecimal digits; what is none is 0.
func number(digits string) uint64 {
	n, _ := strconv.ParseUint(digits, 16, 64)
	return n
}
