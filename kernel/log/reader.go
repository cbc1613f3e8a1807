package log

// A Reader follows a ring from its oldest record to its newest. The zero
// value cannot be used; make one with Ring.Reader. A Reader belongs to one
// goroutine.
type Reader struct {
	ring *Ring
	at   uint64 // offset of the next record, as Ring.head counts
	next uint64 // its number
	lost uint64
}

// Reader returns a reader that starts with the oldest record. Context: any.
func (r *Ring) Reader() Reader { return Reader{ring: r} }

// Record is one entry of the log. Its text lies in the record itself, so that
// reading needs no memory: a panicking kernel reads its log too.
type Record struct {
	Number uint64 // counts from 0
	Time   int64  // nanoseconds since boot
	Level  Level

	source, text int // lengths
	data         [MaxSource + MaxText]byte
}

// Source returns the part of the kernel that wrote the record.
func (r *Record) Source() string { return string(r.data[:r.source]) }

// Text returns what it said.
func (r *Record) Text() string { return string(r.data[r.source : r.source+r.text]) }

// Next copies the next record to rec. It returns false if there is none yet,
// or if the ring is locked by somebody whom this call interrupted. If records
// were overwritten before they could be read, Next goes on with the oldest and
// counts the others for Lost.
//
// Context: any. Does not allocate.
func (d *Reader) Next(rec *Record) bool {
	r := d.ring
	var header [headerSize]byte
	flags, ok := r.acquire()
	if !ok {
		return false
	}
	if d.at < r.tail {
		d.lost += r.oldest - d.next
		d.at, d.next = r.tail, r.oldest
	}
	if d.at == r.head {
		r.release(flags)
		return false
	}
	r.read(header[:], d.at)
	rec.source = min(int(header[3]), MaxSource)
	rec.text = min(int(header[0])|int(header[1])<<8, MaxText)
	r.read(rec.data[:rec.source+rec.text], d.at+headerSize)
	d.at += r.lengthAt(d.at)
	r.release(flags)

	rec.Number = d.next
	d.next++
	rec.Level = Level(header[2])
	rec.Time = 0
	for i, b := range header[4:] {
		rec.Time |= int64(b) << (8 * i)
	}
	return true
}

// Lost returns how many records this reader missed since it last asked.
func (d *Reader) Lost() uint64 {
	n := d.lost
	d.lost = 0
	return n
}
