package uart

// Error is an error of this package. A constant string needs no initialiser
// and no allocation, so it can be returned before the runtime is up.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors.
const (
	ErrAbsent Error = "uart: no 16550 answers at this port"
	ErrStuck  Error = "uart: the transmitter takes no bytes"
	ErrEmpty  Error = "uart: nothing received"
	ErrBaud   Error = "uart: the baud rate must be a divisor of 115200"
)
