// Package cpio reads archives of files.
//
// A boot loader can put any file into memory beside the kernel, a module. One
// that holds many files is made of records, each a header, a name and bytes,
// and a last record named TRAILER!!!:
//
//	0      6       14        54         62         94         102     110
//	| magic | inode | mode ... | file size | ...  | name size | check | name \0 pad | bytes pad |
//	 070701   8 hexadecimal digits each                               ^ 4-byte      ^ 4-byte
//	                                                                    boundaries    boundaries
//
// This is the format "newc", which Linux takes for its initramfs, so the usual
// tools make it (cpio -o -H newc). Text instead of binary numbers frees it from
// the byte order of any machine.
//
// A boot module is bytes that somebody else has written: no length is believed
// that does not lie within the archive, and nothing is copied but names.
//
// Read Files first. In GDB: break cpio.(*reader).next.
package cpio

import (
	"bytes"
	"iter"
	"time"

	"vitrine/mm"
)

// Magic is how an archive begins, and each record of it.
const Magic = "070701"

// trailer is the name of the last record.
const trailer = "TRAILER!!!"

// A header's fields of 8 digits, by their number.
const (
	fieldMode     = 1
	fieldModified = 5
	fieldSize     = 6
	fieldNameSize = 11
	fields        = 13

	headerSize = len(Magic) + 8*fields
)

// What can be wrong with an archive. (Constants: somebody may want a file before
// this package's variables have their values.)
const (
	ErrMagic     = mm.Error("cpio: no record where one should be")
	ErrHeader    = mm.Error("cpio: a field of a header is not a number")
	ErrName      = mm.Error("cpio: a name is empty or not terminated")
	ErrTruncated = mm.Error("cpio: the archive ends too early")
)

// Entry is a file or folder of an archive.
type Entry struct {
	Name     string
	Mode     uint32 // kind and rights, as in syscall.Stat_t
	Modified time.Time
	Data     []byte // part of the archive
}

// Files returns what is in an archive, in the order of its records. With an
// error the sequence ends; what came before is good.
//
// Errors: ErrMagic, ErrHeader, ErrName, ErrTruncated.
func Files(archive []byte) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for r := (reader{archive: archive}); ; {
			e, err := r.next()
			if err == nil && e.Name == trailer || !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// reader goes through an archive. What has been read lies before at.
type reader struct {
	archive []byte
	at      int
}

// next reads a record.
func (r *reader) next() (Entry, error) {
	header, ok := r.take(uint64(headerSize))
	switch {
	case !ok:
		return Entry{}, ErrTruncated
	case string(header[:len(Magic)]) != Magic:
		return Entry{}, ErrMagic
	}
	var field [fields]uint32
	for i := range field {
		digits := header[len(Magic)+8*i:]
		for _, c := range digits[:8] {
			d, ok := digit(c)
			if !ok {
				return Entry{}, ErrHeader
			}
			field[i] = field[i]<<4 | d
		}
	}
	name, ok := r.take(uint64(field[fieldNameSize]))
	if !ok {
		return Entry{}, ErrTruncated
	}
	end := bytes.IndexByte(name, 0)
	if end < 1 || end != len(name)-1 {
		return Entry{}, ErrName
	}
	r.align()
	data, ok := r.take(uint64(field[fieldSize]))
	if !ok {
		return Entry{}, ErrTruncated
	}
	r.align()
	return Entry{
		Name: string(name[:end]), Mode: field[fieldMode],
		Modified: time.Unix(int64(field[fieldModified]), 0), Data: data,
	}, nil
}

// take returns the next n bytes, if there are so many.
func (r *reader) take(n uint64) ([]byte, bool) {
	if n > uint64(len(r.archive)-r.at) {
		return nil, false
	}
	from := r.at
	r.at += int(n)
	return r.archive[from:r.at:r.at], true
}

// align moves to the next multiple of 4, or to the end.
func (r *reader) align() { r.at = min((r.at+3)&^3, len(r.archive)) }

func digit(c byte) (uint32, bool) {
	switch {
	case '0' <= c && c <= '9':
		return uint32(c - '0'), true
	case 'a' <= c && c <= 'f':
		return uint32(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return uint32(c-'A') + 10, true
	}
	return 0, false
}
