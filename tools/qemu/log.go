package qemu

import (
	"regexp"
	"slices"
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
//
// The log has the lines of all processors. Each writes its lines between those
// of the others, and even the first part of an exception's line between theirs;
// only a list of registers is in one piece. Which processor it is, its TSS tells
// (TR): each has its own.
const (
	logSize    = 64 << 10
	tripleLine = "Triple fault"
	noneBefore = 0xffffffff
)

var (
	checkText = regexp.MustCompile(`check_exception old: 0x([0-9a-f]+) new 0x([0-9a-f]+)`)
	takenText = regexp.MustCompile(`\d+: v=([0-9a-f]+) e=([0-9a-f]+) i=(\d+) cpl=(\d) IP=[0-9a-f]+:[0-9a-f]+ pc=([0-9a-f]+) SP=[0-9a-f]+:([0-9a-f]+)(?: CR2=([0-9a-f]+))?`)
	register  = regexp.MustCompile(`\b([RE][A-Z0-9]{1,2}|CR[0-4]|EFER) ?=([0-9a-f]{8,16})\b`)
	dumpStart = regexp.MustCompile(`^[RE]AX=`)
	taskState = regexp.MustCompile(`^TR =[0-9a-f]+ ([0-9a-f]+) `)
)

// link is one exception or interrupt in the log.
type link struct {
	checked  bool   // there is a check_exception line: it is an exception
	old, new uint64 // from there
	taken    *taken // the line after that; nil if it was never taken
}

// taken is the state of the processor when it took an exception or interrupt.
type taken struct {
	vector, code uint64
	cpl          int
	pc, sp, cr2  uint64
	registers    map[string]uint64
	task         string // where the processor's TSS is; "" if that is not known
}

// parseTriple finds the chain of exceptions that led to the triple fault in
// log. It returns nil if there is none.
func parseTriple(log string) *Fault {
	links := ofOneProcessor(readLinks(log))
	first := len(links) - 1
	for first >= 0 && !(links[first].checked && links[first].old == noneBefore) {
		first--
	}
	if first < 0 {
		return nil
	}
	for first > 0 && ledTo(links[first-1], links[first]) {
		first--
	}
	f := &Fault{During: -1}
	for _, l := range links[first:] {
		if !l.checked {
			continue // another processor's, without its registers
		}
		e := Exception{Vector: uint8(l.new)}
		if l.taken != nil {
			e.Code, e.Double = l.taken.code, l.taken.vector == doubleFault && l.new != doubleFault
		}
		f.Chain = append(f.Chain, e)
	}
	if t := links[first].taken; t != nil {
		f.PC, f.SP, f.CR2, f.CPL, f.registers = t.pc, t.sp, t.cr2, t.cpl, t.registers
		if cr2, known := t.registers["CR2"]; known {
			f.CR2 = cr2
		}
	}
	if first > 0 && !links[first-1].checked && samePlace(links[first-1], links[first]) {
		f.During = int(links[first-1].taken.vector)
	}
	return f
}

// readLinks returns the exceptions and interrupts in log, up to the triple
// fault; none if there is no triple fault.
func readLinks(log string) []link {
	var links []link
	var dump []string // registers that belong to one of the links
	for line := range strings.Lines(log) {
		if register.MatchString(line) && !takenText.MatchString(line) || taskState.MatchString(line) {
			if dumpStart.MatchString(line) {
				giveRegisters(links, dump)
				dump = nil
			}
			dump = append(dump, line)
			continue
		}
		if strings.HasPrefix(line, tripleLine) {
			giveRegisters(links, dump)
			return links
		}
		checks, takens := checkText.FindAllStringSubmatch(line, -1), takenText.FindAllStringSubmatch(line, -1)
		if checks != nil || takens != nil {
			giveRegisters(links, dump)
			dump = nil
		}
		for _, m := range checks {
			links = append(links, link{checked: true, old: number(m[1]), new: number(m[2])})
		}
		for _, m := range takens {
			links = take(links, newTaken(m))
		}
	}
	return nil
}

// take adds that an exception or interrupt was taken: to the check that it was
// taken after, if it is an exception.
func take(links []link, t *taken) []link {
	for i := len(links) - 1; i >= 0; i-- {
		l := &links[i]
		if l.checked && l.taken == nil && (t.vector == l.new || t.vector == doubleFault) {
			l.taken = t
			return links
		}
	}
	return append(links, link{taken: t})
}

// giveRegisters gives a list of registers to the link whose they are: of those
// that have none yet the last one at that place. Lists that begin in the middle
// are nobody's.
func giveRegisters(links []link, dump []string) {
	registers, task := map[string]uint64{}, ""
	for _, line := range dump {
		readRegisters(line, registers)
		if m := taskState.FindStringSubmatch(line); m != nil {
			task = m[1]
		}
	}
	sp, known := registers["RSP"]
	if !known {
		sp = registers["ESP"]
	}
	for i := len(links) - 1; i >= 0 && len(dump) > 0; i-- {
		t := links[i].taken
		if t == nil || t.registers != nil || sp != t.sp {
			continue
		}
		if pc, known := registers["RIP"]; known && pc != t.pc {
			continue
		}
		t.registers, t.task = registers, task
		return
	}
}

// readRegisters adds to found what text tells of registers.
func readRegisters(text string, found map[string]uint64) {
	for _, m := range register.FindAllStringSubmatch(text, -1) {
		found[m[1]] = number(m[2])
	}
}

// ofOneProcessor returns those links that are of the processor that has taken
// the last double fault, or may be.
func ofOneProcessor(links []link) []link {
	task := ""
	for _, l := range links {
		if l.taken != nil && l.taken.vector == doubleFault {
			task = l.taken.task
		}
	}
	if task == "" {
		return links
	}
	return slices.DeleteFunc(links, func(l link) bool {
		return l.taken != nil && l.taken.task != "" && l.taken.task != task
	})
}

// ledTo tells whether the exception a was being delivered when b arose. The
// processor keeps count of that only for the exceptions that can become double
// faults (SDM Vol. 3A, "Interrupt 8-Double Fault Exception (#DF)", the table
// of classes); for the others the place tells: no handler has run in between.
func ledTo(a, b link) bool {
	benign := a.new < 32 && a.new != 0 && a.new != pageFault && (a.new < 10 || a.new > 13)
	return a.checked && benign && samePlace(a, b)
}

// samePlace tells whether a and b were taken at the same instruction and stack.
func samePlace(a, b link) bool {
	return a.taken != nil && b.taken != nil && a.taken.pc == b.taken.pc && a.taken.sp == b.taken.sp
}

// newTaken reads the groups of takenLine.
func newTaken(m []string) *taken {
	return &taken{
		vector: number(m[1]), code: number(m[2]), cpl: int(number(m[4])),
		pc: number(m[5]), sp: number(m[6]), cr2: number(m[7]),
	}
}

// number reads hexadecimal digits; what is none is 0.
func number(digits string) uint64 {
	n, _ := strconv.ParseUint(digits, 16, 64)
	return n
}
