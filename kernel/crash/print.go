package crash

func (r *Reporter) byte(c byte) {
	if TextLen < len(Text) {
		Text[TextLen] = c
		TextLen++
	}
	if r.Put != nil {
		r.Put(c)
	}
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
