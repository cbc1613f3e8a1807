package apic

import "strings"

// Errors is what went wrong with messages since the last look (SDM Vol. 3A,
// "Error Handling").
type Errors uint8

// Bits of Errors.
const (
	SendChecksum    Errors = 1 << 0
	ReceiveChecksum Errors = 1 << 1
	SendAccept      Errors = 1 << 2 // nobody took a message of ours
	ReceiveAccept   Errors = 1 << 3
	Redirectable    Errors = 1 << 4 // a message of kind Lowest, which it cannot send
	SendVector      Errors = 1 << 5 // vector 0 to 15 in a message of ours
	ReceiveVector   Errors = 1 << 6
	BadRegister     Errors = 1 << 7
)

var errorNames = [8]string{
	"send checksum", "receive checksum", "send accept", "receive accept",
	"redirectable", "send vector", "receive vector", "register",
}

// String lists the errors: "send accept, register", or "none".
func (e Errors) String() string {
	var names []string
	for i, name := range errorNames {
		if e>>i&1 != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// Errors returns the errors of this processor's controller since the last call,
// and forgets them. The register shows what had gathered when it was written.
//
// Context: interrupts off; a handler, too.
func (l *Local) Errors() Errors {
	l.write(regError, 0)
	return Errors(l.read(regError))
}
