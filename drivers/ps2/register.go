package ps2

// The 8042's two ports. The status is read and commands are written at the
// same one.
const (
	portData    uint16 = 0x60
	portStatus  uint16 = 0x64
	portCommand uint16 = 0x64
)

// status is what portStatus reads.
//
//	   7      6       5       4      3       2      1       0
//	|parity|timeout|second|unlocked|command|tested|input |output|
//	| error|       | port |        |       |      | full | full |
type status uint8

const (
	outputFull  status = 1 << 0 // a byte waits for us in portData
	inputFull   status = 1 << 1 // our last byte has not been taken yet
	fromSecond  status = 1 << 5 // the waiting byte is the mouse's
	timedOut    status = 1 << 6 // the device began a byte and did not end it
	parityError status = 1 << 7 // the byte was damaged on the wire

	floatingBus status = 0xff // nobody drives the bus: there is no controller
)

// config is the controller's configuration byte.
//
//	   7     6        5       4       3     2      1       0
//	|  0 |trans- | second | first |  0  |tested| second | first |
//	|    | late  |  off   |  off  |     |      |  IRQ   |  IRQ  |
type config uint8

const (
	firstIRQ  config = 1 << 0 // a byte of the first port raises IRQ 1
	secondIRQ config = 1 << 1 // a byte of the second port raises IRQ 12
	firstOff  config = 1 << 4 // the first port's clock is held: its device must wait
	secondOff config = 1 << 5
	translate config = 1 << 6 // scan codes of set 2 come out as set 1
)

// command is a byte for portCommand: it is for the controller itself.
type command uint8

const (
	readConfig    command = 0x20
	writeConfig   command = 0x60 // the configuration byte follows in portData
	disableSecond command = 0xa7
	enableSecond  command = 0xa8
	testSecond    command = 0xa9
	selfTest      command = 0xaa
	testFirst     command = 0xab
	disableFirst  command = 0xad
	enableFirst   command = 0xae
	fromFirst     command = 0xd2 // the next byte in portData comes back as the keyboard's
	toSecond      command = 0xd4 // the next byte in portData is for the mouse

	selfTestPassed uint8 = 0x55
	portTestPassed uint8 = 0x00
)

// What is written to portData, without a command before it, goes to the
// keyboard; after toSecond it goes to the mouse. Most of these mean the same
// to both.
const (
	devSetLEDs       uint8 = 0xed // keyboard; LEDs follow
	devSetResolution uint8 = 0xe8 // mouse; 0 to 3 follows: 1, 2, 4, 8 counts a millimetre
	devLinear        uint8 = 0xe6 // mouse: report counts as they are
	devScanCodeSet   uint8 = 0xf0 // keyboard; number of the set follows
	devIdentify      uint8 = 0xf2
	devTypematic     uint8 = 0xf3 // keyboard; delay and rate follow
	devSampleRate    uint8 = 0xf3 // mouse; packets a second follow
	devEnable        uint8 = 0xf4 // send what happens
	devDisable       uint8 = 0xf5
	devReset         uint8 = 0xff
)

// What a device answers.
const (
	ansAck        uint8 = 0xfa
	ansResend     uint8 = 0xfe // "I did not understand the last byte"
	ansTestPassed uint8 = 0xaa // after a reset, and after being plugged in
	ansTestFailed uint8 = 0xfc
)
