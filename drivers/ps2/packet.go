package ps2

// Buttons is a set of mouse buttons.
type Buttons uint8

// The buttons. Back and Forward are on mice with five.
const (
	LeftButton    Buttons = 1 << 0
	RightButton   Buttons = 1 << 1
	MiddleButton  Buttons = 1 << 2
	BackButton    Buttons = 1 << 3
	ForwardButton Buttons = 1 << 4
)

// MouseEvent is a movement, and which buttons are down.
type MouseEvent struct {
	DX, DY  int16 // counts to the right and up, -256 to 255
	Wheel   int8  // notches towards the user, -8 to 7
	Buttons Buttons
}

// Protocol is how a mouse reports, told by its identity.
type Protocol uint8

// The protocols. The second and third are Microsoft's IntelliMouse, which a
// mouse speaks after a secret knock (Mouse.knock).
const (
	ThreeBytes  Protocol = 0 // movement and three buttons
	WithWheel   Protocol = 3
	FiveButtons Protocol = 4 // and a wheel
)

func (p Protocol) size() int {
	if p == ThreeBytes {
		return 3
	}
	return 4
}

// PacketDecoder turns a mouse's bytes into events.
//
//	           7      6      5      4      3      2      1      0
//	byte 0 | DY too | DX too | DY   | DX   |  1   |middle| right| left |
//	       |  far   |  far   | sign | sign |      |      |      |      |
//	byte 1 |                 DX, bits 7 to 0                           |
//	byte 2 |                 DY, bits 7 to 0                           |
//	byte 3 |  WithWheel: wheel, -8 to 7                                |
//	byte 3 |  0      0     forward  back |  FiveButtons: wheel         |
//
// Nothing in a packet tells for sure where it begins. Bit 3 of byte 0 is
// always set, and not every byte 3 is possible; with these two checks a decoder
// that has lost its place finds it again while the mouse moves about. A pause
// between bytes tells more: whoever feeds the decoder calls Reset then.
type PacketDecoder struct {
	Resyncs uint64 // bytes and packets that were dropped because they cannot be

	protocol Protocol
	packet   [4]uint8
	n        int
}

// NewPacketDecoder returns a decoder for a protocol.
func NewPacketDecoder(p Protocol) PacketDecoder { return PacketDecoder{protocol: p} }

// Reset makes the next byte the first of a packet.
func (d *PacketDecoder) Reset() {
	if d.n != 0 {
		d.Resyncs++
		d.n = 0
	}
}

// Waiting returns how many bytes of a packet have come.
func (d *PacketDecoder) Waiting() int { return d.n }

const alwaysSet uint8 = 1 << 3

// Feed takes the next byte. ok tells whether it completes a packet.
//
// Context: any; does not allocate.
func (d *PacketDecoder) Feed(b uint8) (e MouseEvent, ok bool) {
	if d.n == 0 && b&alwaysSet == 0 {
		d.Resyncs++
		return MouseEvent{}, false
	}
	d.packet[d.n&3] = b
	d.n++
	if d.n < d.protocol.size() {
		return MouseEvent{}, false
	}
	d.n = 0
	e, ok = d.decode()
	if !ok {
		d.Resyncs++
	}
	return e, ok
}

func (d *PacketDecoder) decode() (MouseEvent, bool) {
	flags := d.packet[0]
	e := MouseEvent{
		DX:      movement(d.packet[1], flags&(1<<4) != 0, flags&(1<<6) != 0),
		DY:      movement(d.packet[2], flags&(1<<5) != 0, flags&(1<<7) != 0),
		Buttons: Buttons(flags & 7),
	}
	last := d.packet[3]
	switch d.protocol {
	case WithWheel:
		e.Wheel = int8(last)
		return e, -8 <= e.Wheel && e.Wheel <= 7
	case FiveButtons:
		e.Wheel = int8(last<<4) >> 4
		e.Buttons |= Buttons(last >> 4 & 3 << 3)
		return e, last&0xc0 == 0
	}
	return e, true
}

// movement puts a 9-bit number together. If the mouse counted further than
// that, the number is as large as can be said.
func movement(low uint8, negative, tooFar bool) int16 {
	switch {
	case tooFar && negative:
		return -256
	case tooFar:
		return 255
	case negative:
		return int16(low) - 256
	}
	return int16(low)
}
