package crash

// reserved is what Keep leaves of Text for a report.
const reserved = 24 << 10

// Keep puts a byte that the runtime prints into Text. Of a Go panic the runtime
// prints the value and the stacks before the report begins; in Text they belong
// together.
//
// Context: any; allocates nothing.
func Keep(c byte) {
	if TextLen >= len(Text)-reserved {
		TextLen = 0
	}
	keep(c)
}

func keep(c byte) {
	if n := TextLen; n < len(Text) {
		Text[n] = c
		TextLen = n + 1
		if n+1 < len(Text) {
			Text[n+1] = 0 // the end, for GDB
		}
	}
}

func (r *Reporter) byte(c byte) {
	keep(c)
	switch {
	case r.detail && r.Detail != nil:
		r.Detail(c)
	case r.Put != nil:
		r.Put(c)
	}
}

// Foreign writes a byte that somebody else prints in the middle of the report:
// the runtime, in Trace.
//
// Context: any; allocates nothing.
func (r *Reporter) Foreign(c byte) { r.byte(c) }

func (r *Reporter) spaces(n int) {
	for range max(n, 1) {
		r.byte(' ')
	}
}

// padded writes v in decimal, right-aligned in so many columns.
func (r *Reporter) padded(v uint64, width int) {
	for limit := uint64(10); width > 1; limit *= 10 {
		if v < limit {
			r.byte(' ')
		}
		width--
	}
	r.decimal(v)
}

func (r *Reporter) string(s string) {
	for i := 0; i < len(s); i++ {
		r.byte(s[i])
	}
}

func (r *Reporter) bytes(b []byte) {
	for _, c := range b {
		r.byte(c)
	}
}

const digits = "0123456789abcdef"

// hex64 writes v as 16 hexadecimal digits.
func (r *Reporter) hex64(v uint64) {
	for i := 60; i >= 0; i -= 4 {
		r.byte(digits[v>>i&15])
	}
}

// hex writes v as 0x and as many digits as it takes.
func (r *Reporter) hex(v uint64) {
	r.string("0x")
	i := 60
	for i > 0 && v>>i == 0 {
		i -= 4
	}
	for ; i >= 0; i -= 4 {
		r.byte(digits[v>>i&15])
	}
}

func (r *Reporter) decimal(v uint64) {
	var b [20]byte
	i := len(b) - 1
	for b[i] = digits[v%10]; v >= 10; b[i] = digits[v%10] {
		v /= 10
		i--
	}
	r.bytes(b[i:])
}
