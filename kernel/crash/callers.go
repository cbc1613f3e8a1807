package crash

import (
	"vitrine/interrupts"
	"vitrine/kernel/symbol"
	"vitrine/mm"
)

// How many callers are shown at most, as the frame pointers may be a circle; how
// many of them, and how many other processors, on a screen, which has 25 lines.
const (
	maxFrames       = 32
	callersOnScreen = 3
	othersOnScreen  = 2
)

// trace writes the runtime's stack trace, with arguments and goroutines. A Go
// panic has printed its own.
func (r *Reporter) trace() {
	if r.panics || r.Trace == nil || r.g == 0 {
		return
	}
	r.detail = true
	r.Trace(r.g, uintptr(r.frame.IP)-behind(&r.frame), uintptr(r.frame.SP))
}

// callers writes who called whom, along the frame pointers, a line each.
func (r *Reporter) callers() {
	if r.noFrame {
		return
	}
	r.string("called by:\n")
	r.chain(&r.frame, callersOnScreen)
}

// chain writes the callers of f's place, the first of them also on screens.
func (r *Reporter) chain(f *interrupts.Frame, brief int) {
	if r.frameless(f.IP-uint64(behind(f))) && f.SP&7 == 0 && r.readable(f.SP) {
		caller := *(*uint64)(mm.VirtAddr(f.SP).Pointer())
		if _, _, ok := symbol.Function(uintptr(caller)); ok {
			r.detail = r.detail || brief == 0
			r.string("    ")
			r.short(uintptr(caller) - 1)
			r.string("\n")
			brief--
		}
	}
	bp := f.BP
	for i := range maxFrames {
		if bp&7 != 0 || !r.readable(bp) || !r.readable(bp+8) {
			return
		}
		record := (*[2]uint64)(mm.VirtAddr(bp).Pointer())
		if record[1] == 0 {
			return
		}
		r.detail = r.detail || i >= brief
		r.string("    ")
		r.short(uintptr(record[1]) - 1) // the call, not what follows it
		r.string("\n")
		if record[0] <= bp { // callers' frames lie above
			return
		}
		bp = record[0]
	}
}

// readable tells whether the 8 bytes at a, aligned, can be read.
func (r *Reporter) readable(a uint64) bool {
	if r.Space == nil || mm.VirtAddr(a) < mm.UserEnd {
		return false
	}
	_, err := r.Space.Translate(mm.VirtAddr(a))
	return err == nil
}

// others writes where the other processors were.
func (r *Reporter) others() {
	if r.Others == nil {
		return
	}
	shown := 0
	for i := range interrupts.MaxCPUs {
		f, stopped, ok := r.Others(i)
		if !ok {
			continue
		}
		r.detail = shown >= othersOnScreen
		shown++
		r.string("processor ")
		r.decimal(uint64(i))
		if !stopped {
			r.string(" did not stop\n")
			continue
		}
		r.string(" was in ")
		r.short(uintptr(f.IP))
		r.string("\n")
		r.detail = true
		if f.Vector != interrupts.NMI { // nobody has stopped it
			r.string("    and wanted to report ")
			r.name(f)
			r.string("\n")
		}
		r.chain(f, 0)
	}
}
