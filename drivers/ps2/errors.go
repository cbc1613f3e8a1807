package ps2

// Error is what can be wrong with the controller or with a device.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// The errors of Controller.Init, Controller.Keyboard and Controller.Mouse.
const (
	ErrAbsent        Error = "ps2: there is no 8042 controller"
	ErrBusy          Error = "ps2: the 8042 controller takes no more bytes"
	ErrSilent        Error = "ps2: the 8042 controller does not answer"
	ErrSelfTest      Error = "ps2: the 8042 controller fails its self-test"
	ErrPortTest      Error = "ps2: the port fails its test"
	ErrNoSecondPort  Error = "ps2: the controller has one port only"
	ErrNoDevice      Error = "ps2: no device answers at this port"
	ErrDeviceTest    Error = "ps2: the device fails its self-test"
	ErrRefused       Error = "ps2: the device refuses a command"
	ErrNotKeyboard   Error = "ps2: the device at the first port is not a keyboard"
	ErrNotMouse      Error = "ps2: the device at the second port is not a mouse"
	ErrNotReady      Error = "ps2: Init has not run"
	ErrTooManyQueued Error = "ps2: too many commands wait for the device"
)
