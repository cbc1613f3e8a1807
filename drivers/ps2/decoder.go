package ps2

// Decoder turns the bytes of a scan code set into events, one byte at a time.
//
// Bytes can get lost: a full ring, a cable, a keyboard plugged in late. The
// decoder is never confused for longer than one key: a prefix only reaches
// until the next byte that cannot follow it, and an unknown code is dropped
// with its prefixes.
//
// Pause is the oddest key. On the 84-key keyboard it was Ctrl with Num Lock, so
// it sends e1 and the codes of these two, down and up at once, and nothing when
// it is released:
//
//	set 1     e1 1d 45  e1 9d c5
//	set 2     e1 14 77  e1 f0 14 f0 77
type Decoder struct {
	Resyncs uint64 // prefixes that were dropped, as what followed made no sense
	Errors  uint64 // times that the keyboard said that it lost something
	Unknown uint64 // codes that belong to no key we know

	set     Set
	prefix  prefix
	release bool // set 2: f0 was seen
	pause   bool // after e1 and Ctrl: Ctrl was pressed, not released
}

// prefix is what has been seen of a sequence.
type prefix uint8

const (
	noPrefix  prefix = iota
	sawE0            // e0
	sawE1            // e1
	sawE1Ctrl        // e1, and Ctrl down or up
)

// NewDecoder returns a decoder for a set. Its zero state is between two keys.
func NewDecoder(s Set) Decoder { return Decoder{set: s} }

// Reset forgets the beginning of a sequence, when it is known that its end was
// lost.
func (d *Decoder) Reset() {
	d.prefix, d.release = noPrefix, false
}

// Waiting returns what has been seen of a sequence: "", "e0", "e1 ctrl", "e0 f0".
func (d *Decoder) Waiting() string {
	s := [...]string{"", "e0", "e1", "e1 ctrl"}[d.prefix&3]
	switch {
	case !d.release:
		return s
	case s == "":
		return "f0"
	}
	return s + " f0"
}

// Feed takes the next byte. ok tells whether it completes an event; Repeat is
// never set, as a decoder does not remember keys.
//
// Context: any; does not allocate.
func (d *Decoder) Feed(b uint8) (e Event, ok bool) {
	switch {
	case b == overrun1 || b == overrun2:
		d.Reset()
		d.Errors++
		return Event{Code: Lost}, true
	case b == prefixExtended || b == prefixPause:
		d.begin(b)
		return Event{}, false
	case b == prefixRelease && d.set == Set2:
		if d.release { // f0 f0: a number was lost in between
			d.Resyncs++
		}
		d.release = true
		return Event{}, false
	case d.set == Set2:
		e, ok = d.number(b, !d.release)
		d.release = false
		return e, ok
	}
	return d.number(b&^releaseBit, b&releaseBit == 0)
}

// begin starts a sequence. A pause sequence may be under way: e1 comes twice
// in it, and each half is complete in itself.
func (d *Decoder) begin(b uint8) {
	if d.prefix != noPrefix || d.release {
		d.Resyncs++
	}
	d.release = false
	d.prefix = sawE0
	if b == prefixPause {
		d.prefix = sawE1
	}
}

// number takes the byte that says which key it is.
func (d *Decoder) number(n uint8, pressed bool) (Event, bool) {
	scancode := uint16(n)
	seen := d.prefix
	d.prefix = noPrefix
	switch seen {
	case sawE0:
		scancode |= extended
	case sawE1:
		if d.set.lookup(scancode) == KeyLeftCtrl {
			d.prefix, d.pause = sawE1Ctrl, pressed
			return Event{}, false
		}
		d.Resyncs++
	case sawE1Ctrl:
		if d.set.lookup(scancode) == KeyNumLock && pressed == d.pause {
			return Event{Code: KeyPause, Pressed: pressed}, true
		}
		d.Resyncs++
	}
	if d.set.isFakeShift(scancode) {
		return Event{}, false
	}
	code := d.set.lookup(scancode)
	if code == None {
		d.Unknown++
		return Event{}, false
	}
	return Event{Code: code, Pressed: pressed}, true
}
