package crash

// Event is something that a trace point has recorded.
type Event struct {
	Time         int64 // nanoseconds since boot
	Point, Stage string
	Args         [3]uint64
}

// Events is how many of the last events a report has.
const Events = 32

// events writes what the trace points have seen last.
func (r *Reporter) events() {
	if r.Event == nil {
		return
	}
	r.detail = true
	for i := range Events {
		e, ok := r.Event(i)
		if !ok {
			return
		}
		if i == 0 {
			r.string("the last trace events:\n")
		}
		r.string("  [")
		r.padded(uint64(e.Time)/1e9, 4)
		r.string(".")
		for d, us := uint64(100_000), uint64(e.Time)/1e3%1e6; d > 0; d /= 10 {
			r.byte(digits[us/d%10])
		}
		r.string("] ")
		r.string(e.Point)
		r.spaces(8 - len(e.Point))
		r.string(e.Stage)
		r.spaces(9 - len(e.Stage))
		for _, a := range e.Args {
			r.string(" ")
			r.hex(a)
		}
		r.string("\n")
	}
}

// log writes the part of the log that nobody has seen.
func (r *Reporter) log() {
	if r.Log != nil {
		r.detail = true
		r.Log()
	}
}

// Line writes b: a line of the log, from within Reporter.Log.
//
// Context: any; allocates nothing.
func (r *Reporter) Line(b []byte) { r.bytes(b) }
